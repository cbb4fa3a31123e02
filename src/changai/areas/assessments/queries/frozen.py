"""The figures a round freezes, the result they make, and the replay that proves it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from changai.areas.assessments.models import ReviewedPoints, Round
from changai.areas.assessments.queries.rounds import assessed_units
from changai.areas.facts.queries import gathered
from changai.areas.organisations.models import Unit
from changai.areas.schemes.queries import scheme_of
from changai.areas.schemes.rules import MOST_DECIMALS, reviewed_fields
from changai.core import scoring
from changai.core.periods import Month
from changai.core.scoring.statuses import Status

# Members that are sentences for people, in either language.
SPOKEN = frozenset(
    {"sentence", "sentence_en", "grade_reason", "grade_reason_en", "regain", "unranked_reasons"}
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")

Frozen = dict[str, Any]
Place = tuple[str, str]


def frozen_now(round_: Round, units: list[Unit]) -> list[Frozen]:
    """Return the figures and judgements of the units as they stand: `{unit, field, value, status, note, …}`."""
    table = scheme_of(round_.scheme).tables[round_.category]
    judged = reviewed_fields(table)
    codes = [code for code in table.fields() if code not in judged]
    span = Month.of(round_.first_month), Month.of(round_.last_month)
    figures = gathered([unit.pk for unit in units], codes, *span)
    given = {(row.unit_id, row.field_code): row for row in round_.reviewed.all()}
    rows: list[Frozen] = []
    for unit in units:
        rows += [_frozen_fact(unit, code, figures.get((unit.pk, code))) for code in codes]
        rows += [_frozen_judgement(unit, code, given.get((unit.pk, code))) for code in judged]
    return rows


def _frozen_fact(unit: Unit, code: str, figure: Any) -> Frozen:
    return {
        "unit": unit.code,
        "field": code,
        "value": None if figure is None or figure.value is None else _plain(figure.value),
        "status": str(figure.status) if figure else str(Status.NOT_REPORTED),
        "note": "",
        "facts": list(figure.fact_ids) if figure else [],
        "reviewed": None,
    }


def _frozen_judgement(unit: Unit, code: str, given: ReviewedPoints | None) -> Frozen:
    return {
        "unit": unit.code,
        "field": code,
        "value": _plain(given.value) if given else None,
        "status": str(Status.REPORTED if given else Status.PENDING),
        "note": given.reason if given else "",
        "facts": [],
        "reviewed": given.pk if given else None,
        "reviewed_by": given.reviewed_by_name if given else "",
        "reviewed_at": given.reviewed_at.isoformat() if given else "",
    }


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def facts_of(frozen: list[Frozen], units: list[str]) -> scoring.Facts:
    """Return the core's facts of frozen rows `{unit, field, value, status, note}`."""
    rows = [
        (
            row["unit"],
            row["field"],
            None if row["value"] is None else Decimal(row["value"]),
            Status(row["status"]),
            row["note"],
        )
        for row in frozen
    ]
    return scoring.Facts.from_rows(rows, units=units)


def card_of(round_: Round, frozen: list[Frozen]) -> scoring.Scorecard:
    """Return the scorecard of frozen figures, units in the order they stand there.

    :raises FactsRefused: when an accepted figure cannot be what its rule takes it for
    """
    units = list(dict.fromkeys(row["unit"] for row in frozen))
    return scoring.score(scheme_of(round_.scheme), round_.category, facts_of(frozen, units))


def kept_score(card: scoring.Scorecard, code: str) -> dict[str, Any]:
    """Return the columns of the row `Score` of one unit."""
    row, english = card.of(code), card.of(code, "en")
    lowest, highest = row.attainable
    return {
        "total_hundredths": _hundredths(card, row.total),
        "regular_hundredths": _hundredths(card, row.regular),
        "bonus_hundredths": _hundredths(card, row.bonus),
        "penalty_hundredths": _hundredths(card, row.penalty),
        "veto_hundredths": _hundredths(card, row.veto),
        "converted_hundredths": None if row.converted is None else _hundredths(card, row.converted),
        "lowest_hundredths": _hundredths(card, lowest),
        "highest_hundredths": _hundredths(card, highest),
        "rank": row.rank,
        "grade": row.grade or "",
        "grade_reason": row.grade_reason,
        "grade_reason_en": english.grade_reason,
        "unranked_reason": "；".join(row.unranked_reasons),
        "unranked_reason_en": "; ".join(english.unranked_reasons),
        "branches": _branches(card, code),
    }


def _branches(card: scoring.Scorecard, code: str) -> list[Frozen]:
    inner = {node.code: node for node in card.nodes(code)}
    leaves = {leaf.code: leaf for leaf in card.leaves(code)}
    rows = []
    for node, level in card.table.walk():
        found = inner.get(node.code) or (leaves[node.code] if level == 1 else None)
        if found is not None:
            rows.append(
                {
                    "code": node.code,
                    "name": node.name,
                    "level": level,
                    "points": _hundredths(card, found.points),
                    "full": _hundredths(card, found.full),
                    "applicable": _hundredths(card, getattr(found, "applicable", found.full)),
                    "is_reweighted": getattr(found, "is_reweighted", False),
                }
            )
    return rows


