"""A draft sent out for comment: answers, no comment, signatures, merging, decisions, and the issue that waits."""

import io
from datetime import timedelta

import docx
import openpyxl
import pytest

from changai.areas.accounts.tests.make import MOMENT
from changai.areas.schemes.actions import (
    add_comment,
    circulate_draft,
    close_consultation,
    decide_comment,
    decline_answer,
    discard_draft,
    drop_comment,
    extend_consultation,
    issue_scheme,
    merge_comments,
    part_comment,
    send_answer,
    sign_answer,
    take_back_answer,
    weigh_indicators,
)
from changai.areas.schemes.exports.opinions import opinions_document, opinions_workbook
from changai.areas.schemes.models import Answer, Consultation, SchemeVersion
from changai.areas.schemes.queries.consulting import open_answers, opinions, tally
from changai.areas.schemes.tests.make import make_dictionary, make_draft
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved
from changai.foundation.actors import Actor
from changai.foundation.notices.outbox import notices_for

pytestmark = pytest.mark.django_db
DUE = MOMENT.date() + timedelta(days=10)


@pytest.fixture(autouse=True)
def dictionary() -> None:
    make_dictionary()


@pytest.fixture
def sent(officer: Actor, liaison: Actor, other_liaison: Actor) -> Consultation:
    """A draft sent to the units of the two liaisons."""
    return circulate(officer, make_draft(officer), liaison, other_liaison)


def circulate(officer: Actor, draft: SchemeVersion, *units: Actor, is_signed: bool = False) -> Consultation:
    ids = [unit.unit_id for unit in units if unit.unit_id]
    return circulate_draft(
        officer, draft.pk, unit_ids=ids, due_on=DUE, is_signed=is_signed, version=draft.version, at=MOMENT
    )


def answer_of(sent: Consultation, actor: Actor) -> Answer:
    return Answer.objects.get(consultation=sent, unit_id=actor.unit_id)


def say(sent: Consultation, actor: Actor, text: str, code: str = "1.1") -> int:
    """Add one comment and send it; return its id."""
    row = answer_of(sent, actor)
    comment = add_comment(
        actor,
        row.pk,
        category="县区",
        code=code,
        text=text,
        proposed="改为50分",
        version=row.version,
        at=MOMENT,
    )
    row.refresh_from_db()
    send_answer(actor, row.pk, has_no_comment=False, version=row.version, at=MOMENT)
    return comment.pk


def issue_fault(head: Actor, sent: Consultation) -> str:
    with pytest.raises(Invalid) as refused:
        issue_scheme(head, sent.scheme_id, version=sent.scheme.version, at=MOMENT)
    return " ".join(refused.value.faults)


def test_units_are_told_and_the_issue_waits_until_every_comment_is_decided(
    sent: Consultation, officer: Actor, office_head: Actor, liaison: Actor, other_liaison: Actor
) -> None:
    assert "征求意见稿提出意见" in notices_for(liaison).first().sentence  # type: ignore[union-attr]
    assert [each.pk for each in open_answers(liaison, MOMENT.date())] == [answer_of(sent, liaison).pk]
    assert "还没有结束" in issue_fault(office_head, sent)
    comment = say(sent, liaison, "分值偏高")
    other = answer_of(sent, other_liaison)
    send_answer(other_liaison, other.pk, has_no_comment=True, version=1, at=MOMENT)
    close_consultation(officer, sent.pk, version=1, at=MOMENT)
    told = issue_fault(office_head, sent)
    assert "县区 1.1 培训任务完成率" in told
    assert "分值偏高" in told
    with pytest.raises(Invalid, match="理由"):
        decide_comment(officer, comment, decision="adopted", reason=" ", version=1, at=MOMENT)
    decide_comment(officer, comment, decision="refused", reason="分值与上年一致", version=1, at=MOMENT)
    assert "已处理" in notices_for(liaison).first().sentence  # type: ignore[union-attr]
    counts = tally(sent)
    assert (counts.asked, counts.answered, counts.without, counts.comments, counts.refused) == (2, 2, 1, 1, 1)
    issued = issue_scheme(office_head, sent.scheme_id, version=1, at=MOMENT)
    assert issued.status == "issued"
    with pytest.raises(RecordMoved, match="已印发"):
        decide_comment(officer, comment, decision="adopted", reason="改变主意", version=2, at=MOMENT)


def test_units_see_what_was_sent_whatever_becomes_of_the_draft(sent: Consultation, officer: Actor) -> None:
    from fractions import Fraction

    weigh_indicators(officer, sent.scheme_id, 0, {"1.1": Fraction(50)}, version=1, at=MOMENT)
    sent.refresh_from_db()
    assert sent.content["tables"][0]["nodes"][0]["children"][0]["points"] == "60"
    assert sent.digest != SchemeVersion.objects.get().digest
    with pytest.raises(Invalid, match="留存备查"):
        discard_draft(officer, sent.scheme_id, version=2, at=MOMENT)


def test_equal_comments_are_merged_and_decided_once(
    sent: Consultation, officer: Actor, liaison: Actor, other_liaison: Actor
) -> None:
    first, second = say(sent, liaison, "分值偏高。"), say(sent, other_liaison, "分值 偏高")
    assert [each.alike for each in opinions(sent)] == [True, True]
    merge_comments(officer, first, comment_ids=[second], at=MOMENT)
    (matter,) = opinions(sent)
    assert len(matter.units) == 2
    with pytest.raises(RecordMoved, match="已并入"):
        decide_comment(officer, second, decision="adopted", reason="同意", version=2, at=MOMENT)
    part_comment(officer, second, version=2, at=MOMENT)
    assert len(opinions(sent)) == 2
    merge_comments(officer, first, comment_ids=[second], at=MOMENT)
    decide_comment(officer, first, decision="partly", reason="调为55分", version=1, at=MOMENT)
    assert tally(sent).open == 0
    with pytest.raises(Invalid, match="至少选择两条"):
        merge_comments(officer, first, comment_ids=[first], at=MOMENT)


