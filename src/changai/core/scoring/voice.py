"""The words of the sentences: one place for numbers, units and field names in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from changai.core.scoring.decimals import is_shown_exactly, show

Language = Literal["zh", "en"]
# A number stands apart from Chinese words, but its Chinese unit does not: 500 人次可得.
_GAP = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


@dataclass(frozen=True)
class Voice:
    """Speaks one language with the labels of one scheme."""

    lang: Language = "zh"
    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    def pick(self, zh: str, en: str) -> str:
        """Return the sentence part in this language."""
        return zh if self.lang == "zh" else en

    def label(self, name: str) -> str:
        """Return what people call the field, or the field's own name."""
        return self.labels.get(name) or name

    def unit(self, name: str) -> str:
        """Return the unit the field is counted in, empty when none is declared."""
        return self.units.get(name, "")

    def amount(self, number: Fraction, unit: str = "") -> str:
        """Return a number with its unit."""
        gap = " " if unit and unit != "%" and (self.lang == "en" or not unit[0].isascii()) else ""
        return f"{show(number)}{gap}{unit}"

    def points(self, number: Fraction) -> str:
        """Return points with their word, such as "4.32 分"."""
        shown = show(number)
        return f"{shown} 分" if self.lang == "zh" else f"{shown} point{'' if abs(number) == 1 else 's'}"

    def distance(self, number: Fraction, unit: str = "") -> str:
        """Return how far two values lie apart: percentages differ by percentage points."""
        if unit != "%":
            return self.amount(number, unit)
        return self.pick(
            f"{show(number)} 个百分点", f"{show(number)} percentage point{'' if number == 1 else 's'}"
        )

    def bracket(self, text: str) -> str:
        """Return the text in brackets."""
        return self.pick(f"（{text}）", f" ({text})")

    def equals(self, number: Fraction) -> str:
        """Return the sign that stands before this number: = when shown exactly, ≈ when rounded."""
        return "=" if is_shown_exactly(number) else "≈"

    def about(self, number: Fraction) -> str:
        """Return the word that stands before a number that is shown rounded, empty when it is shown exactly."""
        return "" if is_shown_exactly(number) else self.pick("约", "about ")

    def close_up(self, text: str) -> str:
        """Return the text without spaces between two Chinese characters."""
        return _GAP.sub("", text) if self.lang == "zh" else text

    def join(self, parts: list[str]) -> str:
        """Return the parts as one clause."""
        return self.pick("，", ", ").join(part for part in parts if part)
