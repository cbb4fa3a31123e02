"""The task ledger as figures are compared with it: the claims counted, by name, and the near ones left out."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from django.urls import reverse

from changai.areas.tasks import queries as tasks
from changai.core.checks import Entry, Ledger
from changai.core.periods import Month

if TYPE_CHECKING:
    from changai.areas.tasks.models import Claim

ONE = Decimal(1)
DUE, DONE = "tasks.due", "tasks.done"
TASK_SOURCES = (DUE, DONE)


def task_ledgers(unit_ids: Iterable[int], month: Month) -> dict[tuple[str, int], Ledger]:
    """Return how many claimed tasks are due by a month's end, and how many of those are done, with their names."""
    units = list(unit_ids)
    claims: dict[int, list[Claim]] = defaultdict(list)
    for claim in tasks.claims_begun(units, month):
        claims[claim.unit_id].append(claim)
    found = {}
    for unit_id in units:
        due = [claim for claim in claims[unit_id] if tasks.deadline_of(claim) <= month.last_on]
        later = [claim for claim in claims[unit_id] if tasks.deadline_of(claim) > month.last_on]
        done = [claim for claim in due if _is_done(claim, month)]
        open_ = [claim for claim in due if not _is_done(claim, month)]
        early = [claim for claim in later if _is_done(claim, month)]
        found[DUE, unit_id] = _ledger(due, [(claim, "未到期") for claim in later])
        found[DONE, unit_id] = _ledger(
            done, [*((claim, "未办结") for claim in open_), *((claim, "提前办结") for claim in early)]
        )
    return found


def _is_done(claim: "Claim", month: Month) -> bool:
    return claim.completed_on is not None and claim.completed_on <= month.last_on


def _ledger(counted: Iterable["Claim"], left_out: Iterable[tuple["Claim", str]]) -> Ledger:
    entries = tuple(_entry(claim) for claim in counted)
    return Ledger(Decimal(len(entries)), entries, tuple(_entry(claim, reason) for claim, reason in left_out))


def _entry(claim: "Claim", reason: str = "") -> Entry:
    return Entry(claim.text, ONE, reason, reverse("tasks:task", args=[claim.pk]))
