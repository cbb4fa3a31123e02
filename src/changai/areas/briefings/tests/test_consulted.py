"""意见采纳情况: a paper made from a consultation that is over, issued, frozen, and open down to each opinion."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import MOMENT
from changai.areas.briefings.actions import start_briefing
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.queries import catalogue_for, openable
from changai.areas.briefings.tests.test_kinds import issue
from changai.areas.reporting.tests.make import OCTOBER
from changai.areas.schemes.actions import close_consultation, decide_comment, merge_comments
from changai.areas.schemes.models import Comment, Consultation
from changai.areas.schemes.tests.make import make_dictionary, make_draft
from changai.areas.schemes.tests.test_consulting import circulate, say
from changai.core.errors import Invalid
from changai.documents.checking import check_document
from changai.documents.docx import render_docx
from changai.documents.paper import Table, paper_from_dict, plain
from changai.foundation.actors import Actor

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]


@pytest.fixture
def consultation(officer: Actor, liaison: Actor, other_liaison: Actor) -> Consultation:
    """Two units said the same of 1.1; the consultation is over and nothing is decided."""
    make_dictionary()
    sent = circulate(officer, make_draft(officer), liaison, other_liaison)
    for unit in (liaison, other_liaison):
        say(sent, unit, "分值偏高。")
    sent.refresh_from_db()
    return close_consultation(officer, sent.pk, version=sent.version, at=MOMENT)


def decide(officer: Actor, consultation: Consultation) -> None:
    first, second = Comment.objects.order_by("pk")
    merge_comments(officer, first.pk, comment_ids=[second.pk], at=MOMENT)
    lead = Comment.objects.get(merged_into__isnull=True)
    decide_comment(
        officer, lead.pk, decision="partly", reason="分值调为45分。", version=lead.version, at=MOMENT
    )


def started(office: Client, consultation: Consultation) -> Briefing:
    given = {"kind": "opinions", "month": "2026-10", "template": "template", "consultation": consultation.pk}
    answer = office.post(reverse("briefings:start"), given)
    assert answer.status_code == 303, answer.content.decode()
    return Briefing.objects.get()


def test_a_paper_on_opinions_waits_until_each_of_them_is_decided(
    officer: Actor, consultation: Consultation, signed_in: SignIn
) -> None:
    with pytest.raises(Invalid, match="还有 2 条意见没有处理"):
        start_briefing(
            officer, title="通报", month=OCTOBER, kind="opinions", blocks=[], consultation_id=consultation.pk,
            at=MOMENT,
        )  # fmt: skip
    with pytest.raises(Invalid, match="请选择已结束的征求意见"):
        start_briefing(officer, title="通报", month=OCTOBER, kind="opinions", blocks=[], at=MOMENT)
    page = signed_in(officer).get(reverse("schemes:consultation", args=[consultation.pk])).content.decode()
    assert "起草采纳情况通报" not in page
    decide(officer, consultation)
    page = signed_in(officer).get(reverse("schemes:consultation", args=[consultation.pk])).content.decode()
    assert f"kind=opinions&amp;consultation={consultation.pk}" in page


def test_the_table_of_opinions_is_issued_frozen_and_open_to_those_who_spoke(
    officer: Actor, office_head: Actor, liaison: Actor, consultation: Consultation, signed_in: SignIn
) -> None:
    decide(officer, consultation)
    office = signed_in(officer)
    paper = issue(officer, office_head, started(office, consultation))
    assert "意见采纳情况的通报" in paper.title
    frozen = paper_from_dict(paper.content)
    said = "".join(plain(block.parts) for block in frozen.blocks if hasattr(block, "parts"))
    assert "向2个单位征求意见，2个单位反馈，其中0个单位无意见；共收到意见2条，合并为1条。" in said
    assert "采纳0条，部分采纳1条，不采纳0条（采纳率100.0%）" in said
    (table,) = [block for block in frozen.blocks if isinstance(block, Table)]
    (row,) = [tuple(map(plain, row)) for row in table.rows]
    assert row[2] == "分值偏高。（建议修改为：改为50分）"
    assert row[4:] == ("部分采纳", "分值调为45分。")
    assert not [each for each in check_document(render_docx(frozen), name="a.docx") if each.is_binding]
    page = office.get(reverse("briefings:briefing", args=[paper.pk])).content.decode()
    assert '<col width="6%">' in page  # columns as wide as on paper
    assert "<br>" in page.partition('id="paper-title">')[2].partition("</h2>")[0]
    figure = paper.figures.get(key__startswith="opinions.")
    assert figure.formula == "分值调为45分。"
    page = office.get(reverse("briefings:record", args=[paper.pk, 1, figure.key])).content.decode()
    assert "部分采纳" in page
    assert "分值调为45分。" in page
    # A unit opens what it said itself and not what others said.
    opened = openable(liaison, figure.records)
    assert len(figure.records) == 2
    assert len(opened) == 1
    answered = paper.figures.get(key="consulted.answered")
    page = office.get(reverse("briefings:record", args=[paper.pk, 1, answered.key])).content.decode()
    assert "已反馈" in page


def test_other_papers_know_nothing_of_consultations(officer: Actor, consultation: Consultation) -> None:
    catalogue = catalogue_for(officer, OCTOBER, round_=None, as_of=MOMENT)
    assert "意见条数" not in catalogue.names
    told = catalogue_for(officer, OCTOBER, round_=None, as_of=MOMENT, consultation=consultation)
    assert told.produce("意见条数").text == "2"
    assert "table.opinions" not in told.drawn
