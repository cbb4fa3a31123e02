"""How a result is kept: the columns of the round, a row for every unit, a row for every indicator."""

from collections.abc import Iterator
from datetime import datetime

from changai.areas.assessments.models import LeafReview, LeafScore, Round, Score
from changai.areas.assessments.queries import Rescored

_SCORE_COLUMNS = (
    "total_hundredths", "regular_hundredths", "bonus_hundredths", "penalty_hundredths", "veto_hundredths",
    "converted_hundredths", "lowest_hundredths", "highest_hundredths", "rank", "grade", "grade_reason",
    "grade_reason_en", "unranked_reason", "unranked_reason_en", "branches",
)  # fmt: skip
_LEAF_COLUMNS = (
    "kind", "name", "position", "points_hundredths", "full_hundredths", "status", "policy", "sentence",
    "sentence_en", "inputs",
)  # fmt: skip
_BATCH = 500


def keep_rows(round_: Round, came_to: Rescored, *, at: datetime) -> None:
    """Write the rows of a result and set the columns of the round, which the caller saves.

    Rows that say the same as before stay untouched; those that change keep their ids, and with them their addresses.
    """
    round_.frozen_facts, round_.exemptions = came_to.frozen, came_to.exemptions
    round_.result, round_.result_digest = came_to.result, came_to.digest
    round_.scored_at = at
    round_.version += 1
    codes = {unit.pk: unit.code for unit in came_to.units}
    round_.scores.exclude(unit_id__in=codes).delete()
    Score.objects.bulk_create(
        [Score(round=round_, unit_id=pk, **came_to.scores[code]) for pk, code in codes.items()],
        update_conflicts=True,
        unique_fields=["round", "unit"],
        update_fields=_SCORE_COLUMNS,
        batch_size=_BATCH,
    )
    LeafScore.objects.bulk_create(
        list(_leaves(round_, came_to)),
        update_conflicts=True,
        unique_fields=["score", "code"],
        update_fields=_LEAF_COLUMNS,
        batch_size=_BATCH,
    )


def _leaves(round_: Round, came_to: Rescored) -> Iterator[LeafScore]:
    ids = dict(round_.scores.values_list("unit__code", "pk"))
    for code, rows in came_to.leaves.items():
        for columns in rows:
            yield LeafScore(score_id=ids[code], **columns)


def settle(row: LeafReview, words: str, *, by: str, at: datetime) -> None:
    """Write down how a doubt was settled."""
    row.settlement, row.settled_by_name, row.settled_at = words, by, at
    row.version += 1
    row.save(update_fields=["settlement", "settled_by_name", "settled_at", "version"])
