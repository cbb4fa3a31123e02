"""The orders of the composer, pasted text, and which blocks stand."""

from hypothesis import given
from hypothesis import strategies as st

from changai.areas.briefings.rules import (
    Standing,
    cleaned_blocks,
    joined,
    order_blocks,
    parted,
    pasted_blocks,
    restored,
    standings,
)

PASTED = """
一、总体情况
（一）加强领导。各单位要压实责任。
1.制定方案
（1）明确分工
1.制定方案，明确时限；落实到人。
三、四季度工作安排如下。

正文一段，共1.5万人。
（联系人：张某某，电话：12345678）
"""
KINDS = st.sampled_from(["heading1", "heading2", "heading3", "paragraph", "attachment", "remark"])
CONDITIONS = st.sampled_from(["", "present:甲", "absent:甲", "present:乙"])
BLOCKS = st.lists(
    st.builds(
        lambda kind, text, when: {"kind": kind, "text": text} | ({"when": when} if when else {}),
        KINDS,
        st.text(alphabet="一、.1（）甲\n。", max_size=12),
        CONDITIONS,
    ),
    max_size=8,
)


def test_pasted_lines_become_blocks_and_labels_headings() -> None:
    assert [(block["kind"], block["text"]) for block in pasted_blocks(PASTED)] == [
        ("heading1", "总体情况"),
        ("heading2", "加强领导"),
        ("paragraph", "各单位要压实责任。"),
        ("heading3", "制定方案"),
        ("heading4", "明确分工"),
        ("list", "1.制定方案，明确时限；落实到人。"),
        ("paragraph", "三、四季度工作安排如下。"),
        ("paragraph", "正文一段，共1.5万人。"),
        ("remark", "联系人：张某某，电话：12345678"),
    ]


@given(st.text(alphabet="一二、（）1.．。；甲乙 \n\r\x00", max_size=80))
def test_no_word_of_a_pasted_text_is_lost(text: str) -> None:
    blocks = pasted_blocks(text)
    assert cleaned_blocks(blocks) == blocks
    kept = [each for block in blocks for each in block["text"] if each in "甲乙"]
    assert kept == [each for each in text if each in "甲乙"]


def test_a_block_is_split_where_it_stands_and_keeps_its_condition() -> None:
    blocks = [
        {"kind": "paragraph", "text": "一"},
        {"kind": "paragraph", "text": "一、甲\n乙", "when": "present:丙", "each": "late"},
        {"kind": "table", "source": "table.rates"},
    ]
    split, place = order_blocks(blocks, "split:2")
    assert split == [
        blocks[0],
        {"kind": "heading1", "text": "甲", "when": "present:丙"},
        {"kind": "paragraph", "text": "乙", "when": "present:丙", "each": "late"},
        blocks[2],
    ]
    assert place == 3
    assert order_blocks(blocks, "split:3") == (blocks, 3)


@given(BLOCKS, st.data())
def test_what_was_deleted_comes_back_and_a_copy_deleted_changes_nothing(
    blocks: list[dict[str, str]], data: st.DataObject
) -> None:
    if not blocks:
        return
    number = data.draw(st.integers(1, len(blocks)))
    left, _place = order_blocks(blocks, f"delete:{number}")
    assert restored(left, blocks[number - 1], number) == (blocks, number)
    copied, place = order_blocks(blocks, f"copy:{number}")
    assert place == number + 1
    assert order_blocks(copied, f"delete:{place}")[0] == blocks


@given(BLOCKS, st.data())
def test_lines_made_into_blocks_are_joined_again(blocks: list[dict[str, str]], data: st.DataObject) -> None:
    blocks = cleaned_blocks(blocks)
    if not blocks:
        return
    number = data.draw(st.integers(1, len(blocks)))
    cut, _place = order_blocks(blocks, f"split:{number}")
    pieces = cut[number - 1 : number + len(cut) - len(blocks)]
    assert joined(cut, pieces, blocks[number - 1], number) == (blocks, number)
    written_on = [block | {"text": block["text"] + "戊"} for block in cut]
    after, place = joined(written_on, pieces, blocks[number - 1], number)
    assert after[: place - 1] + after[place:] == written_on


@given(BLOCKS)
def test_every_block_stands_or_says_why(blocks: list[dict[str, str]]) -> None:
    found = standings(blocks, {"甲"}.__contains__, {"甲"})
    assert len(found) == len(blocks)
    free = [block for block in blocks if "when" not in block]
    assert not any(standings(free, {"甲"}.__contains__, {"甲"}))
    for block, why in zip(blocks, found, strict=True):
        if why is Standing.DESERTED:
            assert block["kind"].startswith("heading")


@given(BLOCKS)
def test_every_block_is_in_one_part(blocks: list[dict[str, str]]) -> None:
    parts = parted(blocks)
    enclosed = [each for head, below in parts.attachments for each in (head, *below)]
    assert sorted(map(str, (*parts.body, *enclosed, *parts.remarks))) == sorted(map(str, blocks))
