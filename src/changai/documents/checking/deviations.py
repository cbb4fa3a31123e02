"""What a check tells: element, found, required, clause, and how binding the clause is."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Where a requirement comes from; only the first two bind."""

    STANDARD = "国标"
    REGULATION = "条例"
    CUSTOM = "惯例"
    OWN = "本单位"


@dataclass(frozen=True, slots=True)
class Deviation:
    """One deviation: `place` quotes the beginning of the paragraph, empty for the whole paper.

    `count` is how many places deviate alike; `place` is then the first of them.
    """

    element: str
    found: str
    required: str
    clause: str
    level: Level = Level.STANDARD
    place: str = ""
    count: int = 1

    @property
    def is_binding(self) -> bool:
        """Return whether the standard or the regulations demand it; custom and own rules only advise."""
        return self.level in (Level.STANDARD, Level.REGULATION)

    def sentence(self) -> str:
        """Return 元素（“……”）：现为……，应为……〔国标 7.3.1〕."""
        where = f"（“{self.place}”）" if self.place else ""
        times = f"，共 {self.count} 处" if self.count > 1 else ""
        return f"{self.element}{where}：现为{self.found}，应为{self.required}〔{self.level} {self.clause}〕{times}"
