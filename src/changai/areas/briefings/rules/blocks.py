"""The blocks of a draft, and the tokens that stand for figures while it is written."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from changai.areas.briefings.rules.picturing import WIDTHS, picture_source
from changai.core.errors import Invalid
from changai.documents.characters import printable, single_line

# The kinds of blocks.
KINDS: Mapping[str, str] = {
    "heading1": "一级标题",
    "heading2": "二级标题",
    "heading3": "三级标题",
    "heading4": "四级标题",
    "paragraph": "正文",
    "list": "列项",
    "attendance": "出席人员",
    "table": "表",
    "chart": "图",
    "picture": "图片",
    "remark": "附注",
    "attachment": "附件",
}
TEXT_KINDS = (
    "heading1", "heading2", "heading3", "heading4", "paragraph", "list", "attendance", "remark", "attachment",
)  # fmt: skip
# What stands at one place of the paper wherever it is written, and holds no figure.
NAMED_KINDS = ("remark", "attachment")
DRAWN_KINDS = ("table", "chart")
MOST_BLOCKS = 99  # headings are counted up to 九十九
LONGEST_TEXT = 10_000
LONGEST_CAPTION = 60
# Source: 《整治形式主义为基层减负若干规定》: papers up to 5000 characters, those on one topic up to 4000.
MOST_CHARACTERS, MOST_CHARACTERS_ON_ONE_TOPIC = 5000, 4000
# A block may hang on a figure: it stands in the paper when the figure is there and not zero, or when it is not.
CONDITIONS: Mapping[str, str] = {"present": "有", "absent": "没有"}
# A paragraph may be repeated for each unit in a state, with tokens of that unit's own.
REPEATS: Mapping[str, str] = {
    "late": "迟报单位",
    "missing": "未报单位",
    "returned": "退回单位",
    "lagging": "有滞后任务的单位",
    "scored": "考核对象",
}
SCORED = "scored"
UNIT_TOKEN, COUNT_TOKEN, DETAIL_TOKEN = "单位", "项数", "明细"
REPEAT_TOKENS = (UNIT_TOKEN, COUNT_TOKEN, DETAIL_TOKEN)
# Which things at hand stand for the `needs` of a template's block.
_NEEDS: Mapping[str, str] = {"scores": "考核单位数"}
_LONGEST_NAME = 80
_TOKEN = re.compile(rf"【([^【】\n]{{1,{_LONGEST_NAME}}})】")
# One figure in brackets: an empty one takes its brackets along, so that nobody reads “迟报 0 个（无）”.
_WORDS = r"[^（）【】\n]*"
_BRACKETED = re.compile(rf"(（{_WORDS})【([^【】\n]{{1,{_LONGEST_NAME}}})】({_WORDS}）)")
_CLAUSE = re.compile(r"[^；。]*[；。]?")


@dataclass(frozen=True)
class Token:
    """The name of a figure, as the office writes it: 【按时报送率】.

    `before` and `after` are the words in the brackets around it, brackets included: （完成率【…】）. They go away
    with a figure that is empty.
    """

    name: str
    before: str = ""
    after: str = ""

    @property
    def is_bracketed(self) -> bool:
        return bool(self.before)

    @property
    def written(self) -> str:
        """Return the token as it is written, brackets and all."""
        return f"{self.before}【{self.name}】{self.after}"


def split_tokens(text: str) -> Iterator[str | Token]:
    """Yield the pieces of a text in order: plain text, and tokens with the brackets around them."""
    place = 0
    for found in _BRACKETED.finditer(text):
        yield from _split(text[place : found.start()])
        yield Token(name=found[2], before=found[1], after=found[3])
        place = found.end()
    yield from _split(text[place:])


def _split(text: str) -> Iterator[str | Token]:
    place = 0
    for found in _TOKEN.finditer(text):
        if found.start() > place:
            yield text[place : found.start()]
        yield Token(found[1])
        place = found.end()
    if place < len(text):
        yield text[place:]


def token_names(text: str) -> list[str]:
    """Return the names of the figures a text asks for, in order, each once."""
    return list(dict.fromkeys(piece.name for piece in split_tokens(text) if isinstance(piece, Token)))


def token_name(name: str) -> str:
    """Return a figure's name as it can stand between the brackets of a token."""
    return name.translate(str.maketrans("【】\n", "［］ "))[:_LONGEST_NAME]


