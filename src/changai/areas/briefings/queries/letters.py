"""The letters of a round: one text of the office, composed for each unit with the unit's own figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone, translation

from changai.areas.assessments.models import Round
from changai.areas.assessments.queries import scores_visible_to
from changai.areas.briefings.models import Briefing, Receipt
from changai.areas.briefings.policies import PAPERS_SIGHT
from changai.areas.briefings.queries.briefings import addressed_units, visible_to
from changai.areas.briefings.queries.catalogue import Catalogue, catalogue_for, catalogue_of
from changai.areas.briefings.queries.composing import Composed, sketch, worded
from changai.areas.briefings.queries.narrowing import sources_of
from changai.areas.briefings.queries.own import TABLES
from changai.areas.briefings.queries.picturing import pictures_at_hand
from changai.areas.briefings.queries.records import Drawn, DrawnEntry
from changai.areas.briefings.queries.sources import Sources
from changai.areas.briefings.rules import (
    CANCELLED,
    ISSUED,
    ISSUING,
    LETTERS,
    PAPER_KINDS,
    Standing,
    block_fault,
    fitted,
    head_faults,
    standings,
)
from changai.areas.organisations.models import Unit
from changai.areas.organisations.queries import city, names_on
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.documents.paper import Paragraph
from changai.foundation.actors import Actor

LONGEST_ROUND_NAME = 60  # a title holds a hundred characters
_TAKEN = (  # what every letter takes over from the common text
    "title", "month", "round_id", "draft", "number_code", "copy_to", "signers", "urgency", "written_by_name",
    "created_at", "written_at", "submitted_at", "submitted_by_name", "approved_at", "approved_by_name",
)  # fmt: skip


@dataclass(frozen=True)
class Receiver:
    """A unit a letter of the round goes to, by the name it had then."""

    unit: Unit
    name: str


@dataclass(frozen=True)
class UnitLetter:
    """A unit with its letter, once it is numbered, and the receipt for it."""

    unit_id: int
    name: str
    letter: Briefing | None = None
    receipt: Receipt | None = None
    errata: int = 0
    is_closed: bool = False

    @property
    def is_unsigned(self) -> bool:
        """Whether the unit has yet to sign for a letter that is in force."""
        return self.letter is not None and self.receipt is None and not hasattr(self.letter, "annulment")


@dataclass(frozen=True)
class Progress:
    """How many of a text's letters lie ready."""

    written: int
    letters: int
    refused: int


@dataclass(frozen=True)
class Batch:
    """Letters that were numbered together: the first and the last number as printed, and what became of them."""

    first: str
    last: str
    letters: int
    in_force: int
    at: datetime | None
    by_name: str
    reason: str = ""

    @property
    def numbers(self) -> str:
        """Both numbers in words: 产改函〔2026〕1号至产改函〔2026〕12号."""
        return self.first if self.first == self.last else f"{self.first}至{self.last}"


def receivers(round_: Round) -> list[Receiver]:
    """Return the units of a round's result in the order of their places, those without a place at the end."""
    units = [score.unit for score in scores_visible_to(PAPERS_SIGHT, round_)]
    named = names_on([unit.pk for unit in units], Month.of(round_.last_month).last_on)
    return [Receiver(unit, named[unit.pk]) for unit in units]


def receiver_of(wording: Briefing, unit_id: int) -> Receiver:
    """Return the unit a letter of this text goes to.

    :raises NotVisible: when none goes to it
    """
    found = [each for each in receivers(_round_of(wording)) if each.unit.pk == unit_id]
    if not found:
        raise NotVisible
    return found[0]


def sample_of(wording: Briefing) -> Receiver:
    """Return the unit whose figures stand in the common text while it is written: the last one, with most to tell.

    :raises NotVisible: when the round has no unit
    """
    found = receivers(_round_of(wording))
    if not found:
        raise NotVisible
    return found[-1]


def paper_catalogue(actor: Actor, briefing: Briefing, *, as_of: datetime) -> Catalogue:
    """Return the figures at hand for a paper; for the common text of letters, those of `sample_of`."""
    catalogue = catalogue_for(
        actor,
        Month.of(briefing.month),
        round_=briefing.round,
        as_of=as_of,
        units=_units_told(briefing),
        consultation=briefing.consultation,
    )
    return _completed(catalogue) if briefing.kind == LETTERS else catalogue


