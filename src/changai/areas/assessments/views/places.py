"""Where the pages of this area stand: their addresses and the way above them."""

from django.urls import reverse
from django.utils.translation import gettext as _

from changai.areas.assessments.models import Round, Score
from changai.foundation.ui.parts import Crumb


def index_crumb() -> Crumb:
    """Return the list of rounds."""
    return Crumb(_("考核"), reverse("assessments:index"))


def round_crumb(round_: Round) -> Crumb:
    """Return the page of a round."""
    return Crumb(round_.name, reverse("assessments:round", args=[round_.pk]))


def score_crumb(score: Score, name: str) -> Crumb:
    """Return the page of a unit's result."""
    return Crumb(name, reverse("assessments:score", args=[score.pk]))
