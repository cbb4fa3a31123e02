"""What a unit sees of a paper it was asked to countersign: the text it was asked about, and only while it is asked."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation

from changai.areas.briefings.models import Briefing, Countersign
from changai.areas.briefings.policies import PAPERS_SIGHT
from changai.areas.briefings.queries.briefings import OPEN_STATUSES, visible_to
from changai.areas.briefings.queries.catalogue import Catalogue
from changai.areas.briefings.queries.composing import sketch
from changai.areas.briefings.queries.letters import paper_catalogue
from changai.areas.briefings.rules import LETTERS, named_blocks
from changai.documents.paper import Paper
from changai.foundation.actors import Actor


def paper_to_countersign(word: Countersign, *, at: datetime) -> Paper | None:
    """Return the paper as the unit may read it now, or None once it is approved, given up, or other than it was signed.

    Figures are those the office sees; the common text of letters has their names, for every unit gets its own.
    """
    briefing = word.briefing
    if briefing.status not in OPEN_STATUSES or word.is_stale:
        return None
    with translation.override(settings.LANGUAGE_CODE):  # the paper is Chinese in every language of the pages
        catalogue = paper_catalogue(PAPERS_SIGHT, briefing, as_of=at)
        if briefing.kind == LETTERS:
            briefing = _by_names(briefing, catalogue)
            catalogue = Catalogue()
        return sketch(briefing, catalogue, issued_on=timezone.localdate(at)).paper


def _by_names(briefing: Briefing, catalogue: Catalogue) -> Briefing:
    """Return a copy, not to be saved, in which names stand where figures would."""
    names = [field.attname for field in Briefing._meta.concrete_fields]
    named = {key: entry.name for key, entry in catalogue.drawings.items()}
    kept = {name: getattr(briefing, name) for name in names}
    return Briefing(**kept | {"draft": named_blocks(briefing.draft, named)})


def issued_paper(actor: Actor, word: Countersign) -> Briefing | None:
    """Return what was issued of the paper as far as the actor reads it: the paper, or its letter of a common text."""
    issued = visible_to(actor).filter(status=Briefing.Status.ISSUED)
    return issued.filter(Q(pk=word.briefing_id) | Q(wording=word.briefing_id)).first()
