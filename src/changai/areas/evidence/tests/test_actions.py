from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from changai.areas.accounts.tests.make import MOMENT
from changai.areas.evidence import queries, storage
from changai.areas.evidence.actions import keep_file
from changai.areas.evidence.models import EvidenceFile
from changai.areas.evidence.rules import TooLarge
from changai.areas.evidence.tests.make import PDF
from changai.areas.organisations.models import Unit
from changai.core.errors import NotAllowed, NotVisible, Unreadable
from changai.documents.intake.tests.files import make_zip
from changai.foundation import quarantine
from changai.foundation.actors import Actor
from changai.foundation.audit.models import AuditEvent


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    return settings.EVIDENCE_FOLDER


def test_a_kept_file_lies_under_its_digest_and_reads_back(folder: Path, liaison: Actor, unit_a: Unit) -> None:
    file = keep_file(liaison, unit_id=unit_a.pk, name="证明.pdf", content=PDF, at=MOMENT)

    place = folder / "objects" / file.digest[:2] / file.digest[2:4] / file.digest
    assert place.read_bytes() == PDF
    assert queries.read_file(liaison, file.pk) == (file, PDF)
    assert not list((folder / "incoming").iterdir())
    assert AuditEvent.objects.get().detail["digest"] == file.digest


def test_the_same_file_twice_is_one_row(liaison: Actor, unit_a: Unit) -> None:
    first = keep_file(liaison, unit_id=unit_a.pk, name="证明.pdf", content=PDF, at=MOMENT)
    second = keep_file(liaison, unit_id=unit_a.pk, name="证明.pdf", content=PDF, at=MOMENT)
    other = keep_file(liaison, unit_id=unit_a.pk, name="另一份.pdf", content=PDF, at=MOMENT)

    assert first == second
    assert (other.pk, other.digest) != (first.pk, first.digest)
    assert other.digest == first.digest
    assert EvidenceFile.objects.count() == 2


def test_only_the_own_unit_may_add(
    liaison: Actor, officer: Actor, leader: Actor, unit_a: Unit, unit_b: Unit
) -> None:
    with pytest.raises(NotVisible):
        keep_file(liaison, unit_id=unit_b.pk, name="a.pdf", content=PDF, at=MOMENT)
    with pytest.raises(NotAllowed):
        keep_file(leader, unit_id=unit_a.pk, name="a.pdf", content=PDF, at=MOMENT)
    keep_file(officer, unit_id=unit_b.pk, name="a.pdf", content=PDF, at=MOMENT)


def test_too_large_is_told_before_anything_is_kept(
    folder: Path, settings: Any, liaison: Actor, unit_a: Unit
) -> None:
    settings.UPLOAD_LIMIT_BYTES = len(PDF) - 1
    with pytest.raises(TooLarge) as refusal:
        keep_file(liaison, unit_id=unit_a.pk, name="a.pdf", content=PDF, at=MOMENT)
    assert refusal.value.status == 413
    assert not folder.exists()


def test_a_changed_byte_is_an_error_not_a_file(
    folder: Path, liaison: Actor, unit_a: Unit, caplog: Any
) -> None:
    file = keep_file(liaison, unit_id=unit_a.pk, name="a.pdf", content=PDF, at=MOMENT)
    (folder / "objects" / file.digest[:2] / file.digest[2:4] / file.digest).write_bytes(PDF + b" ")

    with pytest.raises(storage.Damaged):
        queries.read_file(liaison, file.pk)
    assert list(queries.faulty_files()) == [(file.digest, "a.pdf", "内容与摘要不符")]
    assert file.digest in caplog.text


def test_the_sweep_takes_only_old_half_written_files(folder: Path) -> None:
    digest = storage.keep(PDF)
    left = folder / "incoming" / "tmp1"
    left.write_bytes(b"half")
    assert storage.sweep(before=MOMENT - timedelta(days=4000)) == 0
    assert storage.sweep(before=MOMENT + timedelta(days=4000)) == 1
    assert storage.open_digest(digest) == PDF
    assert folder == settings.EVIDENCE_FOLDER


def test_a_bomb_named_xlsx_is_refused_kept_aside_and_told_in_the_log(
    folder: Path, liaison: Actor, unit_a: Unit
) -> None:
    """X01 as evidence: nobody here opens it, but the reviewer who downloads it would."""
    bomb = make_zip({"[Content_Types].xml": "<Types/>", "xl/media/image1.png": bytes(80 << 20)})

    with pytest.raises(Unreadable, match="压缩比异常"):
        keep_file(liaison, unit_id=unit_a.pk, name="证明.xlsx", content=bomb, at=MOMENT)

    assert not EvidenceFile.objects.exists()
    assert not list(folder.glob("objects/*/*/*"))
    line = AuditEvent.objects.get(act="import.rejected")
    assert line.detail["code"] == "unreadable"
    assert quarantine.kept(line.detail["digest"]) == bomb
    assert quarantine.sweep(before=MOMENT - timedelta(days=36500)) == 0