def test_where_the_office_wants_it_the_head_signs(officer: Actor, liaison: Actor, unit_head: Actor) -> None:
    sent = circulate(officer, make_draft(officer), liaison, is_signed=True)
    row = answer_of(sent, liaison)
    send_answer(liaison, row.pk, has_no_comment=True, version=1, at=MOMENT)
    assert tally(sent).answered == 0
    with pytest.raises(NotAllowed, match="负责人"):
        sign_answer(liaison, row.pk, version=2, at=MOMENT)
    decline_answer(unit_head, row.pk, reason="请补充意见", version=2, at=MOMENT)
    send_answer(liaison, row.pk, has_no_comment=True, version=3, at=MOMENT)
    signed = sign_answer(unit_head, row.pk, version=4, at=MOMENT)
    assert (signed.status, signed.signed_by_name, signed.written_by_name) == (
        "sent",
        unit_head.name,
        liaison.name,
    )


def test_an_answer_is_taken_back_until_its_comments_are_decided(
    sent: Consultation, officer: Actor, liaison: Actor
) -> None:
    comment = say(sent, liaison, "表述不清")
    row = answer_of(sent, liaison)
    row = take_back_answer(liaison, row.pk, version=row.version, at=MOMENT)
    assert opinions(sent) == []
    with pytest.raises(NotVisible):
        decide_comment(officer, comment, decision="adopted", reason="同意", version=1, at=MOMENT)
    drop_comment(liaison, row.pk, comment, version=row.version, at=MOMENT)
    comment = say(sent, liaison, "表述不清，请改")
    decide_comment(officer, comment, decision="adopted", reason="同意", version=1, at=MOMENT)
    row = answer_of(sent, liaison)
    with pytest.raises(RecordMoved, match="不能撤回"):
        take_back_answer(liaison, row.pk, version=row.version, at=MOMENT)


def test_what_a_unit_may_not_do_is_told(
    sent: Consultation, officer: Actor, liaison: Actor, other_liaison: Actor
) -> None:
    row = answer_of(sent, liaison)
    with pytest.raises(NotVisible):
        add_comment(other_liaison, row.pk, text="别的单位", version=1, at=MOMENT)
    with pytest.raises(Invalid, match="没有这项指标"):
        add_comment(liaison, row.pk, category="县区", code="9.9", text="意见", version=1, at=MOMENT)
    with pytest.raises(Invalid, match="没有意见的，请点"):
        send_answer(liaison, row.pk, has_no_comment=False, version=1, at=MOMENT)
    add_comment(liaison, row.pk, text="总的意见", version=1, at=MOMENT)
    with pytest.raises(Invalid, match="无意见"):
        send_answer(liaison, row.pk, has_no_comment=True, version=2, at=MOMENT)
    late = MOMENT + timedelta(days=11)
    with pytest.raises(RecordMoved, match="已截止"):
        send_answer(liaison, row.pk, has_no_comment=False, version=2, at=late)
    extend_consultation(officer, sent.pk, due_on=DUE + timedelta(days=5), version=1, at=MOMENT)
    send_answer(liaison, row.pk, has_no_comment=False, version=2, at=late)
    with pytest.raises(NotAllowed):
        send_answer(officer, answer_of(sent, other_liaison).pk, has_no_comment=True, version=1, at=MOMENT)


def test_a_draft_is_sent_out_once_at_a_time_and_to_somebody(
    sent: Consultation, officer: Actor, liaison: Actor
) -> None:
    with pytest.raises(RecordMoved, match="正在征求意见"):
        circulate(officer, sent.scheme, liaison)
    close_consultation(officer, sent.pk, version=1, at=MOMENT)
    assert circulate(officer, sent.scheme, liaison).round_number == 2
    other = make_draft(officer, version="2.0")
    with pytest.raises(Invalid) as refused:
        circulate_draft(
            officer, other.pk, unit_ids=[], due_on=MOMENT.date() - timedelta(days=1), version=1, at=MOMENT
        )
    assert len(refused.value.faults) == 2


def test_the_table_of_opinions_is_a_document_and_a_workbook(
    sent: Consultation, officer: Actor, liaison: Actor, other_liaison: Actor
) -> None:
    comment = say(sent, liaison, "分值偏高")
    say(sent, other_liaison, "建议删去", code="2")
    decide_comment(officer, comment, decision="adopted", reason="调为50分", version=1, at=MOMENT)
    book = openpyxl.load_workbook(io.BytesIO(opinions_workbook(sent, created=MOMENT)))
    text = [str(cell.value) for row in book["意见采纳情况"].iter_rows() for cell in row if cell.value]
    assert {"采纳", "待处理", "调为50分"} <= set(text)
    assert any("收到意见 2 条" in each for each in text)
    table = docx.Document(io.BytesIO(opinions_document(sent, on=MOMENT.date()))).tables[0]
    assert [cell.text for cell in table.rows[1].cells][3:] == [
        answer_of(sent, liaison).unit.short_name,
        "采纳",
        "调为50分",
    ]
    assert "建议修改为：改为50分" in table.rows[1].cells[2].text
