"""Words for what was found, and the checks of type every element shares."""

import re
from collections.abc import Iterator
from typing import Any

from changai.documents.checking.deviations import Deviation, Level
from changai.documents.checking.elements import Paragraph

_FACES = {
    "仿宋": ("仿宋", "fangsong", "stfangsong", "fang song"),
    "黑体": ("黑体", "simhei", "heiti"),
    "楷体": ("楷体", "kaiti", "stkaiti"),
    "小标宋": ("小标宋", "xiaobiaosong", "xbs"),
    "宋体": ("宋体", "simsun", "songti"),
}
SIZES = {
    84: "初号", 72: "小初", 52: "1号", 48: "小1号", 44: "2号", 36: "小2号", 32: "3号", 30: "小3号", 28: "4号",
    24: "小4号", 21: "5号", 18: "小5号",
}  # fmt: skip
_CHINESE = re.compile("[\u3400-\u9fff]")
_BLACK = ("", "AUTO", "000000")


def typed(
    element: str,
    each: Paragraph,
    *,
    size: int | None,
    clause: str,
    face: str = "",
    level: Level = Level.STANDARD,
    part: tuple[int, int] | None = None,
) -> Iterator[Deviation]:
    """Yield where letters of the paragraph are not of the face and size, each wrong one once.

    :param size: in half points, None for any
    :param part: first and past the last character to look at, None for all
    """
    told: set[str] = set()
    for piece in _pieces(each, part):
        for words in _wrong(piece, face, size):
            if words not in told:
                told.add(words)
                required = required_type(face, None if words == face_words(piece) else size)
                yield Deviation(element, words, required, clause, level, quoted(each, piece))


def required_type(face: str, size: int | None) -> str:
    """Return 3号 or 仿宋体, whichever is asked."""
    if size is not None:
        return SIZES[size]
    return face if face in ("黑体", "楷体", "宋体") else f"{face}体"


def _wrong(piece: dict[str, Any], face: str, size: int | None) -> Iterator[str]:
    if face and _CHINESE.search(piece["text"]) and not is_face(piece["font"], face):
        yield face_words(piece)
    if size is not None and piece["size"] != size:
        yield size_words(piece)


def _pieces(each: Paragraph, part: tuple[int, int] | None) -> Iterator[dict[str, Any]]:
    start = 0
    for piece in each["pieces"]:
        end = start + len(piece["text"])
        first, last = (0, len(piece["text"])) if part is None else (part[0] - start, part[1] - start)
        text = piece["text"][max(0, first) : max(0, last)]
        if text.strip():
            yield {**piece, "text": text}
        start = end


def black(element: str, each: Paragraph, clause: str = "5.2.4") -> Iterator[Deviation]:
    """Yield the first piece that is neither black nor automatic."""
    for piece in _pieces(each, None):
        if piece["colour"].upper() not in _BLACK:
            yield Deviation(element, f"颜色 {piece['colour']}", "黑色", clause, place=quoted(each, piece))
            return


def is_face(found: str, face: str) -> bool:
    """Return whether a font's name is one of the face."""
    return any(word in found.lower() for word in _FACES[face]) and not (face == "宋体" and "小标宋" in found)


def face_words(each: dict[str, Any]) -> str:
    """Return the font's name."""
    return str(each["font"] or "") or "未指定中文字体"


def size_words(each: dict[str, Any]) -> str:
    """Return the size as offices call it."""
    size = each["size"]
    return "未指定字号" if size is None else SIZES.get(size, f" {size / 2:g} 磅")


def aligned(each: Paragraph) -> str:
    """Return how the paragraph is aligned."""
    return {"center": "居中", "right": "居右", "both": "两端对齐", "distribute": "分散对齐"}.get(
        each["align"], "居左"
    )


def characters(count: float) -> str:
    """Return a number of characters, with a decimal only when it says something."""
    shown = f"{count:.1f}".removesuffix(".0")
    return "0" if shown == "-0" else shown


def quoted(each: Paragraph, piece: dict[str, Any] | None = None) -> str:
    """Return the beginning of the paragraph, or of the piece when the paragraph has several."""
    words = each["text"] if piece is None or len(each["pieces"]) < 2 else piece["text"]
    text = " ".join(words.split())
    return text if len(text) <= 16 else f"{text[:15]}…"
