"""Blocks out of pasted lines: one for each line, headings known by their labels."""

import re
from collections.abc import Iterator

from changai.documents.characters import printable

_CHINESE = "[一二三四五六七八九十]{1,3}"
# Source: GB/T 9704-2012, 7.3.3: the labels of the four levels.
_LABELS = (
    ("heading1", re.compile(rf"{_CHINESE}、(?![一二三四五六七八九十]+季度)\s*")),
    ("heading2", re.compile(rf"[（(]{_CHINESE}[）)]\s*")),
    ("heading3", re.compile(r"\d{1,2}(?:[.．](?!\d)|、)\s*")),
    ("heading4", re.compile(r"[（(]\d{1,2}[）)]\s*")),
)
_REMARK = re.compile(r"[（(]\s*(联系人[：:].*?)[）)]$")
_SENTENCE = re.compile(r"[。；]")
_LONGEST_HEADING = 40


def heading_of(text: str) -> tuple[str, str] | None:
    """Return the kind of heading and the text without its label, or None for text without one."""
    for kind, pattern in _LABELS:
        found = pattern.match(text)
        if found and text[found.end() :].strip():
            return kind, text[found.end() :].strip()
    return None


def pasted_blocks(text: str, *, kind: str = "paragraph") -> list[dict[str, str]]:
    """Return a block for each line that is not empty; lines without a label are of `kind`.

    A heading that goes on as text, as in （一）加强领导。各单位要……, becomes a heading and a paragraph. Lines with
    the labels 1. and （1） in front of whole sentences count points, not parts: together they become one list.
    """
    blocks: list[dict[str, str]] = []
    for line in filter(None, map(str.strip, printable(text).split("\n"))):
        for block in _of_line(line, kind):
            if blocks and block["kind"] == blocks[-1]["kind"] == "list":
                blocks[-1]["text"] += f"\n{block['text']}"
            else:
                blocks.append(block)
    return blocks


def list_items(text: str) -> list[tuple[int, str]]:
    """Return (level, words) of each line of a list; a line that begins with （1） is of the second level."""
    items: list[tuple[int, str]] = []
    for line in filter(None, map(str.strip, text.split("\n"))):
        kind, words = heading_of(line) or ("", line)
        is_second = kind == "heading4" and bool(items)
        items.append((2 if is_second else 1, words if kind in ("heading3", "heading4") else line))
    return items


def _of_line(line: str, kind: str) -> Iterator[dict[str, str]]:
    if remark := _REMARK.match(line):
        yield {"kind": "remark", "text": remark[1]}
        return
    labelled = heading_of(line)
    if labelled is None:
        yield {"kind": kind, "text": line}
        return
    level, words = labelled
    if level in ("heading3", "heading4") and (_SENTENCE.search(words) or len(words) > _LONGEST_HEADING):
        yield {"kind": "list", "text": line}
        return
    head, _, rest = words.partition("。")
    if len(head) > _LONGEST_HEADING:
        yield {"kind": "paragraph", "text": line}
        return
    yield {"kind": level, "text": head}
    if rest.strip():
        yield {"kind": "paragraph", "text": rest.strip()}
