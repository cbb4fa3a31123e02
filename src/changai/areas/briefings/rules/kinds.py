"""The kinds of papers the office issues, as data: a new kind is a line here and a template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from changai.areas.briefings.rules import templates
from changai.areas.briefings.rules.blocks import KINDS

Form = Literal["briefing", "official", "letter", "minutes"]
RED = "FF0000"
LETTERS = "letters"
# Blocks a form of paper has no place for.
_FOREIGN: Mapping[Form, tuple[str, ...]] = {
    "briefing": ("attendance", "remark", "attachment"),
    "official": ("attendance",),
    "letter": ("attendance",),
    "minutes": ("remark",),
}


@dataclass(frozen=True)
class PaperKind:
    """One kind of paper.

    `masthead`, `title` and `code` may hold {city} (示范市), {short} (示范), {body}, {office}, {month} and {round}.
    Kinds of one `series` share a row of numbers a year. `reaches` says who reads it once it is issued: everybody, or
    the units it is sent to. `signed_by` is the body whose name stands at its end, the same as in its masthead. A kind
    that `tells_opinions` is made from a consultation; one that `sends` is the common text of letters of another kind,
    one to each unit of a round, and never goes out itself.
    Source of the limit of characters: 《整治形式主义为基层减负若干规定》.
    """

    key: str
    name: str
    form: Form
    masthead: str
    title: str
    template: templates.Template
    series: str
    code: str = ""
    colour: str = RED
    seal: Literal["none", "sealed", "stamped"] = "sealed"
    signed_by: Literal["body", "office"] = "office"
    reaches: Literal["everybody", "addressees"] = "everybody"
    is_upward: bool = False
    tells_opinions: bool = False
    sends: str = ""
    most_characters: int = 4000

    @property
    def block_kinds(self) -> tuple[str, ...]:
        """Return the kinds of blocks it may hold, in the order they are offered."""
        return tuple(kind for kind in KINDS if kind not in _FOREIGN[self.form])

    @property
    def has_recipients(self) -> bool:
        """Return whether the paper names whom it is sent to above its text."""
        return self.form in ("official", "letter")

    @property
    def may_address(self) -> bool:
        """Return whether units can be chosen that it is sent to; an upward document goes to those above."""
        return self.has_recipients and not self.is_upward

    @property
    def needs_recipients(self) -> bool:
        """Return whether it goes to somebody by name: a letter, a notice, an upward document."""
        return self.is_upward or self.reaches == "addressees"

    def number(self, code: str, year: int | None, ordinal: int | None) -> str:
        """Return 示产改通〔2026〕3号 or 第3期, with gaps for what is not yet given."""
        shown = "　" if ordinal is None else str(ordinal)
        if self.form == "minutes":
            return f"第{shown}期"
        return f"{code}〔{'　' if year is None else year}〕{shown}号"


def _notice(key: str, name: str, colour: str) -> PaperKind:
    return PaperKind(
        key=f"notice_{key}",
        name=f"督办单（{name}）",
        form="official",
        masthead="督办单",
        title="关于加快推进滞后任务的督办单",
        template=templates.NOTICES[key],
        series="notice",
        code="{short}产改督",
        colour=colour,
        reaches="addressees",
    )


def _letter(key: str, name: str) -> PaperKind:
    return PaperKind(
        key=key,
        name=name,
        form="letter",
        masthead="{office}",
        title=f"关于有关事项的{name}",
        template=templates.LETTER,
        series=key,
        code="{short}产改" + {"reminder": "提", "opinion": "意", "proposal": "建"}[key],
        reaches="addressees",
    )


_ALL = (
    PaperKind(
        "briefing",
        "简报",
        "briefing",
        "{city}产改简报",
        "{month}产业工人队伍建设改革工作情况",
        templates.MONTHLY,
        "briefing",
        seal="none",
        most_characters=5000,
    ),
    PaperKind(
        "digest",
        "月报汇总",
        "briefing",
        "{city}产改月报",
        "{month}产改台账和月报情况",
        templates.LEDGER_DIGEST,
        "digest",
        seal="none",
    ),
    PaperKind(
        "leader",
        "领导参阅",
        "briefing",
        "{city}产改参阅",
        "{month}产改工作三句话",
        templates.LEADER_BRIEF,
        "leader",
        seal="none",
        most_characters=400,
    ),
    PaperKind(
        "supervision_circular",
        "督查通报",
        "official",
        "{office}文件",
        "关于{month}产改重点任务督查情况的通报",
        templates.SUPERVISION_CIRCULAR,
        "circular",
        code="{short}产改通",
    ),
    PaperKind(
        "assessment_circular",
        "考核通报",
        "official",
        "{body}文件",
        "关于产业工人队伍建设改革考核结果的通报",
        templates.ASSESSMENT_CIRCULAR,
        "circular",
        code="{short}产改通",
        signed_by="body",
    ),
    _notice("blue", "蓝色，提醒", "0070C0"),
    _notice("yellow", "黄色，预警", "B58900"),
    _notice("orange", "橙色，告诫", "D9730D"),
    _notice("red", "红色，限期", "C00000"),
    _letter("reminder", "提示函"),
    _letter("opinion", "意见书"),
    _letter("proposal", "建议书"),
    PaperKind(
        "feedback",
        "反馈意见",
        "letter",
        "{office}",
        "关于反馈考核情况的函",
        templates.FEEDBACK,
        "feedback",
        code="{short}产改函",
        reaches="addressees",
    ),
    PaperKind(
        LETTERS,
        "反馈意见（逐单位）",
        "letter",
        "{office}",
        "关于反馈{round}结果的函",
        templates.LETTERS,
        "feedback",
        code="{short}产改函",
        reaches="addressees",
        sends="feedback",
    ),
    PaperKind(
        "opinions",
        "意见采纳情况",
        "official",
        "{office}文件",
        "关于征求意见采纳情况的通报",
        templates.OPINIONS,
        "circular",
        code="{short}产改通",
        tells_opinions=True,
    ),
    PaperKind(
        "special_report",
        "专报",
        "official",
        "{office}文件",
        "关于{month}产业工人队伍建设改革工作情况的报告",
        templates.SPECIAL_REPORT,
        "report",
        code="{short}产改报",
        is_upward=True,
    ),
    PaperKind(
        "minutes",
        "会议纪要",
        "minutes",
        "{body}会议纪要",
        "{body}全体会议纪要",
        templates.MINUTES,
        "minutes",
        seal="none",
    ),
)
PAPER_KINDS: Mapping[str, PaperKind] = {kind.key: kind for kind in _ALL}
BRIEFING = "briefing"


def foreign_faults(kind: PaperKind, blocks: Sequence[Mapping[str, str]]) -> list[str]:
    """Return which blocks the paper has no place for, a Chinese sentence each."""
    return [
        f"第 {number} 段：{kind.name}里没有“{KINDS[block['kind']]}”，请改作其他段落或删除。"
        for number, block in enumerate(blocks, start=1)
        if block["kind"] not in kind.block_kinds
    ]


def head_faults(kind: PaperKind, recipients: str, signers: str) -> list[str]:
    """Return what a paper's head still lacks, a Chinese sentence each. Source: GB/T 9704-2012, 7.2.6 and 7.3.2."""
    lacks = {
        "没有主送单位，请在“版头和版记”中填写。": kind.needs_recipients and not recipients.strip(),
        "上行文应标注签发人，请在“版头和版记”中填写。": kind.is_upward and not signers.strip(),
    }
    return [sentence for sentence, is_lacking in lacks.items() if is_lacking]
