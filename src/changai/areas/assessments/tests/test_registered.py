"""A correction of an accepted figure and the rounds that keep what it said before: both ways, and who moves."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import MOMENT
from changai.areas.assessments import actions, queries
from changai.areas.assessments.models import Round
from changai.areas.assessments.queries.registered import touched_by
from changai.areas.assessments.tests.make import OCTOBER, judge_all, make_round, published, scored
from changai.areas.facts.models import Fact
from changai.areas.organisations.models import Unit
from changai.areas.reporting.actions import CorrectionEntry, approve_correction, ask_correction
from changai.areas.reporting.models import Correction
from changai.areas.schemes.models import SchemeVersion
from changai.core.errors import RecordMoved
from changai.foundation.actors import Actor

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]


def corrected(officer: Actor, head: Actor, unit: Unit, value: int) -> Correction:
    """Correct what the unit trained in October."""
    fact = Fact.objects.get(unit=unit, field__code="trained", month=OCTOBER.first_on, is_current=True)
    asked = ask_correction(officer, fact.pk, CorrectionEntry(Decimal(value), "台账漏记一个班次"), at=MOMENT)
    return approve_correction(head, asked.pk, at=MOMENT)


@pytest.fixture
def checking(officer: Actor, opened: Round, issued: SchemeVersion) -> Round:
    """A round of the full course, scored and not yet shown to anybody."""
    actions.drop_round(officer, opened.pk, version=opened.version, reason="改用完整程序", at=MOMENT)
    round_ = make_round(officer, issued, course="full", name="完整考核")
    round_ = actions.freeze_round(officer, round_.pk, version=round_.version, at=MOMENT)
    judge_all(officer, round_)
    return scored(officer, round_)


def test_a_correction_lists_the_rounds_that_keep_the_old_figure_and_who_would_move(
    officer: Actor, office_head: Actor, county: Unit, checking: Round, opened: Round
) -> None:
    done = corrected(officer, office_head, county, 500)
    (one,) = touched_by(officer, done, at=MOMENT)
    assert (one.round, one.way, one.kept["value"], one.now["value"]) == (checking, "take", "300", "600")
    assert [move["unit"] for move in one.moves][:1] == [county.code]


def test_taking_it_makes_a_new_version_that_names_the_register(
    officer: Actor, office_head: Actor, county: Unit, checking: Round, signed_in: SignIn
) -> None:
    done = corrected(officer, office_head, county, 500)
    (moved,) = queries.moved_figures(Round.objects.get(pk=checking.pk))
    assert moved.corrections == (done.pk,)
    office = signed_in(officer)
    page = office.get(reverse("assessments:round", args=[checking.pk])).content.decode()
    assert reverse("assessments:correction", args=[done.pk]) in page
    there = office.get(reverse("reporting:correction", args=[done.pk])).content.decode()
    assert reverse("assessments:correction", args=[done.pk]) in there
    shown = office.get(reverse("assessments:correction", args=[done.pk])).content.decode()
    assert "完整考核" in shown
    assert "采用后有变动的单位" in shown
    checking.refresh_from_db()
    take = reverse("assessments:take_correction", args=[checking.pk, done.pk])
    assert office.post(take, {"version": checking.version}).status_code == 303
    checking.refresh_from_db()
    kept = checking.facts_versions.get(number=2)
    assert kept.reason == f"数据更正登记第{done.pk}号：台账漏记一个班次"
    assert kept.moves
    row = next(
        row for row in checking.frozen_facts if (row["unit"], row["field"]) == (county.code, "trained")
    )
    assert (row["value"], done.new_fact_id in row["facts"]) == ("600", True)
    assert queries.moved_figures(checking) == []
    changes = office.get(reverse("assessments:changes", args=[checking.pk])).content.decode()
    assert reverse("reporting:correction", args=[done.pk]) in changes
    (one,) = touched_by(officer, done, at=MOMENT)
    assert one.way == "same"
    with pytest.raises(RecordMoved, match="不必再办"):
        actions.take_correction(officer, checking.pk, done.pk, version=checking.version, at=MOMENT)
    assert queries.replays_identically(checking)


def test_a_published_result_stays_and_a_short_one_is_scored_again(
    officer: Actor, office_head: Actor, county: Unit, opened: Round, signed_in: SignIn
) -> None:
    judge_all(officer, opened)
    round_ = scored(officer, opened)
    done = corrected(officer, office_head, county, 500)
    (one,) = touched_by(officer, done, at=MOMENT)
    assert (one.way, bool(one.moves)) == ("score", True)
    published(officer, office_head, round_)
    # Published after scoring anew: it says what the figure says today.
    assert [each.way for each in touched_by(officer, done, at=MOMENT)] == ["same"]
    again = corrected(officer, office_head, county, 450)
    (one,) = touched_by(officer, again, at=MOMENT)
    assert one.way == "amend"
    with pytest.raises(RecordMoved, match="已公布"):
        actions.take_correction(
            officer, round_.pk, again.pk, version=Round.objects.get(pk=round_.pk).version, at=MOMENT
        )
    page = signed_in(officer).get(reverse("assessments:correction", args=[again.pk])).content.decode()
    assert reverse("assessments:amend", args=[one.score_id, one.code]) in page
    leaf = round_.scores.get(unit=county).leaves.first()
    assert signed_in(officer).get(reverse("assessments:leaf", args=[leaf.pk])).status_code == 200


def test_units_and_strangers_do_not_decide(
    officer: Actor, office_head: Actor, liaison: Actor, county: Unit, checking: Round, signed_in: SignIn
) -> None:
    done = corrected(officer, office_head, county, 500)
    assert signed_in(liaison).get(reverse("assessments:correction", args=[done.pk])).status_code == 403
