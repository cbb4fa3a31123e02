"""公布范围: what of a result is told to units it does not belong to. A unit always reads its own sheet whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

EVERYTHING, FIRST_PLACES, FIRST_GRADES, GRADES, NOBODY = "full", "places", "best", "grades", "own"
SCOPES = (EVERYTHING, FIRST_PLACES, FIRST_GRADES, GRADES, NOBODY)


class Told(IntEnum):
    """How much of one unit's result somebody is told, each with what stands before it."""

    NOTHING = 0
    GRADE = 1
    PLACE = 2  # total, points of the first-level indicators, place and grade
    SHEET = 3  # every indicator with its sentence and its figures


@dataclass(frozen=True)
class Announcement:
    """How far a result is announced; `places` and `grades` bound the upper part. Without a scope nobody chose one."""

    scope: str = ""
    places: int = 0
    grades: tuple[str, ...] = ()

    def tells(self, rank: int | None, grade: str) -> Told:
        """Return what others are told of a unit of this place and grade; units level at the edge are never parted."""
        if self.scope == EVERYTHING:
            return Told.PLACE
        if self.scope == GRADES:
            return Told.GRADE
        is_first = self.scope == FIRST_PLACES and rank is not None and rank <= self.places
        is_best = self.scope == FIRST_GRADES and grade in self.grades
        return Told.PLACE if is_first or is_best else Told.NOTHING

    def words(self) -> str:
        """Return the scope as it is written on papers."""
        return {
            EVERYTHING: "全部公布",
            FIRST_PLACES: f"只公布前 {self.places} 名",
            FIRST_GRADES: f"只公布{'、'.join(self.grades)}等次的单位",
            GRADES: "只公布等次，不公布得分和名次",
        }.get(self.scope, "不公布，只向各单位反馈本单位结果")


def announcement_fault(announcement: Announcement, *, ranked: int, grades: Sequence[str]) -> str:
    """Return why a result cannot be announced so, or nothing.

    :param ranked: how many units have a place
    :param grades: the grades of the table, best first
    """
    scope = announcement.scope
    if scope not in SCOPES:
        return "请选择公布范围。"
    if scope == FIRST_PLACES and not 1 <= announcement.places <= ranked:
        return f"请填写公布到第几名，应是 1 至 {ranked} 的整数。"
    if scope in {FIRST_GRADES, GRADES} and not grades:
        return "这张指标表没有设置等次，请选择其他公布范围。"
    first = tuple(grades[: len(announcement.grades)])
    if scope == FIRST_GRADES and (not announcement.grades or announcement.grades != first):
        return "请选择公布到哪个等次为止。"
    return ""
