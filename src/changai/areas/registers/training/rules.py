"""What an entry of the training register must be."""

from dataclasses import dataclass
from datetime import date

# As workbooks write the kinds, in every language of the pages.
KIND_NAMES = {
    "skill": "技能提升培训",
    "apprentice": "新型学徒制培训",
    "craftsman": "高技能人才研修",
    "safety": "岗位安全培训",
}
EARLIEST = date(2017, 1, 1)  # the reform began in 2017
LONGEST_HOURS = 2000
MOST_PERSONS = 20_000


@dataclass(frozen=True)
class ClassEntry:
    """One class as a unit writes it down."""

    title: str
    kind: str
    held_on: date
    hours: int
    persons: int
    certified: int


def faults_of(entry: ClassEntry, *, today: date) -> dict[str, str]:
    """Return one Chinese sentence for each field that cannot be right, by the field's name."""
    return {name: sentence for name, sentence in _faults(entry, today) if sentence}


def _faults(entry: ClassEntry, today: date) -> tuple[tuple[str, str], ...]:
    return (
        ("title", _unless(1 <= len(entry.title) <= 80, "班次名称应为 1—80 个字。")),
        ("held_on", _unless(entry.held_on >= EARLIEST, f"结业日期不能早于 {EARLIEST.year} 年。")),
        ("held_on", _unless(entry.held_on <= today, "结业日期不能晚于今天，请在结业后登记。")),
        ("hours", _unless(1 <= entry.hours <= LONGEST_HOURS, f"学时应在 1—{LONGEST_HOURS} 之间。")),
        ("persons", _unless(1 <= entry.persons <= MOST_PERSONS, f"培训人数应在 1—{MOST_PERSONS} 之间。")),
        ("certified", _unless(0 <= entry.certified <= entry.persons, "取得证书人数不能多于培训人数。")),
    )


def _unless(holds: bool, sentence: str) -> str:  # noqa: FBT001 - a private pair
    return "" if holds else sentence
