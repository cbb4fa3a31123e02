"""Which characters of people's text may stand in a paper."""

import re

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[\t\xa0]")
# C0 and C1 controls, lone surrogates and noncharacters are not XML; directional marks could make a
# name or a sum read backwards; zero-width characters hide differences between two equal-looking names.
_FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)

_CHINESE, _NARROW = "\u2018-\u201d\u2026\u3000-\u303f\u4e00-\u9fff\uff00-\uffef", "0-9A-Za-z%"
_GAPS = re.compile(f"(?<=[{_CHINESE}]) +(?=[{_NARROW}])|(?<=[{_NARROW}]) +(?=[{_CHINESE}])")


def printable(text: str) -> str:
    """Return `text` without control, directional and zero-width characters; line ends become ``\\n``."""
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))
    return "".join(char for char in _FORBIDDEN.sub("", text) if ord(char) & 0xFFFE != 0xFFFE)


_MINUS = re.compile(
    r"(?<![\dA-Za-z)\]}）/._:\\-])-(?=\d)"
    r"|(?<=\d)-(?=\d+(?:\.\d+)?[×÷])"  # 5-2×0.5, as a score is explained
)


def printed(text: str) -> str:
    """Return `text` as `printable` does, the hyphen before a negative number made a minus sign (−)."""
    return _MINUS.sub("\u2212", printable(text))


def single_line(text: str) -> str:
    """Return `text` as `printable` does, its lines joined into one and trimmed."""
    return " ".join(part.strip() for part in printable(text).split("\n") if part.strip())


def close_set(text: str) -> str:
    """Return `text` as papers are set: without the spaces that screens keep between Chinese and figures or letters."""
    return _GAPS.sub("", text)


_BESIDE_LETTERS = re.compile(r"(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[\u4e00-\u9fff])")


def office_width(text: str) -> float:
    """Return the width of `text` with the room office programmes leave between Chinese and letters or digits."""
    return width_in_characters(text) + 0.25 * len(_BESIDE_LETTERS.findall(text))


def width_in_characters(text: str) -> float:
    """Return the width of `text` in full-width characters; ASCII and other narrow letters count a half."""
    return sum(0.5 if ord(char) < 0x2E80 and char not in "“”‘’—…·×" else 1.0 for char in text)
