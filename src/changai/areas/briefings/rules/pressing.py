"""The draft of a 督办单 that presses a unit for reports whose day is past: every sentence comes from what is owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class LateReport:
    """A report not delivered though its day is past: its name, the day, and the working days since."""

    name: str
    due_on: date
    days: int

    @property
    def sentence(self) -> str:
        return f"{self.name}应于{_day(self.due_on)}前报送，已逾期{self.days}个工作日，至今仍未报送。"


def pressing_title(late: Sequence[LateReport]) -> str:
    """Return the title of the paper."""
    what = late[0].name if len(late) == 1 else "逾期报表"
    return f"关于抓紧报送{what}的督办单"


def pressing_blocks(late: Sequence[LateReport], noticed: Sequence[tuple[date, str]]) -> list[dict[str, str]]:
    """Return the blocks of the draft: what is owed, what was said before (day, colour), what to do now."""
    owed = [f"你单位{late[0].sentence}"] if len(late) == 1 else ["你单位有下列报表逾期未报。"]
    if len(late) > 1:
        owed += [f"{place}.{one.sentence}" for place, one in enumerate(late, start=1)]
    said = "、".join(f"{_day(day)}发出{colour}督办提醒" for day, colour in noticed)
    return [
        {"kind": "heading1", "text": "督办事项"},
        *({"kind": "paragraph", "text": sentence} for sentence in owed),
        *([{"kind": "paragraph", "text": f"此前已于{said}。"}] if said else []),
        {"kind": "heading1", "text": "办理要求"},
        {
            "kind": "paragraph",
            "text": "请明确专人，于收到本单后3个工作日内在系统中填报、审签报出，不需另行报送书面材料。"
            "确有困难的，请在系统中说明理由，申请延期。",
        },
    ]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
