"""The life of a briefing, and the tokens that stand for figures while it is written."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from changai.core.errors import Invalid
from changai.documents.characters import printable

DRAFT, SUBMITTED, APPROVED, ISSUED = "draft", "submitted", "approved", "issued"

# (status, move) -> (status after, permission)
MOVES: dict[tuple[str, str], tuple[str, str]] = {
    (DRAFT, "write"): (DRAFT, "briefing.edit"),
    (DRAFT, "submit"): (SUBMITTED, "briefing.edit"),
    (SUBMITTED, "take_back"): (DRAFT, "briefing.edit"),
    (SUBMITTED, "return"): (DRAFT, "briefing.approve"),
    (SUBMITTED, "approve"): (APPROVED, "briefing.approve"),
    (APPROVED, "return"): (DRAFT, "briefing.approve"),
    (APPROVED, "issue"): (ISSUED, "briefing.approve"),
}

# The blocks a monthly briefing starts with, before they are fitted to what is at hand (`fitted`). `needs` names
# what must be at hand for a block to make sense.
MONTHLY: tuple[dict[str, str], ...] = (
    {"kind": "heading1", "text": "总体情况"},
    {
        "kind": "paragraph",
        "text": "截至本月底，全市共下达产改任务【任务总数】项（按承担单位计），"
        "已认领【已认领任务数】项，认领率【任务认领率】。"
        "已到完成时限的任务【到期任务数】项，其中完成【到期已完成任务数】项（完成率【到期任务完成率】）。",
    },
    {"kind": "table", "source": "table.parts"},
    {"kind": "chart", "source": "chart.parts"},
    {"kind": "heading1", "text": "重点数据"},
    {
        "kind": "paragraph",
        "text": "本月全市开展技能培训【本月技能培训人次】，累计【累计技能培训人次】；"
        "培训后取得证书【本月培训后取证人数】，"
        "累计【累计培训后取证人数】。新发展新就业形态会员【本月新就业形态入会人数】，累计【累计新就业形态入会人数】。"
        "职工创新成果转化应用【本月创新成果转化数】，新建户外劳动者驿站【本月新建户外驿站数】。",
    },
    {"kind": "heading1", "text": "报送情况"},
    {
        "kind": "paragraph",
        "text": "本月应报送月报的单位【应报单位数】个，按时报送【按时报送单位数】个，"
        "按时报送率【按时报送率】；"
        "迟报【迟报单位数】个（【迟报单位名单】），未报【未报单位数】个（【未报单位名单】）。",
    },
    {"kind": "table", "source": "table.rates"},
    {"kind": "heading1", "text": "考核得分", "needs": "scores"},
    {
        "kind": "paragraph",
        "needs": "scores",
        "text": "本期考核【考核单位数】个单位，平均得分【平均得分】，最高得分【最高得分】。"
        "前三名为【前三名单位】。"
        "各单位得分及逐项说明可在系统中查看。",
    },
    {"kind": "chart", "source": "chart.scores", "needs": "scores"},
    {"kind": "heading1", "text": "下步工作"},
    {
        "kind": "paragraph",
        "text": "各单位要对照序时进度，抓紧推进各项任务。"
        "目前滞后任务【滞后任务数】项（【滞后任务单位名单】）。"
        "办公室将跟踪调度，帮助解决实际困难。",
    },
)

KINDS: Mapping[str, str] = {
    "heading1": "一级标题",
    "heading2": "二级标题",
    "paragraph": "正文",
    "table": "表",
    "chart": "图",
}
TEXT_KINDS = ("heading1", "heading2", "paragraph")
DRAWN_KINDS = ("table", "chart")
MOST_BLOCKS = 99  # headings are counted up to 九十九
LONGEST_TEXT = 10_000
# Source: 《整治形式主义为基层减负若干规定》: papers up to 5000 characters, those on one topic up to 4000.
MOST_CHARACTERS, MOST_CHARACTERS_ON_ONE_TOPIC = 5000, 4000

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
        raise Invalid(f"简报最多 {MOST_BLOCKS} 段，请合并或删减。")
    return cleaned


def _cleaned(number: int, block: Mapping[str, str]) -> dict[str, str]:
    kind = str(block.get("kind", ""))
    if kind not in KINDS:
        raise Invalid(f"第 {number} 段：不认识的段落类型“{kind[:20]}”。")
    if kind in DRAWN_KINDS:
        return {"kind": kind, "source": printable(str(block.get("source", "")))[:_LONGEST_NAME]}
    text = printable(str(block.get("text", "")))
    if len(text) > LONGEST_TEXT:
        raise Invalid(f"第 {number} 段超过 {LONGEST_TEXT} 字，请分段。")
    return {"kind": kind, "text": text}


def fitted(
    template: Sequence[Mapping[str, str]], known: Collection[str], drawn: Collection[str]
) -> list[dict[str, str]]:
    """Return a template's blocks as far as their figures (`known`), tables and charts (`drawn`) are at hand.

    A clause with an unknown figure is left out, then blocks without anything left, then headings over nothing.
    """
    kept: list[dict[str, str]] = []
    for block in template:
        if "needs" in block and _NEEDS[block["needs"]] not in known:
            continue
        if block["kind"] in DRAWN_KINDS:
            kept += [{"kind": block["kind"], "source": block["source"]}] if block["source"] in drawn else []
        elif text := _fitted_text(block["text"], known):
            kept.append({"kind": block["kind"], "text": text})
    followers = [*kept[1:], {"kind": "heading1"}]
    return [block for block, after in zip(kept, followers, strict=True) if not _is_bare(block, after)]


def _fitted_text(text: str, known: Collection[str]) -> str:
    clauses = [clause for clause in _CLAUSE.findall(text) if set(token_names(clause)) <= set(known)]
    joined = "".join(clauses)
    return joined[:-1] + "。" if joined.endswith("；") else joined


def _is_bare(block: Mapping[str, str], after: Mapping[str, str]) -> bool:
    return block["kind"] == "heading1" and after["kind"] == "heading1"


def unknown_tokens(block: Mapping[str, str], known: Collection[str]) -> list[str]:
    """Return the names in a block's tokens that are no figure's."""
    return [name for name in token_names(block.get("text", "")) if name not in known]


def block_fault(block: Mapping[str, str], known: Collection[str], drawn: Collection[str]) -> str:
    """Return what is wrong with one block, or nothing."""
    if block["kind"] in DRAWN_KINDS:
        source = block.get("source", "")
        # The key's first word says which of the two it is: `table.rates`, `chart.scores`.
        if not source or source.partition(".")[0] != block["kind"]:
            return f"请选择要插入的{KINDS[block['kind']]}。"
        return "" if source in drawn else f"所选的{KINDS[block['kind']]}目前没有数据，请另选或删除该段。"
    if not block.get("text", "").strip():
        return "内容为空，请填写或删除该段。"
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
        faults.append("简报至少应有一个正文段落。")
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
