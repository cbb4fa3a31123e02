"""Choosing how far a result is announced: with the public notice, or with the publication."""

from changai.areas.assessments.models import Round
from changai.areas.assessments.queries import grades_of, usual_announcement
from changai.areas.assessments.rules import Announcement, announcement_fault
from changai.core.errors import Invalid

COLUMNS = ("announced", "announced_places", "announced_grades")


def announce(round_: Round, announcement: Announcement | None) -> None:
    """Set how far the round is announced; without a choice as the public notice said, else as usual. The caller saves.

    :raises Invalid: when the result cannot be announced so
    """
    if announcement is None and round_.announced:
        return
    chosen = announcement or usual_announcement(round_)
    ranked = round_.scores.exclude(rank=None).count()
    # A usual number of places may exceed a smaller field: then all of it is the upper part.
    if announcement is None and chosen.places > ranked:
        chosen = Announcement(chosen.scope, max(ranked, 1))
    elif fault := announcement_fault(chosen, ranked=ranked, grades=grades_of(round_)):
        raise Invalid(fault)
    round_.announced = chosen.scope
    round_.announced_places, round_.announced_grades = chosen.places, list(chosen.grades)
