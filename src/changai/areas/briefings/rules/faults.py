"""What is wrong with a draft: one Chinese sentence for each fault, saying what to do."""

import re
from collections.abc import Collection, Mapping, Sequence

from changai.areas.briefings.rules.blocks import (
    DRAWN_KINDS,
    KINDS,
    NAMED_KINDS,
    UNIT_TOKEN,
    own_tokens,
    token_names,
)
from changai.areas.briefings.rules.pasting import heading_of
from changai.areas.briefings.rules.standing import heading_level, parted
from changai.areas.briefings.rules.templates import ASKED

LONGEST_ALT = 200
_ATTENDANCE = re.compile(r"^\s*(出席|请假|列席)\s*[：:]")
_MARKS = tuple("。；，：.;,:")


def unknown_tokens(block: Mapping[str, str], known: Collection[str]) -> list[str]:
    """Return the names in a block's tokens that are no figure's."""
    own = own_tokens(block)
    return [name for name in token_names(block.get("text", "")) if name not in known and name not in own]


def block_fault(block: Mapping[str, str], known: Collection[str], drawn: Collection[str]) -> str:
    """Return what is wrong with one block, or nothing."""
    hangs_on = block.get("when", "").partition(":")[2]
    if hangs_on and hangs_on not in known:
        return f"出现条件中没有名为“{hangs_on}”的数据，请从数据目录中选取。"
    if block["kind"] == "picture":
        return _picture_fault(block, drawn)
    return _drawn_fault(block, drawn) if block["kind"] in DRAWN_KINDS else _text_fault(block, known)


def bare_faults(places: Mapping[str, str]) -> list[str]:
    """Return which texts ask for a figure where none can stand, a Chinese sentence each.

    :param places: the texts by what their place is called
    """
    return [fault for place, text in places.items() if (fault := _bare_fault(place, text))]


def _bare_fault(place: str, text: str) -> str:
    names = "".join(f"【{name}】" for name in token_names(text))
    return f"{place}里不能引用数据{names}，请直接写文字。" if names else ""


def _picture_fault(block: Mapping[str, str], drawn: Collection[str]) -> str:
    places = {"图题": block.get("caption", ""), "图片内容": block.get("text", "")}
    return next(iter(bare_faults(places)), "") or _picture_lack(block, drawn)


def _picture_lack(block: Mapping[str, str], drawn: Collection[str]) -> str:
    if block.get("source", "") not in drawn:
        return "请选择图片文件（PNG 或 JPEG）上传。"
    said = block.get("text", "").strip()
    if not said:
        return "请写明图片内容，供看不到图片的人阅读。"
    if len(said) > LONGEST_ALT:
        return f"图片内容不超过 {LONGEST_ALT} 字，请精简。"
    return ""


def _drawn_fault(block: Mapping[str, str], drawn: Collection[str]) -> str:
    source = block.get("source", "")
    # The key's first word says which of the two it is: `table.rates`, `chart.scores`.
    if not source or source.partition(".")[0] != block["kind"]:
        return f"请选择要插入的{KINDS[block['kind']]}。"
    return "" if source in drawn else f"所选的{KINDS[block['kind']]}目前没有数据，请另选或删除该段。"


def _text_fault(block: Mapping[str, str], known: Collection[str]) -> str:
    if not block.get("text", "").strip():
        return "内容为空，请填写或删除该段。"
    if asked := next((words for words in ASKED if words in block["text"]), ""):
        return f"还有待填写的内容：{asked.strip('（）。')}。请写好，或删除该段。"
    if block["kind"] in NAMED_KINDS:
        return _named_fault(block["kind"], block["text"].strip())
    if heading_level(block) and heading_of(block["text"].strip()):
        return "标题的序号由系统按层次编排，请删去文字前的序号。"
    if block["kind"] == "attendance":
        return _attendance_fault(block["text"])
    if block.get("each") and UNIT_TOKEN not in token_names(block["text"]):
        return "逐个单位重复的段落应写有【单位】，否则各段看不出是哪个单位。"
    unknown = unknown_tokens(block, known)
    listed = "、".join(f"“{name}”" for name in unknown)
    return f"没有名为{listed}的数据，请从数据目录中选取。" if unknown else ""


def _attendance_fault(text: str) -> str:
    if not _ATTENDANCE.match(text):
        return "出席人员应以“出席：”“请假：”或“列席：”开头。"
    return _bare_fault(KINDS["attendance"], text)


def _named_fault(kind: str, text: str) -> str:
    name = KINDS[kind]
    if fault := _bare_fault(name, text):
        return fault
    if "\n" in text:
        return f"{name}只写一行，请去掉换行。"
    if kind == "attachment" and text.endswith(_MARKS):
        return "附件名称后不加标点符号，请删去。"  # Source: GB/T 9704-2012, 7.3.4
    return ""


def draft_faults(
    blocks: Sequence[Mapping[str, str]], known: Collection[str], drawn: Collection[str]
) -> list[str]:
    """Return what is wrong with a draft: one Chinese sentence for each fault, naming the block.

    `known` are the names of figures, `drawn` the keys of tables and charts and the pictures at hand.
    """
    faults = [
        f"第 {number} 段：{fault}"
        for number, block in enumerate(blocks, start=1)
        if (fault := block_fault(block, known, drawn))
    ]
    parts = parted(blocks)
    if not any(block["kind"] == "paragraph" for block in parts.body):
        faults.append("至少应有一个正文段落。" if not parts.attachments else "附件之前至少应有一个正文段落。")
    if len(parts.remarks) > 1:
        faults.append("附注只写一处，请合并为一段。")
    return faults
