"""What the regulations, custom and the office itself ask of a paper beyond its form."""

import re
from collections.abc import Iterator

from changai.documents.checking.deviations import Deviation, Level
from changai.documents.checking.elements import Elements
from changai.documents.checking.upward import genre_of, upward_deviations

_SIGNED = "公文处理工作条例第九条"


def regulations(found: Elements) -> Iterator[Deviation]:
    """Yield what the regulations on papers forbid."""
    title = found.title_text
    recipients = "".join(each["text"] for each in found.recipients).strip("：: ")
    yield from upward_deviations(
        genre_of(title),
        recipients=[name for name in re.split("[、，,]", recipients) if name.strip()],
        text=(each["text"] for each in found.body),
        copy_to=[each["text"] for each in found.copy_to],
    )
    if title.endswith(("请示", "报告")) and found.kind == "official" and found.masthead and not found.signers:
        yield Deviation("签发人", "没有签发人", "上行文标注签发人姓名", _SIGNED, Level.REGULATION)


def own(found: Elements) -> Iterator[Deviation]:
    """Yield what the office asks of its papers so that they can be read and sent."""
    tables = [each for each in found.shape["tables"] if each["where"] == "body"]
    for place, table in enumerate(tables, start=1):
        if table["rows"] > 20 and not table["repeats"]:
            yield Deviation(f"第 {place} 张表", "表头不跨页重复", "每页重复表头", "读表方便", Level.OWN)
    drawn = (drawn for each in found.shape["paragraphs"] for drawn in each["drawn"])
    for place, picture in enumerate((each for each in drawn if each["kind"] == "picture"), start=1):
        if not picture["described"]:
            yield Deviation(f"第 {place} 幅图", "没有替代文字", "写明图的内容", "无障碍阅读", Level.OWN)
    if found.shape["tracked"]:
        yield Deviation("修订痕迹", "有未接受的修订", "印发前接受或拒绝全部修订", "定稿", Level.OWN)
    if found.shape["remarks"]:
        yield Deviation("批注", "有批注", "印发前删除批注", "定稿", Level.OWN)