def kept_leaves(card: scoring.Scorecard, code: str, frozen: list[Frozen]) -> list[dict[str, Any]]:
    """Return the columns of the rows `LeafScore` of one unit; `frozen` are the rows of that unit."""
    by_field = {row["field"]: row for row in frozen}
    leaves = (*card.leaves(code), *card.adjustments(code))
    return [
        {
            "kind": leaf.kind,
            "code": leaf.code,
            "name": leaf.name,
            "position": place,
            "points_hundredths": _hundredths(card, leaf.points),
            "full_hundredths": _hundredths(card, leaf.full),
            "status": str(leaf.status),
            "policy": leaf.outcome.policy,
            "sentence": leaf.sentence("zh"),
            "sentence_en": leaf.sentence("en"),
            "inputs": [by_field[fact.field] for fact in leaf.facts if fact.field in by_field],
        }
        for place, leaf in enumerate(leaves, start=1)
    ]


def _hundredths(card: scoring.Scorecard, points: int) -> int:
    scale: int = 10 ** (MOST_DECIMALS - card.decimals)
    return int(points) * scale


def by_unit(frozen: list[Frozen]) -> dict[str, list[Frozen]]:
    """Return frozen rows by the code of their unit."""
    units: dict[str, list[Frozen]] = {}
    for row in frozen:
        units.setdefault(row["unit"], []).append(row)
    return units


@dataclass(frozen=True)
class Replay:
    """What scoring the frozen figures again comes to: its digest, and what differs from what is kept."""

    digest: str
    differences: tuple[str, ...]

    @property
    def is_identical(self) -> bool:
        return not self.differences


def replay(round_: Round) -> Replay:
    """Score the frozen figures again and compare every kept row: points, places, grades, figures in sentences.

    Of a sentence only the numbers are compared: a later release may word it better, it may not count otherwise.
    """
    try:
        card = card_of(round_, round_.frozen_facts)
    except scoring.FactsRefused as refused:
        return Replay("", tuple(finding.message() for finding in refused.findings))
    told = []
    if card.digest != round_.result_digest:
        told.append(_("冻结数据、指标体系或计分程序与计分时不同，摘要值不一致。"))
    if _figures_of(card.result()) != _figures_of(round_.result):
        told.append(_("重新计算的结果与留存的结果文件不一致。"))
    return Replay(card.digest, (*told, *_changed_rows(round_, card)))


def _changed_rows(round_: Round, card: scoring.Scorecard) -> list[str]:
    frozen = by_unit(round_.frozen_facts)
    scores = {
        score.unit.code: score for score in round_.scores.select_related("unit").prefetch_related("leaves")
    }
    if set(scores) != set(card.units):
        return [_("留存的单位与参加计分的单位不一致。")]
    told = []
    for code, score in scores.items():
        if not _holds(score, kept_score(card, code)):
            told.append(_("%(unit)s的总分、名次或等次与重新计算的结果不一致。") % {"unit": score.unit.name})
        kept = {leaf.code: leaf for leaf in score.leaves.all()}
        told += [
            _("%(unit)s“%(indicator)s”的得分或说明与重新计算的结果不一致。")
            % {"unit": score.unit.name, "indicator": columns["name"]}
            for columns in kept_leaves(card, code, frozen[code])
            if columns["code"] not in kept or not _holds(kept[columns["code"]], columns)
        ]
    return told


def _holds(row: Any, columns: dict[str, Any]) -> bool:
    return all(
        _figures_of({name: getattr(row, name)}) == _figures_of({name: value})
        for name, value in columns.items()
    )


def _figures_of(kept: Any, *, is_spoken: bool = False) -> Any:
    """Return what is kept with every sentence in it reduced to the numbers it says."""
    if isinstance(kept, dict):
        return {key: _figures_of(value, is_spoken=is_spoken or key in SPOKEN) for key, value in kept.items()}
    if isinstance(kept, list | tuple):
        return [_figures_of(value, is_spoken=is_spoken) for value in kept]
    return _NUMBER.findall(kept) if is_spoken and isinstance(kept, str) else kept


def replays_identically(round_: Round) -> bool:
    """Return whether scoring the frozen facts again gives the same points, ranks, digest and spoken numbers."""
    return replay(round_).is_identical


@dataclass(frozen=True)
class Moved:
    """A figure that says something else today than when the round was scored."""

    unit: str
    field: str
    frozen: str
    now: str


def moved_figures(round_: Round) -> list[Moved]:
    """Return the figures and judgements that changed since the round was scored, and units come or gone."""
    units = assessed_units(round_)
    names = {unit.code: unit.name for unit in units}
    labels = scheme_of(round_.scheme).labels
    kept: dict[Place, Frozen] = {(row["unit"], row["field"]): row for row in round_.frozen_facts}
    today: dict[Place, Frozen] = {(row["unit"], row["field"]): row for row in frozen_now(round_, units)}
    return [
        Moved(names.get(unit, unit), labels.get(field, field), _shown(kept.get(key)), _shown(today.get(key)))
        for key in dict.fromkeys((*kept, *today))
        for unit, field in [key]
        if _says(kept.get(key)) != _says(today.get(key))
    ]


def _says(row: Frozen | None) -> tuple[Any, ...]:
    return () if row is None else (row["value"], row["status"], row["note"])


def _shown(row: Frozen | None) -> str:
    return "" if row is None or row["value"] is None else str(row["value"])
