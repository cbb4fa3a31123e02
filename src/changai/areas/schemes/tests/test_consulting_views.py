"""The pages of a draft sent out for comment, as the office and the units meet them."""

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from changai.areas.accounts.tests.make import MOMENT
from changai.areas.schemes.exports.annexes import annex_of
from changai.areas.schemes.models import Answer, Comment, Consultation
from changai.areas.schemes.tests.make import make_dictionary, make_draft, make_issued, scheme_dict
from changai.foundation.actors import Actor
from changai.foundation.notices.outbox import notices_for

SignIn = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def dictionary(db: None) -> None:
    make_dictionary()


def at(name: str, *arguments: object) -> str:
    return reverse(f"schemes:{name}", args=arguments)


def send_out(client: Client, pk: int, *units: Actor, **changed: object) -> None:
    due = (timezone.localdate() + timedelta(days=7)).isoformat()
    sent = {"version": 1, "due_on": due, "unit_ids": [unit.unit_id for unit in units]} | changed
    assert client.post(at("consultations", pk), sent).status_code == 303


def test_the_whole_way_of_a_draft_through_the_units(  # noqa: PLR0915 - one way, told whole
    signed_in: SignIn,
    officer: Actor,
    office_head: Actor,
    liaison: Actor,
    unit_head: Actor,
    other_liaison: Actor,
) -> None:
    draft = make_draft(officer)
    office, unit, head = signed_in(officer), signed_in(liaison), signed_in(unit_head)
    assert office.get(at("consultations", draft.pk)).status_code == 200
    send_out(office, draft.pk, liaison, other_liaison, is_signed="on", letter="请结合实际提出意见。")
    mine = Answer.objects.get(unit_id=liaison.unit_id)
    address = at("answer", mine.pk)
    assert "对《测试指标体系》提出意见" in unit.get("/").content.decode()
    assert address in unit.get(at("index")).content.decode()
    page = unit.get(address).content.decode()
    assert "请结合实际提出意见。" in page
    assert "对“培训任务完成率”提意见" in page
    assert unit.get(f"{at('comment', mine.pk)}?table=0&code=1.1").status_code == 200
    sent = {"version": 1, "text": "分值偏高", "proposed": "改为50分"}
    assert unit.post(f"{at('comment', mine.pk)}?table=0&code=1.1", sent).status_code == 303
    assert unit.post(at("send", mine.pk), {"version": 2}).status_code == 303
    assert "待负责人审签" in unit.get(address).content.decode()
    assert "审签《测试指标体系》的反馈" in head.get("/").content.decode()
    assert head.post(at("sign", mine.pk), {"version": 3}).status_code == 303
    assert signed_in(other_liaison).get(address).status_code == 404

    consultation, comment = Consultation.objects.get(), Comment.objects.get()
    page = office.get(at("consultation", consultation.pk)).content.decode()
    assert "分值偏高" in page
    assert "处理《测试指标体系》征求到的意见" in office.get("/").content.decode()
    page = office.get(at("decide", comment.pk)).content.decode()
    assert at("indicator", draft.pk, 0, "1.1") in page
    assert "issue-scheme" not in signed_in(office_head).get(at("scheme", draft.pk)).content.decode()
    assert office.post(at("decide", comment.pk), {"version": 1, "decision": "adopted"}).status_code == 422
    decided = {"version": 1, "decision": "adopted", "reason": "调整为50分"}
    answer = office.post(at("decide", comment.pk), decided)
    assert answer["Location"] == at("consultation", consultation.pk)
    assert office.post(at("close", consultation.pk), {"version": 1}).status_code == 303
    assert "调整为50分" in unit.get(address).content.decode()
    assert "issue-scheme" in signed_in(office_head).get(at("scheme", draft.pk)).content.decode()
    for kind in ("docx", "xlsx"):
        assert office.get(at("opinions", consultation.pk, kind)).status_code == 200
    assert office.get(at("opinions", consultation.pk, "pdf")).status_code == 404