def _units_told(briefing: Briefing) -> frozenset[int]:
    if briefing.kind == LETTERS:
        return frozenset({sample_of(briefing).unit.pk})
    return addressed_units(briefing)


def _completed(catalogue: Catalogue) -> Catalogue:
    """Add the tables other units may have rows for: the text is one, whatever this unit has."""
    for key, name in TABLES.items():
        catalogue.drawings.setdefault(key, DrawnEntry(key, name, lambda: Drawn(None, ())))
    return catalogue


def letter_blocks(actor: Actor, round_: Round, *, as_of: datetime) -> list[dict[str, str]]:
    """Return what the common text of a round's letters starts with: the template as far as its figures are at hand."""
    month = Month.of(round_.last_month)
    wording = Briefing(kind=LETTERS, month=month.first_on, round=round_)
    catalogue = paper_catalogue(actor, wording, as_of=as_of)
    return fitted(PAPER_KINDS[LETTERS].template, catalogue.names, catalogue.drawn, month=month.label)


def letters_title(round_: Round) -> str:
    """Return what the letters of a round are called; a round with a long name is left unnamed."""
    name = round_.name if len(round_.name) <= LONGEST_ROUND_NAME else "考核"
    return worded(PAPER_KINDS[LETTERS].title, city(), round_name=name)


def letter_to(wording: Briefing, receiver: Receiver) -> Briefing:
    """Return the letter of a text to a unit, not saved."""
    kind = wording.paper_kind
    taken = {name: getattr(wording, name) for name in _TAKEN}
    return Briefing(kind=kind.sends, series=kind.series, wording=wording, recipients=receiver.name, **taken)


class Letters:
    """The letters of one text at one moment, composed one after the other."""

    def __init__(self, wording: Briefing, *, as_of: datetime) -> None:
        self._all = Sources(PAPERS_SIGHT, Month.of(wording.month), wording.round, as_of)
        self._pictures = pictures_at_hand(wording.draft)

    def composed(self, letter: Briefing, unit_id: int, *, issued_on: date) -> Composed:
        """Return a letter as a paper with the unit's own figures, as far as they are at hand."""
        return sketch(letter, self._catalogue(unit_id), issued_on=issued_on)

    def checked(self, letter: Briefing, unit_id: int, *, issued_on: date) -> tuple[Composed, list[str]]:
        """Return a letter as a paper, and what keeps it from going out, a Chinese sentence each."""
        catalogue = self._catalogue(unit_id)
        composed = sketch(letter, catalogue, issued_on=issued_on)
        return composed, [*self._faults(letter, catalogue), *_empty(composed)]

    def _catalogue(self, unit_id: int) -> Catalogue:
        return _completed(catalogue_of(sources_of(frozenset({unit_id}), self._all)))

    def _faults(self, letter: Briefing, catalogue: Catalogue) -> Iterator[str]:
        """Yield the faults of what stands in this letter: what falls for the unit is not printed."""
        yield from head_faults(letter.paper_kind, letter.recipients, letter.signers)
        drawn = catalogue.drawn | self._pictures
        standing = standings(letter.draft, catalogue.has, catalogue.names)
        for number, (block, why) in enumerate(zip(letter.draft, standing, strict=True), start=1):
            if why is Standing.STANDS and (fault := block_fault(block, catalogue.names, drawn)):
                yield f"第 {number} 段：{fault}"


def _empty(composed: Composed) -> Iterator[str]:
    if not any(isinstance(block, Paragraph) for block in composed.paper.blocks):
        yield "没有一个正文段落，各段都因条件不出现。"


def letter_preview(wording: Briefing, receiver: Receiver, *, at: datetime) -> Composed:
    """Return a unit's letter as it would be now."""
    with translation.override(settings.LANGUAGE_CODE):  # the paper is Chinese in every language of the pages
        letter = letter_to(wording, receiver)
        return Letters(wording, as_of=at).composed(letter, receiver.unit.pk, issued_on=timezone.localdate(at))


def _round_of(wording: Briefing) -> Round:
    if wording.round is None:
        raise NotVisible
    return wording.round


