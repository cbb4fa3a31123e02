"""The composer beyond saving: deleted blocks come back, pasted lines are split, two people's texts stand together."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.briefings.actions import start_briefing
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.rules.merging import both_texts
from changai.areas.briefings.tests.make import OCTOBER, WRITTEN, MadeMonth, make_draft
from changai.areas.briefings.tests.test_views import address, page_of, sent
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
    assert "没有可以恢复的段落" in nothing.content.decode()


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
