"""The requirements an official paper is checked against, each with its clause."""

import re
from collections.abc import Callable, Iterator

from changai.documents import layout
from changai.documents.checking.deviations import Deviation, Level
from changai.documents.checking.elements import NUMBER, Elements, Paragraph, Sheet, elements_of
from changai.documents.intake.sandbox import parse_limited

_SHAPE = "changai.documents.checking.shape:parse"
_MM = 20 * layout.PT_PER_MM  # twentieths of a point to the millimetre
_FACES = {
    "仿宋": ("仿宋", "fangsong", "stfangsong"),
    "黑体": ("黑体", "simhei", "heiti"),
    "楷体": ("楷体", "kaiti", "stkaiti"),
    "小标宋": ("小标宋", "xiaobiaosong", "xbs"),
    "宋体": ("宋体", "simsun", "songti"),
}
_SIZES = {44: "2号", 36: "小2号", 32: "3号", 30: "小3号", 28: "4号", 24: "小4号", 21: "5号", 18: "小5号"}
_HEADING_FACES = {1: "黑体", 2: "楷体", 3: "仿宋", 4: "仿宋"}
_CHINESE_DAY = re.compile(r"^\d{4}年([1-9]|1[0-2])月([1-9]|[12]\d|3[01])日$")
_HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!](?=[\u4e00-\u9fff])|[\u4e00-\u9fff]\([\u4e00-\u9fff]")
_RED = re.compile(r"^(?:[C-F][0-9A-F])(?:[0-3][0-9A-F]){2}$")
_UPWARD = "公文处理工作条例第十五条"
_ASKING = ("请示如下", "特此请示", "当否，请批示", "妥否，请批示", "请予批准", "请批准")


def check_document(source: bytes, *, name: str) -> list[Deviation]:
    """Return every deviation of the .docx file `source`, binding ones first, then in the order of the paper.

    :raises Unreadable: when the file is something else, encrypted, damaged or too large
    """
    found = elements_of(parse_limited(_SHAPE, source, name=name))
    deviations = [deviation for check in _CHECKS for deviation in check(found)]
    return sorted(deviations, key=lambda each: not each.is_binding)


def _sheet(found: Elements) -> Iterator[Deviation]:
    sheet = found.shape["sheet"]
    for side, words, required, tolerance, clause in (
        ("width", "纸张宽度", layout.SHEET_WIDTH_MM, 0.5, "5.1"),
        ("height", "纸张高度", layout.SHEET_HEIGHT_MM, 0.5, "5.1"),
        ("top", "天头（上白边）", layout.MARGIN_TOP_MM, 1.05, "5.2.1"),
        ("left", "订口（左白边）", layout.MARGIN_LEFT_MM, 1.05, "5.2.1"),
    ):
        millimetres = (sheet[side] or 0) / _MM
        if abs(millimetres - required) > tolerance:
            yield Deviation(words, f" {millimetres:.1f} mm", f" {required:.0f} mm", clause)
    width = ((sheet["width"] or 0) - (sheet["left"] or 0) - (sheet["right"] or 0)) / _MM
    height = ((sheet["height"] or 0) - (sheet["top"] or 0) - (sheet["bottom"] or 0)) / _MM
    for words, millimetres, required in (
        ("版心宽度", width, layout.BLOCK_WIDTH_MM),
        ("版心高度", height, layout.BLOCK_HEIGHT_MM),
    ):
        if abs(millimetres - required) > 1.05:
            yield Deviation(words, f" {millimetres:.1f} mm", f" {required:.0f} mm", "5.2.1")


def _lines(found: Elements) -> Iterator[Deviation]:
    """Whether 22 lines of 28 characters come out: judged once, by the greater part of the body."""
    if not found.body:
        yield Deviation("正文", "没有正文段落", "公文首页必须显示正文", "7.3.3")
        return
    sheet, main = found.shape["sheet"], max(found.body, key=lambda each: len(each["text"]))
    height_pt = ((sheet["height"] or 0) - (sheet["top"] or 0) - (sheet["bottom"] or 0)) / 20
    pitch = _pitch(main, sheet)
    if pitch is None:
        yield Deviation("行距", "没有固定行距", f"固定值 {layout.LINE_PITCH_PT} 磅，每面 22 行", "5.2.3")
    elif int(height_pt / pitch + 0.01) != layout.LINES_PER_PAGE:
        lines = int(height_pt / pitch + 0.01)
        yield Deviation(
            "行距", f" {pitch:g} 磅，每面 {lines} 行", f"每面 {layout.LINES_PER_PAGE} 行", "5.2.3"
        )
    width_pt = ((sheet["width"] or 0) - (sheet["left"] or 0) - (sheet["right"] or 0)) / 20
    advance = (main["size"] or 0) / 2 + (main["spacing"] or 0) / 20
    characters = int(width_pt / advance + 0.01) if advance else 0
    if characters != layout.CHARACTERS_PER_LINE and not sheet["snaps"]:
        yield Deviation("每行字数", f" {characters} 字", f" {layout.CHARACTERS_PER_LINE} 字", "5.2.3")


def _pitch(paragraph: Paragraph, sheet: Sheet) -> float | None:
    if paragraph["line_rule"] == "exact" and paragraph["line"]:
        return float(paragraph["line"]) / 20
    if sheet["snaps"] and sheet["pitch"] and paragraph["line_rule"] in ("", "auto"):
        return float(sheet["pitch"]) / 20
    return None


def _head(found: Elements) -> Iterator[Deviation]:
    for each in found.copy_number:
        yield from _type("份号", each, size=32, clause="7.2.1")
    for each in found.marks:
        yield from _type("密级和紧急程度", each, face="黑体", size=32, clause="7.2.2、7.2.3")
    for each in found.masthead:
        if each["align"] != "center":
            yield Deviation("发文机关标志", _aligned(each), "居中", "7.2.4", place=_quoted(each))
        if "小标宋" not in _face(each):
            advice = Deviation(
                "发文机关标志", _face_words(each), "小标宋体", "7.2.4", Level.CUSTOM, _quoted(each)
            )
            yield advice
        if not _RED.match(each["colour"].upper()) and not each["text"].strip().endswith("单"):
            yield Deviation("发文机关标志", "非红色", "红色", "7.2.4", place=_quoted(each))
    for each in found.number:
        yield from _number(each)


def _number(each: Paragraph) -> Iterator[Deviation]:
    text = each["text"].strip()
    match = NUMBER.search(text) or NUMBER.search(text.partition("\t")[2])
    if match is None:
        return
    if match["open"] != "〔":
        yield Deviation("发文字号", f"年份用“{match['open']}”", "六角括号〔〕", "7.2.5", place=_quoted(each))
    if len(match["year"]) != 4:
        yield Deviation("发文字号", f"年份“{match['year']}”", "四位全称年份", "7.2.5", place=_quoted(each))
    ordinal = match["ordinal"].strip()
    if ordinal.startswith("第"):
        yield Deviation("发文字号", "有“第”字", "发文顺序号不加“第”字", "7.2.5", place=_quoted(each))
    elif ordinal.startswith("0"):
        yield Deviation(
            "发文字号", f"顺序号“{ordinal}”", "不编虚位（1 不编为 01）", "7.2.5", place=_quoted(each)
        )
    yield from _type("发文字号", each, face="仿宋", size=32, clause="7.2.5")


def _title(found: Elements) -> Iterator[Deviation]:
    if not found.title:
        yield Deviation("标题", "没有找到标题", "2号小标宋体，分一行或多行居中", "7.3.1")
    for each in found.title[:1]:
        if "小标宋" not in _face(each):
            yield Deviation("标题", _face_words(each), "2号小标宋体", "7.3.1", place=_quoted(each))
        if each["size"] != 44:
            yield Deviation("标题", _size_words(each), "2号", "7.3.1", place=_quoted(each))
        if each["text"].strip().endswith(("。", "，", "；")):
            yield Deviation("标题", "末尾有标点", "末尾不加标点", "公文标题惯例", Level.CUSTOM, _quoted(each))


def _recipients(found: Elements) -> Iterator[Deviation]:
    for each in found.recipients:
        if each["text"].strip().endswith(":"):
            yield Deviation("主送机关", "末尾为半角冒号", "全角冒号", "7.3.2", place=_quoted(each))
        if (each["first_line"] or 0) > 80 or (each["first_characters"] or 0) > 50:
            yield Deviation("主送机关", "首行缩进", "居左顶格", "7.3.2", place=_quoted(each))
        yield from _type("主送机关", each, face="仿宋", size=32, clause="7.3.2")


def _text(found: Elements) -> Iterator[Deviation]:
    for level, each in found.headings:
        yield from _type(f"{level}级标题", each, face=_HEADING_FACES[level], size=32, clause="7.3.3")
        yield from _indented(f"{level}级标题", each)
    for each in found.body:
        yield from _type("正文", each, face="仿宋", size=32, clause="5.2.2")
        yield from _indented("正文", each)
        if each["colour"].upper() not in ("", "AUTO", "000000"):
            yield Deviation("正文", f"颜色 {each['colour']}", "黑色", "5.2.4", place=_quoted(each))
        half = _HALF_WIDTH.search(each["text"])
        if half:
            words = f"半角标点“{half[0].strip()}”"
            yield Deviation("正文", words, "中文用全角标点", "GB/T 15834", Level.CUSTOM, _quoted(each))


def _indented(element: str, each: Paragraph) -> Iterator[Deviation]:
    size = (each["size"] or 32) * 10
    by_characters = (each["first_characters"] or 0) / 100
    characters = by_characters or (each["first_line"] or 0) / size
    leading = len(each["text"]) - len(each["text"].lstrip("\u3000"))
    if abs(characters + leading - 2) > 0.25 and each["style"] != "GwAttendance":
        yield Deviation(
            element, f"首行缩进 {characters + leading:.1f} 字", "左空二字", "7.3.3", place=_quoted(each)
        )


def _attachments(found: Elements) -> Iterator[Deviation]:
    for each in found.notes:
        if each["text"].strip().endswith(("。", "；", "，", ";", ",")):
            yield Deviation(
                "附件说明", "名称后有标点", "附件名称后不加标点符号", "7.3.4", place=_quoted(each)
            )
        yield from _type("附件说明", each, face="仿宋", size=32, clause="7.3.4")
    for each in found.attachments:
        yield from _type("附件序号", each, face="黑体", size=32, clause="7.3.8")
        if each["text"].strip().endswith(("：", ":")):
            yield Deviation(
                "附件序号", "后有冒号", "“附件”二字及顺序号后不加冒号", "7.3.8", place=_quoted(each)
            )
    if found.attachments and not found.notes:
        yield Deviation("附件说明", "有附件而无附件说明", "正文下空一行左空二字编排", "7.3.4")


def _ending(found: Elements) -> Iterator[Deviation]:
    for each in found.dates:
        if not _CHINESE_DAY.match(each["text"].strip()):
            required = "阿拉伯数字，年份标全，月、日不编虚位"
            yield Deviation("成文日期", f"“{each['text'].strip()}”", required, "7.3.5.4")
    for each in found.copy_to:
        yield from _type("抄送机关", each, face="仿宋", size=28, clause="7.4.2")
        if not each["text"].strip().endswith("。"):
            yield Deviation(
                "抄送机关", "末尾无句号", "最后一个抄送机关后标句号", "7.4.2", place=_quoted(each)
            )
    for each in found.printed:
        yield from _type("印发机关和印发日期", each, face="仿宋", size=28, clause="7.4.3")


def _page_numbers(found: Elements) -> Iterator[Deviation]:
    feet = found.shape["feet"]
    shown = {
        kind: next((each for each in paragraphs if any("PAGE" in text for text in each["fields"])), None)
        for kind, paragraphs in feet.items()
    }
    odd, even = shown.get("default"), shown.get("even")
    if odd is None and even is None:
        yield Deviation("页码", "没有页码", "4号半角宋体阿拉伯数字，左右各放一条一字线", "7.5")
        return
    for kind, each, side, words in (("单页", odd, "right", "居右"), ("双页", even, "left", "居左")):
        if each is None:
            yield Deviation("页码", f"{kind}没有页码", f"{kind}页码{words}空一字", "7.5")
            continue
        yield from _type(f"{kind}页码", each, face="宋体", size=28, clause="7.5")
        if (each["align"] or "left") not in (side, {"right": "end", "left": "start"}[side]):
            yield Deviation(f"{kind}页码", _aligned(each), f"{words}空一字", "7.5")
        if each["text"].count("—") < 2 and each["text"].count("－") < 2:
            yield Deviation(f"{kind}页码", "数字左右没有一字线", "左右各放一条一字线", "7.5")
    if not found.shape["even_and_odd"]:
        yield Deviation("页码", "单双页未分设", "单页码居右、双页码居左", "7.5")


def _regulations(found: Elements) -> Iterator[Deviation]:
    title = "".join(each["text"] for each in found.title[:1]).replace("\n", "").strip()
    recipients = "".join(each["text"] for each in found.recipients).strip("：: ")
    count = len([name for name in re.split("[、，,]", recipients) if name.strip()])
    if title.endswith(("请示", "报告")) and count > 1:
        yield Deviation("主送机关", f" {count} 个", "原则上主送一个上级机关", _UPWARD, Level.REGULATION)
    asked = next((words for words in _ASKING for each in found.body if words in each["text"]), "")
    if title.endswith("报告") and asked:
        required = "报告等非请示性公文中不得夹带请示事项"
        yield Deviation("正文", f"报告中有“{asked}”", required, _UPWARD, Level.REGULATION)
    if title.endswith("请示") and found.copy_to:
        required = "请示不得同时抄送下级机关，请核对抄送范围"
        yield Deviation("抄送机关", "请示有抄送", required, _UPWARD, Level.CUSTOM)


def _own(found: Elements) -> Iterator[Deviation]:
    for place, table in enumerate(
        (each for each in found.shape["tables"] if each["where"] == "body"), start=1
    ):
        if table["rows"] > 20 and not table["repeats"]:
            yield Deviation(f"第 {place} 张表", "表头不跨页重复", "每页重复表头", "读表方便", Level.OWN)
    for place, has_words in enumerate(found.shape["pictures"], start=1):
        if not has_words:
            yield Deviation(f"第 {place} 幅图", "没有替代文字", "写明图的内容", "无障碍阅读", Level.OWN)


def _type(element: str, each: Paragraph, *, size: int, clause: str, face: str = "") -> Iterator[Deviation]:
    if face and not _is_face(_face(each), face):
        yield Deviation(
            element, _face_words(each), f"{face}体" if face == "仿宋" else face, clause, place=_quoted(each)
        )
    if each["size"] != size:
        yield Deviation(element, _size_words(each), _SIZES[size], clause, place=_quoted(each))


def _is_face(found: str, face: str) -> bool:
    return any(word in found.lower() for word in _FACES[face]) and not (face == "宋体" and "小标宋" in found)


def _face(each: Paragraph) -> str:
    return str(each["font"] or "")


def _face_words(each: Paragraph) -> str:
    return _face(each) or "未指定中文字体"


def _size_words(each: Paragraph) -> str:
    size = each["size"]
    return "未指定字号" if size is None else _SIZES.get(size, f" {size / 2:g} 磅")


def _aligned(each: Paragraph) -> str:
    return {"center": "居中", "right": "居右", "end": "居右", "both": "两端对齐"}.get(each["align"], "居左")


def _quoted(each: Paragraph) -> str:
    text = " ".join(each["text"].split())
    return text if len(text) <= 16 else f"{text[:15]}…"


_CHECKS: tuple[Callable[[Elements], Iterator[Deviation]], ...] = (
    _sheet,
    _lines,
    _head,
    _title,
    _recipients,
    _text,
    _attachments,
    _ending,
    _page_numbers,
    _regulations,
    _own,
)
