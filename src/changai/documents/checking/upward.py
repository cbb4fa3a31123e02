"""What the regulations ask of papers to superiors (上行文), whether a file is checked or a draft is written."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from changai.documents.checking.deviations import Deviation, Level

Genre = Literal["请示", "报告", ""]
_UPWARD = "公文处理工作条例第十五条"
_ASKING = ("请示如下", "特此请示", "当否，请批示", "妥否，请批示", "请予批准", "请批准")


def genre_of(title: str) -> Genre:
    """Return whether a title is of a request or a report to superiors."""
    if title.endswith("请示"):
        return "请示"
    return "报告" if title.endswith("报告") else ""


def upward_deviations(
    genre: Genre, *, recipients: Sequence[str], text: Iterable[str], copy_to: Sequence[str]
) -> Iterator[Deviation]:
    """Yield what the regulations forbid a request or a report; nothing for other papers.

    :param text: the paragraphs of the body
    """
    if not genre:
        return
    if len(recipients) > 1:
        found = f" {len(recipients)} 个"
        yield Deviation("主送机关", found, "原则上主送一个上级机关", _UPWARD, Level.REGULATION)
    asked = next((words for each in text for words in _ASKING if words in each), "")
    if genre == "报告" and asked:
        required = "报告等非请示性公文中不得夹带请示事项"
        yield Deviation("正文", f"报告中有“{asked}”", required, _UPWARD, Level.REGULATION)
    if genre == "请示" and copy_to:
        required = "请示不得同时抄送下级机关，请核对抄送范围"
        yield Deviation("抄送机关", "请示有抄送", required, _UPWARD, Level.CUSTOM)
