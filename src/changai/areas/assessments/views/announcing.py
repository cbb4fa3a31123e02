"""How far a result is announced: the form beside the buttons, and what it sent."""

from changai.areas.assessments import queries
from changai.areas.assessments.forms import AnnouncementForm
from changai.areas.assessments.models import Round
from changai.areas.assessments.rules import Announcement
from changai.core.errors import Invalid
from changai.foundation.pages import Request


def announcement_form(round_: Round) -> AnnouncementForm:
    """Return the form with what was chosen for the public notice, else what is usual, chosen."""
    chosen = round_.announcement if round_.announcement.scope else queries.usual_announcement(round_)
    return AnnouncementForm(queries.grades_of(round_), chosen)


def announced_in(request: Request, pk: int) -> Announcement | None:
    """Return the choice a page sent, None when it sent none.

    :raises Invalid: when it is no choice
    """
    if "announced" not in request.POST:
        return None
    round_ = queries.round_for(request.actor, pk)
    form = AnnouncementForm(queries.grades_of(round_), Announcement(), request.POST)
    if not form.is_valid():
        raise Invalid(
            "请选择公布范围。",
            faults=tuple(str(fault) for faults in form.errors.values() for fault in faults),
        )
    return form.announcement()