def wordings_of(actor: Actor, round_: Round) -> QuerySet[Briefing]:
    """Return the common texts of letters written for a round, the newest first."""
    return visible_to(actor).filter(kind=LETTERS, round=round_)


def letters_of(wording: Briefing) -> QuerySet[Briefing]:
    """Return the letters of a text by number, without those whose numbers are void."""
    return wording.letters.exclude(status=CANCELLED).order_by("issue_number", "pk")


def letters_to_write(wording: Briefing, most: int) -> list[Briefing]:
    """Return the next letters that are numbered, not yet written and not refused."""
    return list(letters_of(wording).filter(pdf_file__isnull=True, status=ISSUING, refusal="")[:most])


def wordings_under_way() -> QuerySet[Briefing]:
    """Return the texts whose letters are being written, the oldest first; for the job."""
    return Briefing.objects.filter(kind=LETTERS, status=ISSUING, refusal="").order_by("pk")


def papers_under(paper: Briefing) -> list[Briefing]:
    """Return what an issued paper is made of, locked: of a common text its letters in force and itself, else itself."""
    if not paper.paper_kind.sends:
        return [paper]
    letters = letters_of(paper).filter(status=ISSUED, annulment__isnull=True)
    return [*letters.select_for_update(of=("self",)), paper]


def batch_of(letters: QuerySet[Briefing]) -> Batch | None:
    """Return letters that were numbered together as one batch, None of no letter."""
    found = list(letters.select_related("annulment").defer("content", "draft").order_by("issue_number"))
    if not found:
        return None
    first, last = found[0], found[-1]
    in_force = sum(each.status == ISSUED and not hasattr(each, "annulment") for each in found)
    if first.status == CANCELLED:
        at, by_name, reason = first.cancelled_at, first.cancelled_by_name, first.cancel_reason
        return Batch(first.number_text, last.number_text, len(found), 0, at, by_name, reason)
    return Batch(
        first.number_text, last.number_text, len(found), in_force, first.issued_at, first.issued_by_name
    )


def issued_before(wording: Briefing) -> list[Batch]:
    """Return the letters of other texts that went out for the round of a text, the oldest first."""
    others = Briefing.objects.filter(kind=LETTERS, round=wording.round_id, status=ISSUED)
    found = (batch_of(letters_of(each)) for each in others.exclude(pk=wording.pk or 0).order_by("pk"))
    return [batch for batch in found if batch is not None]


def void_batches(wording: Briefing) -> list[Batch]:
    """Return what was numbered for a text and then stopped, the oldest first."""
    void = wording.letters.filter(status=CANCELLED).order_by()
    moments = void.order_by("cancelled_at").values_list("cancelled_at", flat=True).distinct()
    found = (batch_of(void.filter(cancelled_at=moment)) for moment in moments)
    return [batch for batch in found if batch is not None]


def progress_of(wording: Briefing) -> Progress:
    """Return how far the letters of a text are."""
    told = letters_of(wording).aggregate(
        all=Count("pk"),
        ready=Count("pk", filter=Q(pdf_file__isnull=False)),
        refused=Count("pk", filter=~Q(refusal="")),
    )
    return Progress(told["ready"], told["all"], told["refused"])


def units_with_letters(wording: Briefing) -> list[UnitLetter]:
    """Return the units the letters of a text go to, each with its letter once it is numbered, and its receipt."""
    whole = letters_of(wording).select_related("docx_file", "annulment").prefetch_related("addressees")
    letters = list(whole.annotate(corrected=Count("errata")))
    if not letters:
        return [
            UnitLetter(each.unit.pk, each.name, is_closed=not each.unit.is_open)
            for each in receivers(_round_of(wording))
        ]
    signed = Receipt.objects.filter(briefing__wording=wording).select_related("unit")
    receipts = {receipt.briefing_id: receipt for receipt in signed}
    return [
        UnitLetter(
            unit.pk, letter.recipients, letter, receipts.get(letter.pk), letter.corrected, not unit.is_open
        )
        for letter in letters
        for unit in letter.addressees.all()
    ]


def issued_letters(wording: Briefing) -> QuerySet[Briefing]:
    """Return the issued letters of a text by number, with their files."""
    return letters_of(wording).filter(status=ISSUED).select_related("docx_file", "pdf_file")
