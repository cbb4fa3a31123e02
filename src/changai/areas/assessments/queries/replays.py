"""The replay that proves a result, and what figures say today."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from changai.areas.assessments.models import Round
from changai.areas.assessments.queries.frozen import Frozen, Place, card_of, fields_of, today
from changai.areas.assessments.queries.kept import kept_leaves, kept_result, kept_score
from changai.areas.assessments.queries.rounds import assessed_units
from changai.areas.reporting.models import Correction
from changai.areas.reporting.queries.corrections import corrections_of
from changai.areas.schemes.queries import scheme_of
from changai.core import scoring

# Members that are sentences for people, in either language.
SPOKEN = frozenset(
    {"sentence", "sentence_en", "grade_reason", "grade_reason_en", "unranked_reason", "unranked_reason_en"}
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


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
    if kept_result(card) != round_.result:
        told.append(_("重新计算的结果与留存的结果文件不一致。"))
    return Replay(card.digest, (*told, *_changed_rows(round_, card)))


def _changed_rows(round_: Round, card: scoring.Scorecard) -> list[str]:
    frozen = fields_of(round_.frozen_facts)
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
    """A figure that says something else today than when the round was scored, and the corrections that did it."""

    unit: str
    field: str
    frozen: str
    now: str
    corrections: tuple[int, ...] = ()


def moved_figures(round_: Round) -> list[Moved]:
    """Return the figures and judgements that changed since the round was scored, and units come or gone."""
    units = assessed_units(round_)
    names = {unit.code: unit.name for unit in units}
    labels = scheme_of(round_.scheme).labels
    kept: dict[Place, Frozen] = {(row["unit"], row["field"]): row for row in round_.frozen_facts}
    now: dict[Place, Frozen] = {(row["unit"], row["field"]): row for row in today(round_, units)}
    others = [key for key in dict.fromkeys((*kept, *now)) if _says(kept.get(key)) != _says(now.get(key))]
    known = _corrections(kept[key] for key in others if key in kept) if others else {}
    return [
        Moved(
            names.get(unit, unit),
            labels.get(field, field),
            _shown(kept.get((unit, field))),
            _shown(now.get((unit, field))),
            tuple(
                known[fact_id].pk
                for fact_id in kept.get((unit, field), {}).get("facts", ())
                if fact_id in known
            ),
        )
        for unit, field in others
    ]


def _corrections(rows: Iterable[Frozen]) -> dict[int, Correction]:
    """Return the corrections of the figures that frozen rows were made from, by the figure they replaced."""
    return corrections_of(fact_id for row in rows for fact_id in row["facts"])


def _says(row: Frozen | None) -> tuple[Any, ...]:
    return () if row is None else (row["value"], row["status"], row["note"])


def _shown(row: Frozen | None) -> str:
    return "" if row is None or row["value"] is None else str(row["value"])
