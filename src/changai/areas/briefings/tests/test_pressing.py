"""From an overdue report straight into the draft of a 督办单: by a person, once, in the colour of its delay."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changai.areas.briefings.models import Briefing
from changai.areas.briefings.rules import cleaned_blocks
from changai.areas.briefings.rules.pressing import LateReport, pressing_blocks, pressing_title
from changai.areas.reporting.actions import send_supervision
from changai.areas.reporting.models import Report
from changai.areas.reporting.tests.make import make_report, make_unit, sign
from changai.core.burden import paper_findings
from changai.foundation.actors import Actor

SignIn = Callable[[Actor], Client]
FIVE_AFTER = datetime(2026, 11, 12, 1, 30, tzinfo=UTC)
LATE = st.builds(
    LateReport,
    st.sampled_from(["10月月度台账", "9月月度台账（退回补正）"]),
    st.dates(date(2026, 1, 1)),
    st.integers(1, 60),
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first draws import; a busy machine is slow then
@given(st.lists(LATE, min_size=1, max_size=4), st.lists(st.tuples(st.dates(), st.just("蓝色")), max_size=2))
def test_the_draft_names_every_report_and_asks_for_no_papers(
    late: list[LateReport], noticed: list[tuple[date, str]]
) -> None:
    blocks = pressing_blocks(late, noticed)
    text = "".join(block["text"] for block in blocks)
    assert all(f"{one.name}应于" in text and f"逾期{one.days}个工作日" in text for one in late)
    assert text.count("督办提醒") == len(noticed)
    assert cleaned_blocks(blocks) == blocks
    assert not list(paper_findings(("正文", block["text"]) for block in blocks))
    assert len(pressing_title(late)) <= 60


@pytest.fixture
def overdue(time_machine: object) -> Report:
    report = make_report(make_unit("无县"))
    time_machine.move_to(FIVE_AFTER)  # type: ignore[attr-defined]
    return report


@pytest.mark.django_db
def test_one_press_makes_the_draft_and_a_second_opens_it(
    overdue: Report, officer: Actor, liaison: Actor, signed_in: SignIn
) -> None:
    send_supervision(officer, overdue.obligation_id, colour="blue", words="请速报", at=FIVE_AFTER)
    address = reverse("briefings:press", args=[overdue.obligation_id])
    assert signed_in(liaison).post(address).status_code in {403, 404}
    office = signed_in(officer)
    assert (
        address in office.get(reverse("reporting:obligation", args=[overdue.obligation_id])).content.decode()
    )
    first = office.post(address)
    paper = Briefing.objects.get()
    assert first.headers["Location"] == reverse("briefings:compose", args=[paper.pk])
    assert (paper.kind, paper.title) == ("notice_yellow", "关于抓紧报送10月月度台账的督办单")
    assert [unit.name for unit in paper.addressees.all()] == ["无县"]
    assert "应于2026年11月5日前报送，已逾期5个工作日" in paper.draft[1]["text"]
    assert "2026年11月12日发出蓝色督办提醒" in paper.draft[2]["text"]
    shown = office.get(first.headers["Location"]).content.decode()
    assert "关于抓紧报送10月月度台账的督办单" in shown
    assert office.post(address).headers["Location"] == first.headers["Location"]
    assert Briefing.objects.count() == 1


@pytest.mark.django_db
def test_what_has_arrived_is_not_pressed_for(overdue: Report, officer: Actor, signed_in: SignIn) -> None:
    sign(overdue, at=FIVE_AFTER)
    answer = signed_in(officer).post(reverse("briefings:press", args=[overdue.obligation_id]))
    assert answer.status_code == 409
    page = (
        signed_in(officer).get(reverse("reporting:obligation", args=[overdue.obligation_id])).content.decode()
    )
    assert reverse("briefings:press", args=[overdue.obligation_id]) not in page
    assert "不需督办" in answer.content.decode()
    assert not Briefing.objects.exists()
