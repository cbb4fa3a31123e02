"""Tokens, templates and faults of drafts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.briefings.rules import (
    LONGEST_TEXT,
    MONTHLY,
    MOST_BLOCKS,
    MOVES,
    Token,
    block_fault,
    cleaned_blocks,
    draft_faults,
    fitted,
    order_blocks,
    split_tokens,
    token_name,
    token_names,
)
from changai.core.errors import Invalid

KNOWN = frozenset({"应报单位数", "迟报单位名单"})
DRAWN = frozenset({"table.rates", "chart.parts"})
ABC = [{"kind": "paragraph", "text": text} for text in "abc"]


def texts(blocks: list[dict[str, str]]) -> str:
    return "".join(block.get("text", "") or "_" for block in blocks)


def test_a_text_is_cut_at_its_tokens() -> None:
    pieces = list(split_tokens("应报【应报单位数】个（迟报【迟报单位名单】等），共【x"))
    bracketed = Token("迟报单位名单", before="（迟报", after="等）")
    assert pieces == ["应报", Token("应报单位数"), "个", bracketed, "，共【x"]
    assert bracketed.is_bracketed
    assert bracketed.written == "（迟报【迟报单位名单】等）"


def test_brackets_around_two_figures_belong_to_neither() -> None:
    pieces = list(split_tokens("（【a】和【b】）"))
    assert pieces == ["（", Token("a"), "和", Token("b"), "）"]


@given(st.text(alphabet="ab【】（）\n，", max_size=60))
def test_nothing_of_a_text_is_lost(text: str) -> None:
    pieces = split_tokens(text)
    assert "".join(piece if isinstance(piece, str) else piece.written for piece in pieces) == text


@given(st.text(min_size=1, max_size=120))
def test_every_name_of_a_figure_can_be_a_token(name: str) -> None:
    written = token_name(name)
    assert token_names(f"共【{written}】项") == [written]


def test_faults_name_the_block_and_the_unknown_figures() -> None:
    blocks = [
        {"kind": "heading1", "text": " "},
        {"kind": "paragraph", "text": "【应报单位数】【甲】【乙】【甲】"},
        {"kind": "table", "source": ""},
        {"kind": "chart", "source": "table.rates"},
        {"kind": "chart", "source": "chart.scores"},
        {"kind": "table", "source": "table.rates"},
    ]
    assert draft_faults(blocks, KNOWN, DRAWN) == [
        "第 1 段：内容为空，请填写或删除该段。",
        "第 2 段：没有名为“甲”、“乙”的数据，请从数据目录中选取。",
        "第 3 段：请选择要插入的表。",
        "第 4 段：请选择要插入的图。",
        "第 5 段：所选的图目前没有数据，请另选或删除该段。",
    ]
    assert draft_faults([blocks[5]], KNOWN, DRAWN) == ["至少应有一个正文段落。"]


def test_blocks_keep_their_own_keys_and_printable_characters_only() -> None:
    dirty = [
        {"kind": "paragraph", "text": "甲\x00\u202e乙\r\n丙", "needs": "scores", "source": "x"},
        {"kind": "chart", "source": "chart.parts\x00", "text": "x"},
    ]
    assert cleaned_blocks(dirty) == [
        {"kind": "paragraph", "text": "甲乙\n丙"},
        {"kind": "chart", "source": "chart.parts"},
    ]


@pytest.mark.parametrize(
    "blocks",
    [
        [{"kind": "script", "text": "x"}],
        [{"text": "x"}],
        [{"kind": "paragraph", "text": "长" * (LONGEST_TEXT + 1)}],
        [{"kind": "paragraph", "text": "x"}] * (MOST_BLOCKS + 1),
    ],
)
def test_what_no_draft_can_hold_is_refused(blocks: list[dict[str, str]]) -> None:
    with pytest.raises(Invalid):
        cleaned_blocks(blocks)


def test_a_template_is_fitted_to_what_is_at_hand() -> None:
    template = [
        {"kind": "heading1", "text": "一"},
        {"kind": "paragraph", "text": "应报【应报单位数】个；无【没有】项；迟报【迟报单位名单】。"},
        {"kind": "heading1", "text": "二"},
        {"kind": "paragraph", "text": "【没有】。"},
        {"kind": "chart", "source": "chart.scores"},
        {"kind": "heading1", "text": "三", "needs": "scores"},
        {"kind": "table", "source": "table.rates", "needs": "scores"},
        {"kind": "heading1", "text": "四"},
        {"kind": "paragraph", "text": "应报【应报单位数】个；无【没有】项。"},
        {"kind": "heading1", "text": "五"},
    ]
    assert fitted(template, KNOWN, DRAWN, month="2026年10月") == [
        {"kind": "heading1", "text": "一"},
        {"kind": "paragraph", "text": "应报【应报单位数】个；迟报【迟报单位名单】。"},
        {"kind": "heading1", "text": "四"},
        {"kind": "paragraph", "text": "应报【应报单位数】个。"},
    ]


def test_the_monthly_template_leaves_no_fault_whatever_is_at_hand() -> None:
    for known in (KNOWN, frozenset[str]()):
        blocks = fitted(MONTHLY, known, DRAWN, month="2026年10月")
        assert not [fault for block in blocks if (fault := block_fault(block, known, DRAWN))]


@pytest.mark.parametrize(
    ("order", "expected", "in_hand"),
    [
        ("up:2", "bac", 1),
        ("up:1", "abc", 1),
        ("down:2", "acb", 3),
        ("down:3", "abc", 3),
        ("delete:1", "bc", 1),
        ("delete:3", "ab", 2),
        ("add:paragraph:0", "_abc", 1),
        ("add:heading2:1", "a_bc", 2),
        ("add:chart:3", "abc_", 4),
    ],
)
def test_blocks_are_moved_added_and_deleted(order: str, expected: str, in_hand: int) -> None:
    ordered, place = order_blocks(ABC, order)
    assert (texts(ordered), place) == (expected, in_hand)
    assert texts(ABC) == "abc"


@pytest.mark.parametrize(
    "order", ["", "up", "up:0", "up:4", "up:x", "add:script:1", "add:paragraph:4", "burn:1", "up:²"]
)
def test_other_orders_are_refused(order: str) -> None:
    with pytest.raises(Invalid):
        order_blocks(ABC, order)


def test_only_the_approver_approves_returns_and_issues() -> None:
    approver = {
        (status, move)
        for (status, move), (_after, permission) in MOVES.items()
        if permission == "briefing.approve"
    }
    assert approver == {
        ("submitted", "return"),
        ("submitted", "approve"),
        ("approved", "return"),
        ("approved", "issue"),
        ("issuing", "retry"),
        ("issuing", "stop"),
        ("approved", "cancel"),
    }
    writer = {permission for _after, permission in MOVES.values()} - {"briefing.approve"}
    assert writer == {"briefing.edit"}
    assert not [move for status, move in MOVES if status == "issued"]
