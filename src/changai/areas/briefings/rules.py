"""The life of a briefing, and the tokens that stand for figures while it is written."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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

# The blocks a monthly briefing starts with; `needs` names what must be at hand for a block to make sense.
MONTHLY: tuple[dict[str, str], ...] = (
    {"kind": "heading1", "text": "总体情况"},
    {
        "kind": "paragraph",
        "text": "截至本月底，全市共下达产改任务【任务总数】项（按承担单位计），"
        "已认领【已认领任务数】项，认领率【任务认领率】。"
        "已到完成时限的任务【到期任务数】项，其中完成【到期已完成任务数】项，到期任务完成率【到期任务完成率】。",
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
        "text": "各单位要对照序时进度，抓紧推进滞后任务。"
        "目前滞后任务【滞后任务数】项，涉及【滞后任务单位名单】。"
        "办公室将对滞后任务跟踪调度，帮助解决实际困难。",
    },
)

TEXT_KINDS = ("heading1", "heading2", "paragraph")
DRAWN_KINDS = ("table", "chart")
_TOKEN = re.compile(r"【([^【】\n]{1,40})】")


@dataclass(frozen=True)
class Token:
    """The name of a figure, as the office writes it: 【按时报送率】."""

    name: str


def split_tokens(text: str) -> Iterator[str | Token]:
    """Yield the pieces of a text in order: plain text, and tokens."""
    place = 0
    for found in _TOKEN.finditer(text):
        if found.start() > place:
            yield text[place : found.start()]
        yield Token(found[1])
        place = found.end()
    if place < len(text):
        yield text[place:]


def draft_faults(blocks: Sequence[dict[str, str]], known: frozenset[str], drawn: frozenset[str]) -> list[str]:
    """Return what is wrong with a draft: one Chinese sentence for each fault, naming the block.

    `known` are the names of figures, `drawn` the keys of tables and charts.
    """
    faults: list[str] = []
    for number, block in enumerate(blocks, start=1):
        kind, text = block.get("kind", ""), block.get("text", "")
        if kind in DRAWN_KINDS:
            if block.get("source", "") not in drawn:
                faults.append(f"第 {number} 段：请选择要插入的图或表。")
        elif kind not in TEXT_KINDS:
            faults.append(f"第 {number} 段：不认识的段落类型“{kind}”。")
        elif not text.strip():
            faults.append(f"第 {number} 段：内容为空，请填写或删除该段。")
        else:
            unknown = [
                piece.name
                for piece in split_tokens(text)
                if isinstance(piece, Token) and piece.name not in known
            ]
            faults += [
                f"第 {number} 段：没有名为“{name}”的数据，请从右侧数据目录中选取。" for name in unknown
            ]
    if not any(block.get("kind") == "paragraph" for block in blocks):
        faults.append("简报至少应有一个正文段落。")
    return faults
