"""The figures a round freezes, and the scorecard they make."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from changai.areas.assessments.models import ReviewedPoints, Round
from changai.areas.assessments.queries.panels import given_points
from changai.areas.facts.queries import gathered
from changai.areas.facts.rules import TRUTH
from changai.areas.organisations.models import Unit
from changai.areas.organisations.queries import units_with_codes
from changai.areas.schemes.queries import scheme_of
from changai.areas.schemes.rules import reviewed_fields
from changai.core import scoring
from changai.core.periods import Month
from changai.core.scoring.statuses import Status

Frozen = dict[str, Any]
Place = tuple[str, str]


def inputs_now(round_: Round, units: list[Unit]) -> list[Frozen]:
    """Return the figures and judgements a scoring takes: `{unit, field, value, status, note, facts, reviewed}`.

    Figures frozen before stay as they are frozen; judgements are those given by now.
    """
    if not round_.frozen_at:
        return today(round_, units)
    return _with_judgements(round_, units, fields_of(round_.frozen_facts))


def today(round_: Round, units: list[Unit]) -> list[Frozen]:
    """Return the figures and judgements as they stand now, frozen or not."""
    return _with_judgements(round_, units, figures_now(round_, units))


def _with_judgements(round_: Round, units: list[Unit], figures: dict[str, dict[str, Frozen]]) -> list[Frozen]:
    judged = judged_codes(round_)
    given = given_points(round_, units, judged)
    rows: list[Frozen] = []
    for unit in units:
        rows += [row for code, row in figures.get(unit.code, {}).items() if code not in judged]
        rows += [_frozen_judgement(unit, code, given.get((unit.pk, code))) for code in judged]
    return rows


def judged_codes(round_: Round) -> tuple[str, ...]:
    """Return the fields that people judge in a round."""
    return reviewed_fields(scheme_of(round_.scheme).tables[round_.category])


def figures_now(round_: Round, units: list[Unit]) -> dict[str, dict[str, Frozen]]:
    """Return the figures in force of the round's months, by code of the unit and of the field."""
    judged = judged_codes(round_)
    codes = [code for code in scheme_of(round_.scheme).tables[round_.category].fields() if code not in judged]
    span = Month.of(round_.first_month), Month.of(round_.last_month)
    figures = gathered([unit.pk for unit in units], codes, *span)
    return {
        unit.code: {code: _frozen_fact(unit, code, figures.get((unit.pk, code))) for code in codes}
        for unit in units
    }


def _frozen_fact(unit: Unit, code: str, figure: Any) -> Frozen:
    return {
        "unit": unit.code,
        "field": code,
        "value": None if figure is None or figure.value is None else written(figure.value),
        "status": str(figure.status) if figure else str(Status.NOT_REPORTED),
        "note": "",
        "facts": list(figure.fact_ids) if figure else [],
        "reviewed": None,
    }


def _frozen_judgement(unit: Unit, code: str, given: ReviewedPoints | None) -> Frozen:
    return {
        "unit": unit.code,
        "field": code,
        "value": written(given.value) if given else None,
        "status": str(Status.REPORTED if given else Status.PENDING),
        "note": given.reason if given else "",
        "facts": [],
        "reviewed": given.pk if given else None,
        "reviewed_by": given.reviewed_by_name if given else "",
        "reviewed_at": given.reviewed_at.isoformat() if given else "",
    }


def written(value: Decimal | str) -> str:
    """Return a figure as it is frozen: a decimal without trailing zeros, or a mark."""
    return value if isinstance(value, str) else f"{value.normalize():f}"


def facts_of(frozen: list[Frozen], units: list[str]) -> scoring.Facts:
    """Return the core's facts of frozen rows `{unit, field, value, status, note}`."""
    rows = [(row["unit"], row["field"], _figure(row["value"]), row["status"], row["note"]) for row in frozen]
    return scoring.Facts.from_rows(rows, units=units)


def _figure(value: str | None) -> Decimal | str | None:
    """Return a figure as it was before `written`: what is no number is a mark, and the core looks at it again."""
    try:
        return None if value is None else Decimal(value)
    except InvalidOperation:
        return value


def spoken(value: object, unit_of_measure: str) -> str | None:
    """Return a frozen figure as people read it, 是 or 否 where it is one of the two; None is not reported."""
    if value is None:
        return None
    if unit_of_measure == TRUTH:
        return "是" if str(value) == "1" else "否"
    return f"{value}{unit_of_measure}"


def card_of(
    round_: Round, frozen: list[Frozen], exemptions: list[dict[str, str]] | None = None
) -> scoring.Scorecard:
    """Return the scorecard of frozen figures, units in the order they stand there.

    :param exemptions: [{"unit", "code", "reason"}]; those frozen with the round when none are given
    :raises FactsRefused: when an accepted figure cannot be what its rule takes it for
    """
    units = list(dict.fromkeys(row["unit"] for row in frozen))
    granted = round_.exemptions if exemptions is None else exemptions
    not_applicable = {(row["unit"], row["code"]): row["reason"] for row in granted}
    return scoring.score(
        scheme_of(round_.scheme), round_.category, facts_of(frozen, units), not_applicable=not_applicable
    )


def fields_of(frozen: list[Frozen]) -> dict[str, dict[str, Frozen]]:
    """Return frozen rows by the code of their unit and of their field."""
    units: dict[str, dict[str, Frozen]] = {}
    for row in frozen:
        units.setdefault(row["unit"], {})[row["field"]] = row
    return units


def rate_doubts(round_: Round) -> list[str]:
    """Return a sentence for every frozen figure that may be written as 95 for 0.95, or the other way round."""
    if not round_.frozen_facts:
        return []
    scheme = scheme_of(round_.scheme)
    given = {(row["unit"], row["field"]): row["value"] for row in round_.frozen_facts}
    facts = facts_of(round_.frozen_facts, list(dict.fromkeys(row["unit"] for row in round_.frozen_facts)))
    found = scoring.percent_doubts(scheme, round_.category, facts)
    names = {unit.code: unit.short_name for unit in units_with_codes({each.unit for each in found})}
    return list(dict.fromkeys(_rate_doubt(each, scheme, names, given) for each in found))


def _rate_doubt(
    found: scoring.Finding,
    scheme: scoring.Scheme,
    names: Mapping[str, str],
    given: Mapping[Place, str | None],
) -> str:
    unit, figure = names.get(found.unit, found.unit), scheme.labels.get(found.field, found.field)
    right, wrong = ("0.95", "95") if found.severity is scoring.Severity.ERROR else ("95", "0.95")
    value = given.get((found.unit, found.field))
    return f"{unit}“{figure}”为 {value}，而评分规则以 {right} 表示 95%，请核对是否把 {right} 写成了 {wrong}。"
