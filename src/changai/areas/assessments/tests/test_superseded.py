"""The indicator system of a round is fixed: a newer version issued while the round runs changes nothing of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from changai.areas.accounts.tests.make import MOMENT
from changai.areas.assessments.models import Round
from changai.areas.assessments.queries import card_of, replays_identically
from changai.areas.assessments.tests.make import published
from changai.areas.schemes.actions import Named, issue_scheme, start_scheme
from changai.areas.schemes.models import SchemeVersion
from changai.core.scoring.archives import archive_of, replay_archive
from changai.foundation.actors import Actor

pytestmark = pytest.mark.django_db


def test_a_round_goes_on_by_the_version_it_was_opened_with(
    officer: Actor, office_head: Actor, issued: SchemeVersion, opened: Round
) -> None:
    later = MOMENT + timedelta(days=1)
    newer = start_scheme(officer, Named(issued.name, issued.year, "9.9"), copied=issued.pk, at=later)
    issue_scheme(office_head, newer.pk, version=newer.version, at=later)
    issued.refresh_from_db()
    assert issued.status == SchemeVersion.Status.SUPERSEDED
    with pytest.raises(IntegrityError), transaction.atomic():
        SchemeVersion.objects.filter(pk=issued.pk).update(content=newer.content, digest=newer.digest)
    round_ = published(officer, office_head, opened)
    assert (round_.scheme_id, round_.scheme.digest) == (issued.pk, issued.digest)
    assert replays_identically(round_)


def test_a_published_result_is_kept_as_a_file_that_scores_the_same(
    officer: Actor, office_head: Actor, opened: Round
) -> None:
    round_ = published(officer, office_head, opened)
    kept = archive_of(card_of(round_, round_.frozen_facts), name=round_.name)
    assert (replay_archive(kept).differences, kept["result"]["digest"]) == ((), round_.result_digest)
