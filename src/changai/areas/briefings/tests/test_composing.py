"""The composer beyond saving: deleted blocks come back, pasted lines are split, two people's texts stand together."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.briefings.actions import start_briefing
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.queries import faults_of
from changai.areas.briefings.rules.merging import both_texts
from changai.areas.briefings.rules.renewing import renewed
from changai.areas.briefings.tests.make import OCTOBER, WRITTEN, MadeMonth, make_catalogue, make_draft
from changai.areas.briefings.tests.test_views import address, page_of, sent
from changai.core.periods import Month
from changai.foundation.actors import Actor

SignIn = Callable[[Actor], Client]
THREE = [{"kind": "paragraph", "text": text} for text in ("甲段", "乙段", "丙段")]
DRAFTS = st.lists(st.sampled_from("甲乙丙丁"), max_size=6).map(
    lambda texts: [{"kind": "paragraph", "text": text} for text in texts]
)


@pytest.fixture
def office(officer: Actor, signed_in: SignIn) -> Client:
    return signed_in(officer)


def ordered(client: Client, draft: Briefing, order: str, **changed: Any) -> list[str]:
    """Send the composer's form with an order and return the texts of the draft after it."""
    answer = client.post(address("compose", draft.pk), sent(draft, order=order, **changed))
    assert answer.status_code == 303, answer.content.decode()
    draft.refresh_from_db()
    return [block.get("text", "") for block in draft.draft]


@pytest.mark.django_db
def test_deleted_blocks_come_back_the_last_first(officer: Actor, office: Client, month: MadeMonth) -> None:
    draft = make_draft(officer, blocks=THREE)
    assert "data-undo hidden" in page_of(office, address("compose", draft.pk))
    assert ordered(office, draft, "delete:2") == ["甲段", "丙段"]
    assert ordered(office, draft, "delete:1") == ["丙段"]
    assert "data-undo hidden" not in page_of(office, address("compose", draft.pk))
    assert ordered(office, draft, "restore") == ["甲段", "丙段"]
    assert ordered(office, draft, "restore") == ["甲段", "乙段", "丙段"]
    nothing = office.post(address("compose", draft.pk), sent(draft, order="restore"))
    assert nothing.status_code == 422
    assert "没有可以撤销的删除或粘贴" in nothing.content.decode()


@pytest.mark.django_db
def test_a_block_is_copied_and_pasted_lines_become_blocks(
    officer: Actor, office: Client, month: MadeMonth
) -> None:
    draft = make_draft(officer, blocks=THREE)
    assert ordered(office, draft, "copy:1") == ["甲段", "甲段", "乙段", "丙段"]
    pasted = [{"kind": "paragraph", "text": "一、总体情况\r\n进展顺利。\r\n二、存在问题"}]
    office.post(address("compose", draft.pk), sent(draft, pasted))
    draft.refresh_from_db()
    assert "按行分段" in page_of(office, address("compose", draft.pk))
    assert ordered(office, draft, "split:1") == ["总体情况", "进展顺利。", "存在问题"]
    assert [block["kind"] for block in draft.draft] == ["heading1", "paragraph", "heading1"]
    assert "撤销分段</span>" in page_of(office, address("compose", draft.pk))
    assert ordered(office, draft, "restore") == ["一、总体情况\n进展顺利。\n二、存在问题"]


@pytest.mark.django_db
def test_a_paste_is_undone_in_one_step_and_what_was_written_on_since_stays(
    officer: Actor, office: Client, month: MadeMonth
) -> None:
    draft = make_draft(officer, blocks=THREE)
    pasted = [THREE[0], {"kind": "paragraph", "text": "乙段新一行\n新二行\n新三行"}, THREE[2]]
    posted = sent(draft, pasted, order="split:2", before="乙段")
    assert office.post(address("compose", draft.pk), posted).status_code == 303
    draft.refresh_from_db()
    assert [block["text"] for block in draft.draft] == ["甲段", "乙段新一行", "新二行", "新三行", "丙段"]
    assert "撤销粘贴</span>" in page_of(office, address("compose", draft.pk))
    changed = [block | {"text": block["text"].replace("新二行", "改过的二行")} for block in draft.draft]
    assert ordered(office, draft, "restore", blocks=changed) == ["甲段", "乙段", "改过的二行", "丙段"]


@pytest.mark.django_db
def test_what_a_page_with_script_deleted_is_remembered_with_its_next_save(
    officer: Actor, office: Client, month: MadeMonth
) -> None:
    draft = make_draft(officer, blocks=THREE)
    hung = {"kind": "paragraph", "text": "乙段", "verb": "present", "figure": "迟报单位数", "source": ""}
    events: list[Any] = [
        {"block": hung, "number": 2},
        {"block": hung | {"text": "丁段"}, "number": 9},
        "restored",
    ]
    left = [THREE[0], THREE[2]]
    saved = office.post(
        address("compose", draft.pk),
        sent(draft, left, removals=json.dumps(events)),
        headers={"accept": "application/json"},
    )
    assert saved.status_code == 200
    draft.refresh_from_db()
    assert ordered(office, draft, "restore") == ["甲段", "乙段", "丙段"]
    assert draft.draft[1]["when"] == "present:迟报单位数"
    for hostile in ("{", "7", '[3, {"block": 4}, {"block": {"kind": ["x"]}, "number": "y"}]', "[null]"):
        answer = office.post(address("compose", draft.pk), sent(draft, removals=hostile))
        draft.refresh_from_db()
        assert answer.status_code == 303


