"""What was ordered of a result: drawings and letters, open and done."""

from django.db.models import QuerySet

from changai.areas.assessments.models import LetterBatch, Round, Sensitivity
from changai.areas.assessments.queries.rounds import round_for
from changai.core.errors import NotVisible
from changai.foundation.actors import Actor


def open_sensitivities() -> QuerySet[Sensitivity]:
    """Return the drawings that were ordered and not done, the oldest first; for the job."""
    return Sensitivity.objects.filter(done_at__isnull=True).select_related("round__scheme").order_by("pk")


def open_letters() -> QuerySet[LetterBatch]:
    """Return the orders of letters that are not done, the oldest first; for the job."""
    return LetterBatch.objects.filter(done_at__isnull=True).select_related("round__scheme").order_by("pk")


def letters_of(round_: Round) -> LetterBatch | None:
    """Return the latest order of letters of a round."""
    return LetterBatch.objects.filter(round=round_).order_by("-pk").first()


def letters_for(actor: Actor, batch_id: int) -> LetterBatch:
    """Return one order of letters.

    :raises NotVisible: when there is none for this actor
    """
    batch = LetterBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise NotVisible
    round_for(actor, batch.round_id)
    return batch
