"""A draft run on the figures of a chosen period, or on assumed ones. Nothing is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from changai.areas.facts.models import Field
from changai.areas.facts.queries import gathered
from changai.areas.organisations.models import Group, Unit
from changai.areas.organisations.queries import open_units
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.queries.versions import scheme_of
from changai.areas.schemes.rules import LEVEL_OF_CATEGORY, judged_items
from changai.areas.schemes.rules.trial import Trial, UnitTrial, trial_of, units_of
from changai.core import burden, scoring
from changai.core.errors import Invalid
from changai.core.periods import Month
from changai.core.scoring.statuses import Status
from changai.core.scoring.whatif import with_facts

# Judged points nobody has given yet are assumed at this share of what may be given; None leaves them open.
SHARES: Mapping[str, Fraction | None] = {
    "full": Fraction(1), "high": Fraction(4, 5), "middle": Fraction(3, 5), "open": None,
}  # fmt: skip

Assumed = Mapping[tuple[str, str], Any]


@dataclass(frozen=True)
class Terms:
    """On what a trial runs: the figures of these months, judged points at a share."""

    first: Month
    last: Month
    judged: str = "high"


@dataclass(frozen=True)
class Run:
    """One table of a version, run; `faults` say why it could not be."""

    version: SchemeVersion
    category: str
    trial: Trial | None
    card: scoring.Scorecard | None
    burdens: tuple[str, ...]
    faults: tuple[str, ...] = ()


def trial_units(category: str, last: Month) -> list[Unit]:
    """Return the units a table is for: the group of its name, else the level, as they stood at the month's end."""
    standing = open_units(on=last.last_on).order_by("position", "code", "pk")
    group = Group.objects.filter(name=category).first()
    if group:
        return list(standing.filter(groups=group))
    level = LEVEL_OF_CATEGORY.get(category)
    return list(standing.filter(level=level)) if level else []


def run_table(
    version: SchemeVersion,
    category: str,
    terms: Terms,
    *,
    units: Sequence[Unit],
    assumed: Assumed | None = None,
) -> Run:
    """Return one table of a version run on the figures of a period with assumed ones put in.

    Faults of the draft or of figures are told in the run: a trial is there to find them.
    """
    scheme = scheme_of(version)
    table = scheme.tables.get(category)
    if table is None:
        return Run(version, category, None, None, (), (f"{version.version_label} 版没有“{category}”表。",))
    burdens = tuple(each.message() for each in burden.scheme_findings(_alone(scheme, category)))
    try:
        facts = trial_facts(table, terms, units, assumed or {})
        card = scoring.score(_alone(scheme, category), category, facts)
    except scoring.Refused as refused:
        return Run(version, category, None, None, burdens, _told(refused, units))
    return Run(version, category, trial_of(card, _sources(table)), card, burdens)


def _alone(scheme: scoring.Scheme, category: str) -> scoring.Scheme:
    return replace(scheme, tables={category: scheme.tables[category]})


def _told(refused: scoring.Refused, units: Sequence[Unit]) -> tuple[str, ...]:
    names = {unit.code: unit.name for unit in units}
    told = []
    for finding in refused.findings:
        message = finding.message()
        told.append(
            message.replace(finding.unit, names.get(finding.unit, finding.unit), 1)
            if finding.unit
            else message
        )
    return tuple(told)


def trial_facts(table: scoring.Table, terms: Terms, units: Sequence[Unit], assumed: Assumed) -> scoring.Facts:
    """Return the figures a table reads: those of the period, judged points at the assumed share, assumed ones.

    :raises FactsRefused: when an assumed one is no figure
    """
    judged = {item.field: item for item in judged_items(table)}
    codes = [code for code in table.fields() if code not in judged]
    figures = gathered([unit.pk for unit in units], codes, terms.first, terms.last)
    rows: list[tuple[Any, ...]] = []
    for unit in units:
        for code in codes:
            figure = figures.get((unit.pk, code))
            status = Status(figure.status) if figure else Status.NOT_REPORTED
            rows.append((unit.code, code, figure.value if figure else None, status))
        for code, item in judged.items():
            points = _judged(item.lowest, item.highest, SHARES[terms.judged])
            rows.append((unit.code, code, points, Status.PENDING if points is None else Status.REPORTED))
    facts = scoring.Facts.from_rows(rows, units=[unit.code for unit in units])
    known = {unit.code for unit in units}
    wanted = {(unit, code): value for (unit, code), value in assumed.items() if unit in known}
    return with_facts(facts, wanted) if wanted else facts


def _judged(lowest: Fraction, highest: Fraction, share: Fraction | None) -> Decimal | None:
    if share is None:
        return None
    points = lowest + (highest - lowest) * share
    return (Decimal(points.numerator) / Decimal(points.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


_KINDS = {Field.Source.REPORT: "figure", Field.Source.OFFICE: ""}


def _sources(table: scoring.Table) -> dict[str, str]:
    rows = Field.objects.filter(code__in=table.fields()).values_list("code", "source")
    return {code: _KINDS.get(Field.Source(source), "prefilled") for code, source in rows}


def compared(run: Run, other: Run | None, units: Sequence[Unit]) -> list[tuple[str, UnitTrial]]:
    """Return the units by their place under a run with their names, each beside the other run."""
    if run.card is None:
        return []
    names = {unit.code: unit.name for unit in units}
    rows = units_of(run.card, other.card if other else None)
    return [(names.get(row.unit, row.unit), row) for row in rows]


def figure_sheet(
    table: scoring.Table, terms: Terms, units: Sequence[Unit]
) -> tuple[list[tuple[str, str]], list[list[str]]]:
    """Return the figures a trial would run on: heads (code, name), and a row for each unit, to be typed over."""
    judged = {item.field for item in judged_items(table)}
    codes = [code for code in table.fields() if code not in judged]
    names = dict(Field.objects.filter(code__in=codes).values_list("code", "name"))
    figures = gathered([unit.pk for unit in units], codes, terms.first, terms.last)
    rows = []
    for unit in units:
        values = [figures.get((unit.pk, code)) for code in codes]
        shown = [
            "" if each is None or each.value is None else f"{each.value.normalize():f}" for each in values
        ]
        rows.append([unit.code, unit.name, *shown])
    return [(code, names.get(code, code)) for code in codes], rows


def read_assumed(
    rows: Sequence[Sequence[tuple[str, str]]], heads: Mapping[str, str]
) -> dict[tuple[str, str], Any]:
    """Return the assumed figures of a typed sheet: rows of (text, address), the first with the heads.

    `heads` gives the field of each name. Empty cells assume nothing.

    :raises Invalid: naming every cell that is no figure
    """
    found: dict[tuple[str, str], Any] = {}
    faults: list[str] = []
    start = next((n for n, row in enumerate(rows) if any(text == "单位编码" for text, _at in row)), None)
    if start is None:
        raise Invalid("没有找到“单位编码”一栏，请使用本页下载的表填写。")
    columns = [heads.get(text, "") for text, _at in rows[start]]
    place = next(n for n, (text, _at) in enumerate(rows[start]) if text == "单位编码")
    for row in rows[start + 1 :]:
        unit = row[place][0] if len(row) > place else ""
        for field, (text, address) in zip(columns, row, strict=False):
            if not field or not text or not unit:
                continue
            try:
                found[unit, field] = scoring.parse_value(text)
            except scoring.NotAFigure as fault:
                faults.append(f"单元格 {address}：{fault.zh}。")
    if faults:
        raise Invalid(f"假设数据中有 {len(faults)} 处不是数字，没有试算。", faults=tuple(faults))
    return found