def test_what_no_head_signed_in_time_is_shown_to_the_office_and_told_to_the_unit(
    signed_in: SignIn, officer: Actor, liaison: Actor, unit_head: Actor
) -> None:
    office, unit = signed_in(officer), signed_in(liaison)
    send_out(office, make_draft(officer).pk, liaison, is_signed="on")
    mine = Answer.objects.get(unit_id=liaison.unit_id)
    unit.post(f"{at('comment', mine.pk)}?table=0&code=1.1", {"version": 1, "text": "分值偏高"})
    assert unit.post(at("send", mine.pk), {"version": 2}).status_code == 303
    sent = Consultation.objects.get()
    assert "未经负责人签发" not in office.get(at("consultation", sent.pk)).content.decode()
    office.post(at("close", sent.pk), {"version": sent.version})
    page = office.get(at("consultation", sent.pk)).content.decode()
    assert "未经负责人签发" in page
    assert "分值偏高" in page
    assert notices_for(unit_head).filter(sentence__contains="未经负责人审签").exists()


def test_no_comment_is_one_press_and_can_be_taken_back(
    signed_in: SignIn, officer: Actor, liaison: Actor
) -> None:
    draft, unit = make_draft(officer), signed_in(liaison)
    send_out(signed_in(officer), draft.pk, liaison)
    mine = Answer.objects.get()
    assert unit.post(at("send", mine.pk), {"version": 1, "none": "1"}).status_code == 303
    assert "已反馈：无意见" in unit.get(at("answer", mine.pk)).content.decode()
    assert unit.post(at("send", mine.pk), {"version": 2, "none": "1"}).status_code == 409
    assert unit.post(at("take_back", mine.pk), {"version": 2}).status_code == 303
    bad = unit.post(at("comment", mine.pk), {"version": 3, "text": ""})
    assert bad.status_code == 422


def test_a_version_is_compared_with_what_was_sent_and_with_the_one_before(
    signed_in: SignIn, officer: Actor, office_head: Actor, liaison: Actor
) -> None:
    issued = make_issued(officer, office_head)
    draft = make_draft(officer, version="1.1")
    client = signed_in(officer)
    send_out(client, draft.pk, liaison)
    typed = {"points-1.1": "55", "points-1.2": "35", "version": 1}
    assert client.post(f"{at('edit', draft.pk)}?table=0", typed).status_code == 303
    sent = Consultation.objects.get()
    page = client.get(f"{at('compare', draft.pk)}?with=round-{sent.pk}").content.decode()
    assert "<del>60</del>" in page
    assert "<ins>55</ins>" in page
    page = client.get(f"{at('compare', draft.pk)}?with={issued.pk}").content.decode()
    assert "<ins>35</ins>" in page
    assert signed_in(liaison).get(at("compare", issued.pk)).status_code == 200


def test_an_annex_leaves_out_the_columns_nobody_filled_in(officer: Actor) -> None:
    tables = deepcopy(scheme_dict()["tables"])
    bare = annex_of(make_draft(officer, tables=tables), on=MOMENT.date()).tables[0]
    assert [column.title for column in bare.columns][2:] == ["评分标准"]
    tables[0]["nodes"][1] |= {"verification": "看现场", "data_owner": "市总工会"}
    told = annex_of(make_draft(officer, tables=tables, version="2.0"), on=MOMENT.date()).tables[0]
    assert [column.title for column in told.columns][2:] == ["评分标准", "数据来源", "核验方式"]
    assert [cell.text for cell in told.rows[-1]][-2:] == ["市总工会", "看现场"]


def test_a_version_is_downloaded_as_an_annex(
    signed_in: SignIn, officer: Actor, office_head: Actor, liaison: Actor
) -> None:
    issued = make_issued(officer, office_head)
    client = signed_in(liaison)
    assert client.get(at("annex", issued.pk, "docx")).content[:2] == b"PK"
    assert client.get(at("annex", issued.pk, "pdf")).content[:4] == b"%PDF"
    assert client.get(at("annex", issued.pk, "odt")).status_code == 404
