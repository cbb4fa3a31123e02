from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import MOMENT
from changai.areas.evidence.actions import keep_file
from changai.areas.evidence.models import EvidenceFile
from changai.areas.evidence.tests.make import PDF
from changai.areas.organisations.models import Unit
from changai.foundation.actors import Actor

SignIn = Callable[[Actor], Client]


@pytest.fixture
def file(settings: Any, tmp_path: Path, liaison: Actor, unit_a: Unit) -> EvidenceFile:
    settings.EVIDENCE_FOLDER = tmp_path
    return keep_file(liaison, unit_id=unit_a.pk, name='证明"1".pdf', content=PDF, at=MOMENT)


def test_it_is_a_download_that_no_browser_runs(file: EvidenceFile, liaison: Actor, signed_in: SignIn) -> None:
    answer = signed_in(liaison).get(reverse("evidence:file", args=[file.pk]))

    assert answer.content == PDF
    assert answer["Content-Disposition"] == (
        "attachment; filename=\"___1_.pdf\"; filename*=UTF-8''%E8%AF%81%E6%98%8E%EF%BC%821%EF%BC%82.pdf"
    )
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_strangers_get_the_answer_of_a_file_that_is_not_there(
    file: EvidenceFile, other_liaison: Actor, audit_administrator: Actor, signed_in: SignIn
) -> None:
    for stranger in (other_liaison, audit_administrator):
        client = signed_in(stranger)
        assert client.get(reverse("evidence:file", args=[file.pk])).status_code == 404
        assert client.get(reverse("evidence:file", args=[file.pk + 999])).status_code == 404


def test_nobody_gets_a_sign_in_page(file: EvidenceFile, visitor: Client) -> None:
    assert visitor.get(reverse("evidence:file", args=[file.pk])).status_code == 302
