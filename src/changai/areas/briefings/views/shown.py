"""The blocks of a draft as the composer shows them: with their faults, their figures and whether they stand."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from changai.areas.briefings import queries, rules
from changai.areas.briefings.rules.merging import Whose
from changai.areas.briefings.rules.picturing import PictureSource, picture_source

# The rules' words for the kinds of blocks and repetitions, for those who translate.
WORDS = (
    gettext_noop("迟报单位"),
    gettext_noop("未报单位"),
    gettext_noop("退回单位"),
    gettext_noop("有滞后任务的单位"),
    gettext_noop("考核对象"),
    gettext_noop("一级标题"),
    gettext_noop("二级标题"),
    gettext_noop("三级标题"),
    gettext_noop("四级标题"),
    gettext_noop("正文"),
    gettext_noop("列项"),
    gettext_noop("图片"),
    gettext_noop("出席人员"),
    gettext_noop("附注"),
    gettext_noop("附件"),
    gettext_noop("与正文同宽"),
    gettext_noop("正文宽的四分之三"),
    gettext_noop("正文宽的一半"),
    gettext_noop("表"),
    gettext_noop("图"),
)
_LINE_CHARACTERS = 38


@dataclass(frozen=True)
class ShownBlock:
    """One block as the composer shows it; `figures` are its figures with the values of now."""

    number: int
    kind: str
    label: str
    text: str
    source: str
    fault: str
    figures: tuple[tuple[str, str], ...]
    rows: int
    verb: str
    figure: str
    each: str
    drawings: tuple[queries.DrawnEntry, ...]
    caption: str = ""
    width: str = ""
    picture: PictureSource | None = None
    appearance: str = ""
    whose: Whose = ""

    @property
    def is_drawn(self) -> bool:
        return self.kind in rules.DRAWN_KINDS

    @property
    def hangs(self) -> bool:
        """Return whether the block stands on a condition or is repeated."""
        return bool(self.verb or self.each)

    @property
    def is_fallen(self) -> bool:
        """Return whether nothing of the block stands in the paper as things are."""
        return self.appearance.startswith(queries.FALLEN)

    @property
    def hanging(self) -> str:
        """Return on what the block hangs, in a sentence."""
        said = {
            "present": _("“%(figure)s”有数（不为零）时才写"),
            "absent": _("“%(figure)s”没有或为零时才写"),
        }.get(self.verb, "")
        each = (
            _("每个%(state)s写一段") % {"state": _(rules.REPEATS[self.each])}
            if self.each in rules.REPEATS
            else ""
        )
        return "，".join(filter(None, (said % {"figure": self.figure} if said else "", each))) or _(
            "始终出现"
        )

    @property
    def has_lines(self) -> bool:
        """Return whether there are lines to make blocks of."""
        return self.kind != "list" and "\n" in self.text.strip()


def shown_blocks(
    blocks: Sequence[dict[str, str]], catalogue: queries.Catalogue, whose: Iterable[Whose] = ()
) -> list[ShownBlock]:
    """Return the blocks with what the catalogue says of them; `whose` marks those two people wrote differently."""
    marks = [*whose] or [""] * len(blocks)
    said = queries.appearances(blocks, catalogue)
    drawn = catalogue.drawn | queries.pictures_at_hand(blocks)
    return [
        replace(_shown(number, block, catalogue, drawn), appearance=appearance, whose=mark)
        for number, (block, appearance, mark) in enumerate(zip(blocks, said, marks, strict=True), start=1)
    ]


def _shown(
    number: int, block: dict[str, str], catalogue: queries.Catalogue, drawn: Collection[str]
) -> ShownBlock:
    kind, when = block["kind"], block.get("when", "")
    is_known = kind in rules.KINDS
    return ShownBlock(
        number=number,
        kind=kind,
        label=_(rules.KINDS[kind]) if is_known else "",
        text=block.get("text", ""),
        source=block.get("source", ""),
        fault=rules.block_fault(block, catalogue.names, drawn) if is_known else "",
        figures=tuple(
            (name, catalogue.produce(name).text)
            for name in rules.token_names(block.get("text", ""))
            if name in catalogue.names
        ),
        rows=_rows(block),
        verb=when.partition(":")[0],
        figure=when.partition(":")[2],
        each=block.get("each", ""),
        drawings=tuple(entry for key, entry in catalogue.drawings.items() if key.partition(".")[0] == kind),
        caption=block.get("caption", ""),
        width=block.get("width", ""),
        picture=picture_source(block.get("source", "")) if block.get("source") in drawn else None,
    )


def _rows(block: dict[str, str]) -> int:
    if block["kind"] not in ("paragraph", "list"):
        return 1
    text = block.get("text", "")
    return max(2, sum(len(line) // _LINE_CHARACTERS + 1 for line in text.split("\n")))
