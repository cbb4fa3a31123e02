"""Issue the letters of a round: numbered in one row, written piece by piece, shown to the units all at once."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from changai.areas.briefings.actions._freezing import freeze_figures
from changai.areas.briefings.actions._moving import moved
from changai.areas.briefings.models import Briefing, Distribution
from changai.areas.briefings.policies import require
from changai.areas.briefings.queries import (
    Composed,
    Letters,
    file_name,
    letter_to,
    letters_of,
    letters_to_write,
    next_numbers,
    receivers,
)
from changai.areas.briefings.rules import ISSUED, ISSUING
from changai.areas.evidence import storage
from changai.areas.evidence.actions import add_file
from changai.areas.organisations import queries as organisations
from changai.areas.organisations.models import Level
from changai.core.errors import Invalid, RecordMoved
from changai.documents import fonts
from changai.documents.docx import render_docx
from changai.documents.pdf import render_pdf
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import Told, notify_many

LETTERS_A_RUN = 60


def order_letters(actor: Actor, wording_id: int, *, version: int, at: datetime, once: str = "") -> Briefing:
    """Number the letters of an approved text; the job writes them behind the page and then issues them all.

    :raises FontsMissing: before anything is changed, when no Chinese font is installed
    """
    fonts.families(fonts.Role.FANGSONG, tuple(settings.FONT_FOLDERS))
    return number_letters(  # type: ignore[call-arg]  # every action takes `once`
        actor, wording_id, version=version, at=at, once=once
    )


@action("briefing.number_letters")
def number_letters(actor: Actor, wording_id: int, *, version: int, at: datetime) -> Briefing:
    """Take a row of consecutive numbers for the letters of an approved text, one a unit, all of them or none.

    :raises Invalid: when the round has no unit to write to
    :raises RecordMoved: when the text is not approved, was changed since, or its letters are ordered already
    """
    wording = moved(actor, wording_id, "issue", version)
    if not wording.paper_kind.sends or wording.round is None:
        raise RecordMoved(f"《{wording.title}》不是逐单位的函件。")
    sent_to = receivers(wording.round)
    if not sent_to:
        raise Invalid("本轮考核没有考核对象，不能印发反馈意见。")
    year = timezone.localdate(at).year
    first, _total = next_numbers(wording.series, year)
    letters = [letter_to(wording, each) for each in sent_to]
    for number, letter in enumerate(letters, start=first):
        letter.status, letter.year, letter.issue_number = ISSUING, year, number
        letter.issued_at, letter.issued_by_name = at, actor.name
    made = Briefing.objects.bulk_create(letters)
    sent = Briefing.addressees.through
    sent.objects.bulk_create(
        sent(briefing_id=letter.pk, unit_id=each.unit.pk) for letter, each in zip(made, sent_to, strict=True)
    )
    wording.status = ISSUING
    wording.year, wording.issued_at, wording.issued_by_name = year, at, actor.name
    wording.save(update_fields=["status", "version", "year", "issued_at", "issued_by_name"])
    numbers = f"{wording.series}-{year}-{first}-{first + len(made) - 1}"
    record(actor, "briefing.number_letters", wording, at=at, numbers=numbers, letters=len(made))
    return wording


def write_letters(actor: Actor, wording: Briefing, *, most: int = LETTERS_A_RUN, at: datetime) -> bool:
    """Write the next letters of a text and issue all once the last is written: True.

    What is written is not written again, so a killed worker's successor goes on with the next one. The files are
    rendered outside every transaction.
    """
    with translation.override(settings.LANGUAGE_CODE):  # papers are Chinese, whoever is at work
        letters = Letters(wording, as_of=at)
        open_letters = letters_to_write(wording, most + 1)
        for letter, unit_id in open_letters[:most]:
            _write(actor, letter, letters.composed(letter, unit_id, issued_on=_day(letter)), at=at)
    if len(open_letters) > most:
        return False
    issue_letters(actor, wording.pk, at=at)
    return True


def _day(letter: Briefing) -> Any:
    return timezone.localdate(letter.issued_at)


def _write(actor: Actor, letter: Briefing, composed: Composed, *, at: datetime) -> None:
    folders = tuple(settings.FONT_FOLDERS)
    files = {}
    for kind, render in (("docx", render_docx), ("pdf", render_pdf)):
        content = render(composed.paper, font_paths=folders)
        files[kind] = (storage.keep(content), len(content))
    freeze_letter(actor, letter.pk, composed=composed, files=files, at=at)


@action("briefing.freeze_letter")
def freeze_letter(
    actor: Actor, letter_id: int, *, composed: Composed, files: dict[str, tuple[str, int]], at: datetime
) -> Briefing:
    """Keep a numbered letter's text, figures and files; `files` has digest and size of the kept `docx` and `pdf`.

    :raises RecordMoved: when it was written before
    """
    require(actor, "briefing.approve")
    letter = Briefing.objects.select_for_update().get(pk=letter_id)
    if letter.status != ISSUING or letter.pdf_file_id is not None:
        raise RecordMoved(f"{letter.number_text}已经生成。")
    office = organisations.standing(Level.OFFICE).get()
    name = file_name(letter, composed.paper)
    kept = {
        kind: add_file(
            actor, unit_id=office.pk, name=f"{name}.{kind}", kind=kind, digest=digest, size_bytes=size, at=at
        )
        for kind, (digest, size) in files.items()
    }
    letter.content, letter.content_digest = composed.paper.to_dict(), composed.paper.digest
    letter.docx_file, letter.pdf_file = kept["docx"], kept["pdf"]
    letter.save(update_fields=["content", "content_digest", "docx_file", "pdf_file"])
    freeze_figures(letter, composed, at=at)
    number = f"{letter.series}-{letter.year}-{letter.issue_number}"
    record(actor, "briefing.freeze_letter", letter, at=at, number=number, digest=letter.content_digest)
    return letter


@action("briefing.issue_letters")
def issue_letters(actor: Actor, wording_id: int, *, at: datetime) -> Briefing:
    """Issue all letters of a text at once and tell each unit of its own.

    :raises RecordMoved: while a letter is not written, or when they were issued before
    """
    require(actor, "briefing.approve")
    wording = Briefing.objects.select_for_update().get(pk=wording_id)
    letters = list(letters_of(wording).filter(status=ISSUING).prefetch_related("addressees"))
    if wording.status != ISSUING or any(letter.pdf_file_id is None for letter in letters):
        raise RecordMoved(f"《{wording.title}》的函件还没有全部生成，或已经印发。")
    wording.letters.filter(status=ISSUING).update(status=ISSUED)
    Distribution.objects.bulk_create(
        Distribution(briefing=letter, unit=unit, sent_at=at)
        for letter in letters
        for unit in letter.addressees.all()
    )
    wording.status = ISSUED
    wording.save(update_fields=["status"])
    notify_many(map(_told, letters), at=at)
    done = Told(
        f"《{wording.title}》共 {len(letters)} 件已全部印发。",
        role=Role.OFFICE_OFFICER,
        link=reverse("briefings:letters", args=[wording.pk]),
    )
    notify_many([done], at=at)
    digests = {letter.issue_number: letter.content_digest for letter in letters}
    record(actor, "briefing.issue_letters", wording, at=at, letters=digests)
    return wording


def _told(letter: Briefing) -> Told:
    (unit,) = letter.addressees.all()
    sentence = f"{letter.paper_kind.name}{letter.number_text}已印发：{letter.title}"
    return Told(sentence, unit_id=unit.pk, link=reverse("briefings:briefing", args=[letter.pk]))
