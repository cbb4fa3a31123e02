"""What is known about a figure, kept beside the figure and never read off it."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """The state of one figure of one unit."""

    REPORTED = "REPORTED"
    VOID = "VOID"
    PENDING = "PENDING"
    NOT_REPORTED = "NOT_REPORTED"
    REJECTED = "REJECTED"
    NOT_APPLICABLE = "NOT_APPLICABLE"


# Of several figures one indicator is made of, the status furthest down this list is the indicator's: an
# approved
# exemption outweighs everything, a refused or absent figure stays decided whatever a pending one turns out
# to be.
ORDER: tuple[Status, ...] = tuple(Status)
CODE: dict[Status, int] = {status: code for code, status in enumerate(ORDER)}

REPORTED, VOID, PENDING, NOT_REPORTED, REJECTED, NOT_APPLICABLE = range(6)

LABELS: dict[str, dict[Status, str]] = {
    "zh": {
        Status.REPORTED: "已报送",
        Status.VOID: "无法计算",
        Status.PENDING: "待核",
        Status.NOT_REPORTED: "未报送",
        Status.REJECTED: "审核未通过",
        Status.NOT_APPLICABLE: "不适用",
    },
    "en": {
        Status.REPORTED: "reported",
        Status.VOID: "undefined",
        Status.PENDING: "pending review",
        Status.NOT_REPORTED: "not reported",
        Status.REJECTED: "rejected on review",
        Status.NOT_APPLICABLE: "not applicable",
    },
}
