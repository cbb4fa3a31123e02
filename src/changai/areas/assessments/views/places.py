"""Where the pages of this area stand: their addresses and the way above them."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from changai.areas.assessments.models import Round, Score
from changai.areas.assessments.queries import visible_to
from changai.foundation.actors import Actor
from changai.foundation.pages import Request, press, version_sent
from changai.foundation.ui.parts import Crumb


def index_crumb() -> Crumb:
    """Return the list of rounds."""
    return Crumb(_("考核"), reverse("assessments:index"))


def round_crumb(round_: Round) -> Crumb:
    """Return the page of a round."""
    return Crumb(round_.name, reverse("assessments:round", args=[round_.pk]))


def crumbs(actor: Actor, round_: Round, *below: Crumb) -> list[Crumb]:
    """Return the way to a page of a round; the round is a link to who may open it. One query.

    Reviewers, judges and owners of figures work in rounds whose result they do not see yet.
    """
    is_seen = visible_to(actor).filter(pk=round_.pk).exists()
    return [index_crumb(), round_crumb(round_) if is_seen else Crumb(round_.name), *below]


def score_crumb(score: Score, name: str) -> Crumb:
    """Return the page of a unit's result."""
    return Crumb(name, reverse("assessments:score", args=[score.pk]))


def uses_address(pk: int) -> str:
    """Return the page of what is made of a round's result."""
    return reverse("assessments:uses", args=[pk])


def use_crumbs(round_: Round, *below: Crumb) -> list[Crumb]:
    """Return the way to a page of what is made of a result."""
    return [index_crumb(), round_crumb(round_), Crumb(_("结果运用"), uses_address(round_.pk)), *below]


def press_there(
    request: Request, act: Callable[..., Any], pk: int, *, page: str, done: str, **named: Any
) -> HttpResponse:
    """Press an action on a record as its page had shown it, and go back to that page of this area."""
    then = reverse(f"assessments:{page}", args=[pk])
    return press(request, act, pk, version=version_sent(request), done=done, then=then, **named)
