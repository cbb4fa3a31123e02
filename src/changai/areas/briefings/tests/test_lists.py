"""Finding papers in the list, what is said of a second paper about a month, and charts where no figure opens."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from changai.areas.accounts.tests.make import actor_for, make_person
from changai.areas.briefings import queries
from changai.areas.briefings.actions import ask_countersigns, cancel_briefing, receive_paper
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.tests.make import (
    WRITTEN,
    MadeMonth,
    make_approved,
    make_draft,
    make_frozen,
)
from changai.areas.briefings.tests.test_kinds import issue, make_paper
from changai.areas.briefings.views.numbering import issue_sentence, number_warnings, twin_sentences
from changai.core.periods import Month
from changai.foundation.actors import Actor, Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]
OCTOBER = Month(2026, 10)


def test_papers_are_found_by_words_month_unit_and_what_was_sent(
    officer: Actor, office_head: Actor, month: MadeMonth, signed_in: SignIn
) -> None:
    make_person(Role.UNIT_LIAISON, month.late)
    blocks = [{"kind": "paragraph", "text": "“五小”活动要抓紧，100%_完成。"}]
    notice = issue(
        officer, office_head, make_paper(officer, "notice_red", month, title="红色督办", blocks=blocks)
    )
    circular = issue(
        officer, office_head, make_paper(officer, "supervision_circular", month, title="督查通报")
    )
    briefing = make_frozen(officer, office_head)
    office = signed_in(officer)

    def found(client: Client, **asked: object) -> set[int]:
        page = client.get(reverse("briefings:index"), asked)
        return {paper.pk for paper in page.context["listing"]}

    everything = {notice.pk, circular.pk, briefing.pk}
    assert found(office) == everything
    assert found(office, q="活动要抓紧") == {notice.pk}  # words of the text
    assert found(office, q="100%_完") == {notice.pk}
    assert found(office, q="督查") == {circular.pk}
    assert found(office, q="没有这样的话") == set()
    assert found(office, month="2026-10", kind="briefing") == {briefing.pk}
    assert found(office, month="2026-09") == found(office, month="十月") == set()
    assert found(office, unit=month.late.pk) == {notice.pk}
    assert found(office, sort="-issued") == everything
    unit = signed_in(actor_for(Role.UNIT_HEAD, month.late))
    assert found(unit, sent="all") == {notice.pk, circular.pk}
    receive_paper(actor_for(Role.UNIT_HEAD, month.late), notice.pk, at=WRITTEN)
    assert found(unit, sent="open") == {circular.pk}
    page = unit.get(reverse("briefings:index")).content.decode()
    assert page.count("待签收<") == 1
    assert "主送单位" not in page
    assert "发给本单位的" not in office.get(reverse("briefings:index")).content.decode()


@pytest.mark.usefixtures("month")
def test_a_second_paper_about_a_month_is_told_before_start_and_before_issue(
    officer: Actor, office_head: Actor, signed_in: SignIn
) -> None:
    issued = make_frozen(officer, office_head)
    second = make_approved(officer, office_head)
    (told,) = number_warnings(second, WRITTEN.date())
    assert issued.title in told
    assert told in issue_sentence(second, WRITTEN.date())
    assert [paper.pk for paper in queries.twins("briefing", OCTOBER)] == [issued.pk, second.pk]
    page = signed_in(office_head).get(reverse("briefings:briefing", args=[second.pk])).content.decode()
    assert told in page
    cancel_briefing(office_head, second.pk, reason="重复", version=second.version, at=WRITTEN)
    assert [paper.pk for paper in queries.twins("briefing", OCTOBER)] == [issued.pk]
    last = queries.months_to_tell(timezone.localdate())[0]
    begun = make_draft(officer, month=last, blocks=[])
    sent = {"kind": "briefing", "month": str(last), "template": "empty"}
    answer = signed_in(officer).post(reverse("briefings:start"), sent, follow=True)
    assert f"还有一件《{begun.title}》在办理（起草中）" in answer.content.decode()


@pytest.mark.usefixtures("month")
def test_letters_notices_and_minutes_are_many_a_month(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    issue(officer, office_head, make_paper(officer, "notice_blue", month))
    issue(officer, office_head, make_paper(officer, "minutes", month))
    for kind in ("notice_blue", "minutes"):
        assert twin_sentences(kind, OCTOBER) == []


def test_another_code_in_the_same_row_of_numbers_is_told(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    first = issue(officer, office_head, make_paper(officer, "supervision_circular", month))
    second = make_paper(officer, "assessment_circular", month)
    year = first.year
    assert year is not None
    assert queries.other_codes(second, year) == []
    Briefing.objects.filter(pk=first.pk).update(number_code="旧代字")
    assert queries.other_codes(second, year) == ["旧代字"]
    assert queries.other_codes(second, year - 1) == []


def test_no_figure_opens_on_the_page_of_countersigning(
    officer: Actor, month: MadeMonth, signed_in: SignIn
) -> None:
    """One rule for words, tables and charts: records are opened once a paper is issued, each to who may see them."""
    draft = make_draft(officer)
    ask_countersigns(officer, draft.pk, unit_ids=(month.late.pk,), at=WRITTEN)
    head = signed_in(actor_for(Role.UNIT_HEAD, month.late))
    page = head.get(reverse("briefings:countersign", args=[draft.pk])).content.decode()
    assert "chart" in page
    assert f"/briefings/{draft.pk}/figures/" not in page
