"""The life of a briefing, and the tokens that stand for figures while it is written."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

DRAFT, SUBMITTED, APPROVED, ISSUED = "draft", "submitted", "approved", "issued"

# (status, move) -> (status after, permission)
MOVES: dict[tuple[str, str], tuple[str, str]] = {
    (DRAFT, "write"): (DRAFT, "briefing.edit"),
    (DRAFT, "submit"): (SUBMITTED, "briefing.edit"),
    (SUBMITTED, "take_back"): (DRAFT, "briefing.edit"),
    (SUBMITTED, "return"): (DRAFT, "briefing.approve"),
    (SUBMITTED, "approve"): (APPROVED, "briefing.approve"),
    (APPROVED, "return"): (DRAFT, "briefing.approve"),
    (APPROVED, "issue"): (ISSUED, "briefing.approve"),
}

TEXT_KINDS = ("heading1", "heading2", "paragraph")
DRAWN_KINDS = ("table", "chart")
_TOKEN = re.compile(r"【([^【】\n]{1,40})】")


@dataclass(frozen=True)
class Token:
    """The name of a figure, as the office writes it: 【按时报送率】."""

    name: str


def split_tokens(text: str) -> Iterator[str | Token]:
    """Yield the pieces of a text in order: plain text, and tokens."""
    place = 0
    for found in _TOKEN.finditer(text):
        if found.start() > place:
            yield text[place : found.start()]
        yield Token(found[1])
        place = found.end()
    if place < len(text):
        yield text[place:]


def draft_faults(blocks: Sequence[dict[str, str]], known: frozenset[str], drawn: frozenset[str]) -> list[str]:
    """Return what is wrong with a draft: one Chinese sentence for each fault, naming the block.

    `known` are the names of figures, `drawn` the keys of tables and charts.
    """
    faults: list[str] = []
    for number, block in enumerate(blocks, start=1):
        kind, text = block.get("kind", ""), block.get("text", "")
        if kind in DRAWN_KINDS:
            if block.get("source", "") not in drawn:
                faults.append(f"第 {number} 段：请选择要插入的图或表。")
        elif kind not in TEXT_KINDS:
            faults.append(f"第 {number} 段：不认识的段落类型“{kind}”。")
        elif not text.strip():
            faults.append(f"第 {number} 段：内容为空，请填写或删除该段。")
        else:
            unknown = [
                piece.name
                for piece in split_tokens(text)
                if isinstance(piece, Token) and piece.name not in known
            ]
            faults += [
                f"第 {number} 段：没有名为“{name}”的数据，请从右侧数据目录中选取。" for name in unknown
            ]
    if not any(block.get("kind") == "paragraph" for block in blocks):
        faults.append("简报至少应有一个正文段落。")
    return faults