def cleaned_blocks(blocks: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return the blocks of a draft with their own keys only, free of characters no paper can hold.

    :raises Invalid: when there are too many, one is of an unknown kind, or one is too long
    """
    cleaned = [_cleaned(number, block) for number, block in enumerate(blocks, start=1)]
    if len(cleaned) > MOST_BLOCKS:
        raise Invalid(f"公文最多 {MOST_BLOCKS} 段，请合并或删减。")
    return cleaned


def _cleaned(number: int, block: Mapping[str, str]) -> dict[str, str]:
    kind = str(block.get("kind", ""))
    if kind not in KINDS:
        raise Invalid(f"第 {number} 段：不认识的段落类型“{kind[:20]}”。")
    when = {"when": written} if (written := condition(str(block.get("when", "")))) else {}
    if kind in DRAWN_KINDS:
        return {"kind": kind, "source": printable(str(block.get("source", "")))[:_LONGEST_NAME]} | when
    text = printable(str(block.get("text", "")))
    if len(text) > LONGEST_TEXT:
        raise Invalid(f"第 {number} 段超过 {LONGEST_TEXT} 字，请分段。")
    if kind == "picture":
        return _cleaned_picture(block, single_line(text)) | when
    each = str(block.get("each", ""))
    repeated = {"each": each} if kind == "paragraph" and each in REPEATS else {}
    return {"kind": kind, "text": text} | when | repeated


def _cleaned_picture(block: Mapping[str, str], said: str) -> dict[str, str]:
    found = picture_source(str(block.get("source", "")))
    caption = single_line(str(block.get("caption", "")))[:LONGEST_CAPTION]
    cleaned = {"kind": "picture", "source": found.written if found else "", "text": said}
    width = str(block.get("width", ""))
    more = {"caption": caption, "width": width if width in WIDTHS else ""}
    return cleaned | {name: value for name, value in more.items() if value}


def condition(written: str) -> str:
    """Return a block's condition, such as `present:迟报单位数`, nothing when it says none."""
    verb, _, name = printable(written).partition(":")
    return f"{verb}:{token_name(name.strip())}" if verb in CONDITIONS and name.strip() else ""


def fitted(
    template: Sequence[Mapping[str, str]], known: Collection[str], drawn: Collection[str], *, month: str
) -> list[dict[str, str]]:
    """Return a template's blocks as far as their figures (`known`), tables and charts (`drawn`) are at hand.

    {month} in them becomes the month the paper is about, such as 2026年10月.
    A clause with an unknown figure is left out, then blocks without anything left, then headings over nothing.
    """
    kept: list[dict[str, str]] = []
    for block in template:
        if "needs" in block and _NEEDS[block["needs"]] not in known:
            continue
        if block["kind"] in DRAWN_KINDS:
            kept += [_of(block, source=block["source"])] if block["source"] in drawn else []
        elif block.get("when", "").partition(":")[2] not in {"", *known}:
            continue
        elif text := _fitted_text(block["text"], {*known, *own_tokens(block)}):
            kept.append(_of(block, text=text.replace("{month}", month)))
    followers = [*kept[1:], {"kind": "heading1"}]
    return [block for block, after in zip(kept, followers, strict=True) if not _is_bare(block, after)]


def _of(block: Mapping[str, str], **content: str) -> dict[str, str]:
    hangs_on = {name: block[name] for name in ("when", "each") if name in block}
    return {"kind": block["kind"], **content, **hangs_on}


def own_tokens(block: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the figures of the unit a block is repeated for, none when it is not repeated."""
    return REPEAT_TOKENS if block.get("each") else ()


def _fitted_text(text: str, known: Collection[str]) -> str:
    clauses = [clause for clause in _CLAUSE.findall(text) if set(token_names(clause)) <= set(known)]
    joined = "".join(clauses)
    return joined[:-1] + "。" if joined.endswith("；") else joined


def _is_bare(block: Mapping[str, str], after: Mapping[str, str]) -> bool:
    return block["kind"] == "heading1" and after["kind"] == "heading1"