@pytest.mark.django_db
def test_the_second_of_two_writers_sees_both_texts_and_saves_them_as_one(
    officer: Actor, office_head: Actor, office: Client, signed_in: SignIn, month: MadeMonth
) -> None:
    draft = make_draft(officer, blocks=THREE)
    theirs = [THREE[0], {"kind": "paragraph", "text": "负责人改的乙段"}, THREE[2]]
    signed_in(office_head).post(address("compose", draft.pk), sent(draft, theirs))
    mine = [THREE[0], {"kind": "paragraph", "text": "我改的乙段"}, THREE[2]]
    answer = office.post(address("compose", draft.pk), sent(draft, mine))
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert shown.index("我改的乙段") < shown.index("负责人改的乙段")
    assert (shown.count("您写的</span>"), shown.count("对方写的</span>")) == (1, 1)
    draft.refresh_from_db()
    assert f'name="version" value="{draft.version}"' in shown
    assert ordered(office, draft, "", blocks=[*mine[:2], *theirs[1:]]) == [
        "甲段", "我改的乙段", "负责人改的乙段", "丙段",
    ]  # fmt: skip


@given(DRAFTS, DRAFTS)
def test_nothing_of_two_drafts_is_lost(theirs: list[dict[str, str]], mine: list[dict[str, str]]) -> None:
    both = both_texts(theirs, mine)
    assert [block for block, whose in both if whose != "theirs"] == mine
    assert [block for block, whose in both if whose != "mine"] == theirs


@pytest.mark.django_db
def test_only_blocks_the_paper_has_a_place_for_are_offered(
    officer: Actor, office: Client, month: MadeMonth
) -> None:
    offered = page_of(office, address("compose", make_draft(officer).pk))
    assert "附件</button>" not in offered
    circular = start_briefing(
        officer, title="通报", month=OCTOBER, kind="supervision_circular", blocks=THREE, at=WRITTEN
    )
    offered = page_of(office, address("compose", circular.pk))
    assert "附件</button>" in offered
    assert "出席人员</button>" not in offered


@pytest.mark.django_db
def test_a_paper_starts_like_the_last_of_its_kind_about_another_month(
    officer: Actor, office: Client, month: MadeMonth
) -> None:
    last = Month.of(timezone.localdate()).plus(-1)
    given = {"month": str(last), "title": "", "template": "last", "kind": "briefing"}
    nothing = office.post(address("start"), given)
    assert nothing.status_code == 422
    assert "还没有写过这一文种" in nothing.content.decode()
    before = last.plus(-1).label
    blocks = [
        {"kind": "paragraph", "text": f"截至{before}底，{before}5日开会。", "when": "present:迟报单位数"},
        {"kind": "picture", "text": f"{before}的照片", "source": ""},
    ]
    make_draft(officer, blocks=blocks, month=last.plus(-1))
    office.post(address("start"), given)
    started = Briefing.objects.order_by("pk").last()
    assert started is not None
    assert started.title.startswith(f"{last.label}工作情况")
    assert started.draft == [
        blocks[0] | {"text": f"截至{last.label}底，{before}5日开会。"},
        blocks[1] | {"text": f"{last.label}的照片"},
    ]
    assert [block["kind"] for block in started.draft] == ["paragraph", "picture"]


@pytest.mark.django_db
def test_the_preview_tells_which_blocks_fell_and_why(
    officer: Actor, office: Client, month: MadeMonth, prints: None
) -> None:
    blocks = [THREE[0], {"kind": "paragraph", "text": "有退回。", "when": "present:退回单位数"}]
    draft = make_draft(officer, blocks=blocks)
    written = page_of(office, address("compose", draft.pk))
    assert "“退回单位数”有数（不为零）时才写</summary>" in written
    assert written.count("is-fallen") == 1
    for name in ("preview", "briefing"):
        assert "第 2 段现在不出现：“退回单位数”现为“0”。" in page_of(office, address(name, draft.pk))


@pytest.mark.django_db
def test_a_report_to_superiors_has_one_receiver_and_asks_for_nothing(
    officer: Actor, month: MadeMonth
) -> None:
    blocks = [{"kind": "paragraph", "text": "有关情况报告如下。当否，请批示。"}]
    paper = start_briefing(
        officer, title="关于工作的专报", month=OCTOBER, kind="special_report", blocks=blocks, at=WRITTEN
    )
    paper.recipients, paper.signers = "省产改办，省总工会", "张某某"
    catalogue = make_catalogue(officer)
    told = faults_of(paper, catalogue)
    assert [fault.split("：")[0] for fault in told] == ["主送机关", "正文"]
    assert all("公文处理工作条例第十五条" in fault for fault in told)
    paper.recipients, paper.draft = "省产改办", THREE
    assert faults_of(paper, catalogue) == []


@given(st.text(alphabet="20269年1月0日底，", max_size=30))
def test_only_the_month_itself_is_renewed(text: str) -> None:
    assert "2026年9月底" not in renewed(text, "2026年9月", "2026年10月")
    assert renewed(text, "2026年11月", "2026年11月") == text
