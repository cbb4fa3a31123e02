"""The indicator system of a round is fixed: a newer version issued while the round runs changes nothing of it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from changai.areas.accounts.tests.make import MOMENT
from changai.areas.assessments.models import Round
from changai.areas.assessments.queries import card_of, replays_identically
from changai.areas.assessments.tests.make import make_round, published
from changai.areas.organisations.models import Unit
from changai.areas.schemes.actions import Named, issue_scheme, start_scheme
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.queries import issued_tables
from changai.core.errors import Invalid
from changai.core.periods import Month
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


def test_a_round_takes_the_version_that_was_in_force_in_its_months(
    officer: Actor, office_head: Actor, issued: SchemeVersion, county: Unit, rival: Unit
) -> None:
    later = MOMENT + timedelta(days=1)
    newer = start_scheme(officer, Named(issued.name, issued.year, "9.9"), copied=issued.pk, at=later)
    newer = issue_scheme(
        office_head, newer.pk, version=newer.version, effective_from=date(2027, 1, 1),
        effective_to=date(2027, 12, 31), at=later,
    )  # fmt: skip
    offered = {version.pk: words for version, _category, words in issued_tables(officer)}
    assert "有效期至2026年12月31日" in offered[issued.pk]
    with pytest.raises(Invalid, match="自 2027年1月1日起施行，不能用于2026年10月及以前的考核"):
        make_round(officer, newer)
    january = Month(2027, 1)
    with pytest.raises(Invalid, match="有效期到 2026年12月31日为止，不能用于2027年1月的考核"):
        make_round(officer, SchemeVersion.objects.get(pk=issued.pk), last=january)
    with pytest.raises(Invalid, match="有效期到 2027年12月31日为止"):
        make_round(officer, newer, last=Month(2028, 1))
    assert make_round(officer, issued).scheme_id == issued.pk
    assert make_round(officer, newer, last=january).scheme_id == newer.pk


def test_a_published_result_is_kept_as_a_file_that_scores_the_same(
    officer: Actor, office_head: Actor, opened: Round
) -> None:
    round_ = published(officer, office_head, opened)
    kept = archive_of(card_of(round_, round_.frozen_facts), name=round_.name)
    assert (replay_archive(kept).differences, kept["result"]["digest"]) == ((), round_.result_digest)
