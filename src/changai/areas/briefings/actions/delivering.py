"""Write the files of numbered letters piece by piece, and show them to the units all at once."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import OperationalError
from django.urls import reverse
from django.utils import translation

from changai.areas.briefings.actions.attaching import Kept, keep_drawn, tie_files
from changai.areas.briefings.models import Briefing, Distribution
from changai.areas.briefings.policies import require
from changai.areas.briefings.queries import file_name, letters_of, letters_to_write
from changai.areas.briefings.rules import ISSUED, ISSUING
from changai.areas.organisations import queries as organisations
from changai.areas.organisations.models import Level
from changai.core.errors import ActionRefused, RecordMoved
from changai.documents.paper import paper_from_dict
from changai.foundation.actions import action
from changai.foundation.actors import OFFICE, Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import Told, notify_many

logger = logging.getLogger("changai")

LETTERS_A_RUN = 60
LONGEST_REFUSAL = 200


def write_letters(actor: Actor, wording: Briefing, *, most: int = LETTERS_A_RUN, at: datetime) -> bool:
    """Write the files of a text's next letters and issue all once the last is written: True.

    What is written is not written again, so a killed worker's successor goes on with the next one. A letter that
    cannot be written is kept with the reason, and the others go on. Files are rendered outside every transaction.

    :raises OperationalError: when the database does not answer; nothing is wrong with the letters then
    """
    with translation.override(settings.LANGUAGE_CODE):  # papers are Chinese, whoever is at work
        for letter in letters_to_write(wording, most):
            try:
                _write(actor, letter, at=at)
            except (OperationalError, RecordMoved):
                raise
            except Exception as failed:
                logger.exception("letter %s could not be written", letter.pk)
                refuse_letter(actor, letter.pk, refusal=sentence_of_failure(failed), at=at)
    if letters_of(wording).filter(pdf_file__isnull=True).exists():
        return False
    issue_letters(actor, wording.pk, at=at)
    return True


def sentence_of_failure(failed: Exception) -> str:
    """Return why something was not written, to people."""
    if isinstance(failed, ActionRefused):
        return str(failed)[:LONGEST_REFUSAL]
    return "生成文件时出错，经过已记入运行日志。请重试；仍不能生成的，请停止印发，并告知系统管理员。"


def _write(actor: Actor, letter: Briefing, *, at: datetime) -> None:
    paper = paper_from_dict(letter.content)
    freeze_letter(actor, letter.pk, name=file_name(letter, paper), files=keep_drawn(paper), at=at)


@action("briefing.freeze_letter")
def freeze_letter(actor: Actor, letter_id: int, *, name: str, files: Kept, at: datetime) -> Briefing:
    """Tie the files to a numbered letter; `files` has digest and size of the kept `docx` and `pdf`.

    :raises RecordMoved: when it was written before, or its letters were stopped
    """
    require(actor, "briefing.approve")
    letter = Briefing.objects.select_for_update().get(pk=letter_id)
    if letter.status != ISSUING or letter.pdf_file_id is not None:
        raise RecordMoved(f"{letter.number_text}已经生成，或已停止印发。")
    office = organisations.standing(Level.OFFICE).get()
    tie_files(actor, letter, unit_id=office.pk, name=name, files=files, at=at)
    letter.refusal = ""
    letter.save(update_fields=["docx_file", "pdf_file", "refusal"])
    number = f"{letter.series}-{letter.year}-{letter.issue_number}"
    record(actor, "briefing.freeze_letter", letter, at=at, number=number, digest=letter.content_digest)
    return letter


@action("briefing.refuse_letter")
def refuse_letter(actor: Actor, letter_id: int, *, refusal: str, at: datetime) -> Briefing:
    """Keep why a letter, or the issue of a whole text, could not be carried out; the office is told of the first.

    :raises RecordMoved: when its letters were stopped or issued meanwhile
    """
    require(actor, "briefing.approve")
    letter = Briefing.objects.select_for_update().get(pk=letter_id)
    if letter.status != ISSUING:
        raise RecordMoved(f"《{letter.title}》的函件已停止印发，或已经印发。")
    wording = letter.wording or letter
    is_first = not wording.refusal and not letters_of(wording).exclude(refusal="").exists()
    letter.refusal = refusal[:LONGEST_REFUSAL]
    letter.save(update_fields=["refusal"])
    if is_first:
        which = f"给{letter.recipients}的一件没有生成" if letter.wording else "没有印发"
        sentence = f"《{wording.title}》{which}：{refusal[:80]}"
        notify_many([_told_office(wording, sentence, role) for role in sorted(OFFICE)], at=at)
    record(actor, "briefing.refuse_letter", letter, at=at, refusal=letter.refusal)
    return letter


@action("briefing.issue_letters")
def issue_letters(actor: Actor, wording_id: int, *, at: datetime) -> Briefing:
    """Issue all letters of a text at once and tell each unit of its own.

    :raises RecordMoved: while a letter is not written, or when they were issued or stopped before
    """
    require(actor, "briefing.approve")
    wording = Briefing.objects.select_for_update().get(pk=wording_id)
    letters = list(letters_of(wording).filter(status=ISSUING).prefetch_related("addressees"))
    if wording.status != ISSUING or any(letter.pdf_file_id is None for letter in letters):
        raise RecordMoved(f"《{wording.title}》的函件还没有全部生成，或已经印发。")
    letters_of(wording).filter(status=ISSUING).update(status=ISSUED)
    Distribution.objects.bulk_create(
        Distribution(briefing=letter, unit=unit, sent_at=at)
        for letter in letters
        for unit in letter.addressees.all()
    )
    wording.status = ISSUED
    wording.save(update_fields=["status"])
    notify_many(map(_told, letters), at=at)
    sentence = f"《{wording.title}》共 {len(letters)} 件已全部印发。"
    notify_many([_told_office(wording, sentence, Role.OFFICE_OFFICER)], at=at)
    digests = {letter.issue_number: letter.content_digest for letter in letters}
    record(actor, "briefing.issue_letters", wording, at=at, letters=digests)
    return wording


def _told(letter: Briefing) -> Told:
    (unit,) = letter.addressees.all()
    sentence = f"{letter.paper_kind.name}{letter.number_text}已印发：{letter.title}"
    return Told(sentence, unit_id=unit.pk, link=reverse("briefings:briefing", args=[letter.pk]))


def _told_office(wording: Briefing, sentence: str, role: Role) -> Told:
    return Told(sentence, role=role, link=reverse("briefings:letters", args=[wording.pk]))
