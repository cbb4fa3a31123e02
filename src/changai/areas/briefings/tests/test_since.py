"""An issued figure's page: what became of its records, its corrections, and whose records they are."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.briefings.actions import correct_paper
from changai.areas.briefings.queries import changed_since, figure_for
from changai.areas.briefings.tests.make import OCTOBER, WRITTEN, MadeMonth, make_frozen, sign_with
from changai.areas.facts.tests.make import make_fact
from changai.areas.reporting.tests.make import TOO_LATE
from changai.foundation.actors import Actor

pytestmark = pytest.mark.django_db
TRAINED = "facts.trained.month"


@pytest.fixture
def office(signed_in: Callable[[Actor], Client], officer: Actor) -> Client:
    return signed_in(officer)


def shown(client: Client, pk: int, key: str, **asked: str) -> str:
    return client.get(reverse("briefings:figure", args=[pk, key]), asked).content.decode()


def test_a_record_that_changed_says_what_it_is_now_beside_what_it_was(
    officer: Actor, office_head: Actor, office: Client, month: MadeMonth
) -> None:
    issued = make_frozen(officer, office_head)
    assert "印发后变化" not in shown(office, issued.pk, TRAINED)
    assert "与印发时相同" in shown(office, issued.pk, TRAINED, now="1")
    make_fact(month.early, month.trained, 500)
    make_fact(month.early, month.trained, 50)  # a correction of the correction
    page = shown(office, issued.pk, TRAINED)
    assert "印发后有 1 条来源记录发生变化" in page
    assert "现为 50<" in page
    assert "13人次" in page
    assert "现为 <strong>58人次</strong>" in shown(office, issued.pk, TRAINED, now="1")


def test_reports_and_tasks_tell_what_became_of_them(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    issued = make_frozen(officer, office_head)
    rows = figure_for(officer, issued.pk, "rates.owed").records
    assert changed_since(officer, rows) == {}
    sign_with(month.reports[2], percent="100", value="1", at=TOO_LATE)
    assert changed_since(officer, rows) == {
        ("reporting.report", month.reports[2].pk): "已于2026年11月9日报出"
    }
    claim = month.claims[1]
    row = {"type": "tasks.claim", "id": claim.pk, "value": "已认领，时限2026年10月31日"}
    claim.completed_on = TOO_LATE.date()
    claim.save()
    assert changed_since(officer, [row]) == {("tasks.claim", claim.pk): "已于2026年11月9日完成"}


def test_a_figure_of_a_table_is_worked_out_again_too(
    officer: Actor, office_head: Actor, office: Client, month: MadeMonth
) -> None:
    issued = make_frozen(officer, office_head)
    sign_with(month.reports[2], percent="100", value="1", at=TOO_LATE)
    assert "现为 <strong>2</strong>" in shown(office, issued.pk, "rates.county.late", now="1")


def test_corrections_of_the_paper_stand_on_the_page_of_a_figure(
    officer: Actor, office_head: Actor, office: Client, month: MadeMonth
) -> None:
    issued = make_frozen(officer, office_head)
    correct_paper(
        office_head, issued.pk, place="第一部分", printed="13人次", right="14人次", reason="漏计", at=WRITTEN
    )
    page = shown(office, issued.pk, TRAINED)
    assert "本文有更正" in page
    assert "“13人次”应为“14人次”" in page


def test_a_unit_finds_its_own_records_first_and_is_told_of_the_others(
    officer: Actor, office_head: Actor, signed_in: Callable[[Actor], Client], liaison: Actor, month: MadeMonth
) -> None:
    issued = make_frozen(officer, office_head)
    page = shown(signed_in(liaison), issued.pk, TRAINED)
    assert "这些是其他单位的记录" in page


def test_the_sum_of_each_unit_stands_on_the_page(
    officer: Actor, office_head: Actor, office: Client, month: MadeMonth
) -> None:
    make_fact(month.early, month.trained, 7, month=OCTOBER.plus(-1))
    issued = make_frozen(
        officer, office_head, blocks=[{"kind": "paragraph", "text": "今年【今年累计培训人次】。"}]
    )
    page = shown(office, issued.pk, "facts.trained.year")
    assert "各单位的数" in page
    assert '<th scope="row">早县</th><td class="num">2</td><td class="num">12</td>' in page
