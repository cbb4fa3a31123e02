"""The blocks of a draft, and the tokens that stand for figures while it is written."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from changai.areas.briefings.rules.templates import ASKED
from changai.core.errors import Invalid
from changai.documents.characters import printable

# The kinds of blocks.
KINDS: Mapping[str, str] = {
    "heading1": "一级标题",
    "heading2": "二级标题",
    "paragraph": "正文",
    "attendance": "出席人员",
    "table": "表",
    "chart": "图",
}
TEXT_KINDS = ("heading1", "heading2", "paragraph", "attendance")
DRAWN_KINDS = ("table", "chart")
MOST_BLOCKS = 99  # headings are counted up to 九十九
LONGEST_TEXT = 10_000
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
_ATTENDANCE = re.compile(r"^\s*(出席|请假|列席)\s*[：:]")

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
    each = str(block.get("each", ""))
    repeated = {"each": each} if kind == "paragraph" and each in REPEATS else {}
    return {"kind": kind, "text": text} | when | repeated


def condition(written: str) -> str:
    """Return a block's condition, such as `present:迟报单位数`, nothing when it says none."""
    verb, _, name = printable(written).partition(":")
    return f"{verb}:{token_name(name.strip())}" if verb in CONDITIONS and name.strip() else ""


def stands(block: Mapping[str, str], is_there: Callable[[str], bool], known: Collection[str]) -> bool:
    """Return whether a block's condition holds; one on a figure not at hand does not.

    :param is_there: whether the figure of a name is there and not zero
    """
    verb, _, name = block.get("when", "").partition(":")
    return not verb or (name in known and is_there(name) == (verb == "present"))


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
        elif text := _fitted_text(block["text"], {*known, *_own_tokens(block)}):
            kept.append(_of(block, text=text.replace("{month}", month)))
    followers = [*kept[1:], {"kind": "heading1"}]
    return [block for block, after in zip(kept, followers, strict=True) if not _is_bare(block, after)]


def _of(block: Mapping[str, str], **content: str) -> dict[str, str]:
    hangs_on = {name: block[name] for name in ("when", "each") if name in block}
    return {"kind": block["kind"], **content, **hangs_on}


def _own_tokens(block: Mapping[str, str]) -> tuple[str, ...]:
    return REPEAT_TOKENS if block.get("each") else ()


def _fitted_text(text: str, known: Collection[str]) -> str:
    clauses = [clause for clause in _CLAUSE.findall(text) if set(token_names(clause)) <= set(known)]
    joined = "".join(clauses)
    return joined[:-1] + "。" if joined.endswith("；") else joined


def _is_bare(block: Mapping[str, str], after: Mapping[str, str]) -> bool:
    return block["kind"] == "heading1" and after["kind"] == "heading1"


def unknown_tokens(block: Mapping[str, str], known: Collection[str]) -> list[str]:
    """Return the names in a block's tokens that are no figure's."""
    own = _own_tokens(block)
    return [name for name in token_names(block.get("text", "")) if name not in known and name not in own]


def block_fault(block: Mapping[str, str], known: Collection[str], drawn: Collection[str]) -> str:
    """Return what is wrong with one block, or nothing."""
    hangs_on = block.get("when", "").partition(":")[2]
    if hangs_on and hangs_on not in known:
        return f"出现条件中没有名为“{hangs_on}”的数据，请从数据目录中选取。"
    return _drawn_fault(block, drawn) if block["kind"] in DRAWN_KINDS else _text_fault(block, known)


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
    if block["kind"] == "attendance" and not _ATTENDANCE.match(block["text"]):
        return "出席人员应以“出席：”“请假：”或“列席：”开头。"
    if block.get("each") and UNIT_TOKEN not in token_names(block["text"]):
        return "逐个单位重复的段落应写有【单位】，否则各段看不出是哪个单位。"
    unknown = unknown_tokens(block, known)
    listed = "、".join(f"“{name}”" for name in unknown)
    return f"没有名为{listed}的数据，请从数据目录中选取。" if unknown else ""


def draft_faults(
    blocks: Sequence[Mapping[str, str]], known: Collection[str], drawn: Collection[str]
) -> list[str]:
    """Return what is wrong with a draft: one Chinese sentence for each fault, naming the block.

    `known` are the names of figures, `drawn` the keys of tables and charts.
    """
    faults = [
        f"第 {number} 段：{fault}"
        for number, block in enumerate(blocks, start=1)
        if (fault := block_fault(block, known, drawn))
    ]
    if not any(block["kind"] == "paragraph" for block in blocks):
        faults.append("至少应有一个正文段落。")
    return faults


def order_blocks(blocks: Sequence[dict[str, str]], order: str) -> tuple[list[dict[str, str]], int]:
    """Return the blocks after one order of the composer, and the number of the block it leaves in hand.

    Orders count blocks from 1: `add:paragraph:3` (after the third), `up:3`, `down:3`, `delete:3`.

    :raises Invalid: when there is no such order
    """
    verb, _, rest = order.partition(":")
    kind, _, written = rest.rpartition(":")
    last = len(blocks) if verb == "add" else len(blocks) - 1
    place = int(written) if written.isascii() and written.isdigit() else -1
    if verb not in {"add", "up", "down", "delete"} or (verb == "add") != (kind in KINDS):
        raise Invalid("没有这样的操作，请刷新页面后重试。")
    if verb != "add":
        place -= 1
    if not 0 <= place <= last:
        raise Invalid("该段已不存在，请刷新页面后重试。")
    return _ordered(list(blocks), verb, kind, place)


def _ordered(
    blocks: list[dict[str, str]], verb: str, kind: str, place: int
) -> tuple[list[dict[str, str]], int]:
    if verb == "add":
        blocks.insert(place, {"kind": kind, "source" if kind in DRAWN_KINDS else "text": ""})
        return blocks, place + 1
    block = blocks.pop(place)
    if verb == "delete":
        return blocks, min(place + 1, len(blocks))
    place = max(place - 1, 0) if verb == "up" else min(place + 1, len(blocks))
    blocks.insert(place, block)
    return blocks, place + 1
