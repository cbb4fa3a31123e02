"""From a draft with tokens to a paper with figures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from django.conf import settings
from django.urls import reverse

from changai.areas.briefings.models import Briefing
from changai.areas.briefings.queries.catalogue import Catalogue
from changai.areas.briefings.queries.picturing import pictures_at_hand
from changai.areas.briefings.queries.records import Produced
from changai.areas.briefings.queries.typeset import typeset
from changai.areas.briefings.rules import (
    DRAWN_KINDS,
    TEXT_KINDS,
    UNIT_TOKEN,
    PaperKind,
    Standing,
    Token,
    bare_faults,
    block_fault,
    draft_faults,
    foreign_faults,
    head_faults,
    parted,
    split_tokens,
    standings,
)
from changai.areas.briefings.rules.pasting import list_items
from changai.areas.briefings.rules.picturing import WIDTHS, picture_source
from changai.areas.organisations.models import City
from changai.areas.organisations.queries import city
from changai.core.errors import Invalid
from changai.documents import paper
from changai.documents.checking.deviations import Deviation
from changai.documents.checking.upward import genre_of, upward_deviations
from changai.documents.layout import fits_whole

_MOST_NAMED = 6
_BARE = {  # where no figure can stand, by field: what the place is called
    "title": "标题", "number_code": "发文代字", "recipients": "主送", "signers": "签发人", "copy_to": "抄送",
    "report_to": "报", "send_to": "送", "distribute_to": "发",
}  # fmt: skip
FALLEN = ("现在不出现", "现在一段也没有")


@dataclass(frozen=True)
class Composed:
    """A paper, and what each figure in it was produced from, by key, in reading order.

    `fallen` tells which blocks of the draft are not in it, and why.
    """

    paper: paper.Paper
    produced: dict[str, Produced]
    fallen: tuple[str, ...] = ()


def compose(briefing: Briefing, catalogue: Catalogue, *, issued_on: date) -> Composed:
    """Return the draft as a paper, every token replaced by its figure.

    :raises Invalid: with every fault of the draft
    """
    faults = faults_of(briefing, catalogue)
    if faults:
        raise Invalid("公文还不能生成，请先改正以下问题。", faults=tuple(faults))
    return sketch(briefing, catalogue, issued_on=issued_on)


def faults_of(briefing: Briefing, catalogue: Catalogue) -> list[str]:
    """Return what keeps a draft from being submitted, a Chinese sentence each: first its head, then its blocks."""
    head = head_faults(briefing.paper_kind, briefing.recipients, briefing.signers)
    foreign = foreign_faults(briefing.paper_kind, briefing.draft)
    drawn = catalogue.drawn | pictures_at_hand(briefing.draft)
    upward = [each.sentence() for each in _upward(briefing) if each.is_binding]
    bare = bare_faults({place: str(getattr(briefing, name)) for name, place in _BARE.items()})
    return [*bare, *head, *upward, *foreign, *draft_faults(briefing.draft, catalogue.names, drawn)]


def _upward(briefing: Briefing) -> Iterator[Deviation]:
    """Yield what the regulations forbid a paper to superiors. Source: 《党政机关公文处理工作条例》第十五条."""
    kind = briefing.paper_kind
    genre = genre_of(briefing.title) or ("报告" if kind.is_upward else "")
    return upward_deviations(
        genre if kind.has_recipients else "",
        recipients=_names(briefing.recipients),
        text=[block["text"] for block in briefing.draft if block["kind"] in TEXT_KINDS],
        copy_to=_names(briefing.copy_to),
    )


def sketch(briefing: Briefing, catalogue: Catalogue, *, issued_on: date) -> Composed:
    """Return a paper of the draft as far as it is written: unknown tokens stay, empty blocks are left out."""
    writer = _Writer(catalogue, briefing.pk)
    standing, fallen = _standing(briefing.draft, catalogue), _fallen(briefing.draft, catalogue)
    if briefing.paper_kind.form == "briefing":
        blocks = tuple(writer.blocks(standing))
        return Composed(_briefing(briefing, city(), blocks, issued_on), writer.produced, fallen)
    parts = parted(standing)
    document = replace(
        _document(briefing, city(), tuple(writer.blocks(parts.body)), issued_on),
        attachments=tuple(
            paper.Attachment(head["text"].strip(), tuple(writer.blocks(blocks)))
            for head, blocks in parts.attachments
            if head["text"].strip()
        ),
        remark="；".join(filter(None, (_unbracketed(block["text"]) for block in parts.remarks))),
    )
    return Composed(document, writer.produced, fallen)


def _standing(draft: Sequence[dict[str, str]], catalogue: Catalogue) -> list[dict[str, str]]:
    found = standings(draft, catalogue.has, catalogue.names)
    return [block for block, why in zip(draft, found, strict=True) if why is Standing.STANDS]


def _unbracketed(remark: str) -> str:
    """Return a remark without its own brackets: the paper sets them. Source: GB/T 9704-2012, 7.3.7."""
    words = remark.strip()
    return words[1:-1].strip() if words[:1] in ("（", "(") and words[-1:] in ("）", ")") else words


def _fallen(draft: Sequence[dict[str, str]], catalogue: Catalogue) -> tuple[str, ...]:
    told = enumerate(appearances(draft, catalogue), start=1)
    return tuple(f"第 {number} 段{sentence}" for number, sentence in told if sentence.startswith(FALLEN))


def appearances(draft: Sequence[dict[str, str]], catalogue: Catalogue) -> list[str]:
    """Return for each block when it does not simply stand: whether it stands now and why, in a sentence."""
    found = standings(draft, catalogue.has, catalogue.names)
    return [_appearance(block, why, catalogue) for block, why in zip(draft, found, strict=True)]


def _appearance(block: dict[str, str], why: Standing, catalogue: Catalogue) -> str:
    name = block.get("when", "").partition(":")[2]
    if why is Standing.ENCLOSED:
        return "现在不出现：所在的附件不出现。"
    if why is Standing.DESERTED:
        return "现在不出现：标题下的各段都不出现。"
    if name and name not in catalogue.names:
        return ""  # a fault says so
    value = f"“{name}”现为“{catalogue.produce(name).text}”。" if name else ""
    if why is Standing.CONDITION:
        return f"现在不出现：{value}"
    if block.get("each"):
        return value + _repetition(catalogue.repeated(block["each"]))
    return f"现在出现：{value}" if value else ""


def _repetition(units: Sequence[dict[str, Produced]]) -> str:
    if not units:
        return "现在一段也没有：没有这样的单位。"
    named = "、".join(own[UNIT_TOKEN].text for own in units[:_MOST_NAMED])
    rest = "等" if len(units) > _MOST_NAMED else ""
    return f"现在写 {len(units)} 段：{named}{rest}。"


def worded(pattern: str, bodies: City, month: str = "", round_name: str = "") -> str:
    """Return a masthead, title or code of a kind of paper with the city's own names in it."""
    return pattern.format(
        city=bodies.city_name,
        short=bodies.city_name.removesuffix("市"),
        body=body_of(bodies),
        office=bodies.office_name,
        month=month,
        round=round_name,
    )


def body_of(bodies: City) -> str:
    """Return the coordination group by its full name: the settings may leave out the city's."""
    name = bodies.body_name
    return name if bodies.city_name in name else f"{bodies.city_name}{name}"


def _briefing(
    briefing: Briefing, bodies: City, blocks: tuple[paper.Block, ...], issued_on: date
) -> paper.Briefing:
    return paper.Briefing(
        masthead=worded(briefing.paper_kind.masthead, bodies),
        issue_number=briefing.issue_number,
        total_number=briefing.total_number,
        issuer=bodies.office_name,
        issued_on=issued_on,
        title=briefing.title,
        blocks=blocks,
        imprint=paper.Imprint(
            report_to=_names(briefing.report_to),
            send_to=_names(briefing.send_to),
            distribute_to=_names(briefing.distribute_to),
            copies=briefing.copies or None,
        ),
    )


def _document(
    briefing: Briefing, bodies: City, blocks: tuple[paper.Block, ...], issued_on: date
) -> paper.Document:
    kind = briefing.paper_kind
    signs = body_of(bodies) if kind.signed_by == "body" else bodies.office_name
    code = briefing.number_code or worded(kind.code, bodies)
    return paper.Document(
        kind=_document_kind(kind),
        masthead=worded(kind.masthead, bodies),
        number=kind.number(code, briefing.year, briefing.issue_number),
        issuer=bodies.office_name,
        issued_on=issued_on,
        title=briefing.title,
        recipients=_receivers(briefing) if kind.has_recipients else (),
        blocks=blocks,
        signature=None if kind.seal == "none" else paper.Signature(signs, issued_on, kind.seal),
        copy_to=_names(briefing.copy_to),
        printed_by=bodies.office_name,
        signers=_names(briefing.signers) if kind.is_upward else (),
        urgency=briefing.urgency,
        colour=kind.colour,
    )


def _document_kind(kind: PaperKind) -> Literal["official", "letter", "minutes"]:
    if kind.form == "briefing":
        raise ValueError(f"{kind.key} is set as a briefing")
    return kind.form


def _receivers(briefing: Briefing) -> tuple[str, ...]:
    """Return whom a document is sent to; a letter of a round has one receiver, whatever commas stand in its name."""
    return (briefing.recipients,) if briefing.wording_id else _names(briefing.recipients)


def _names(written: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in written.replace(",", "，").split("，") if name.strip())


class _Writer:
    def __init__(self, catalogue: Catalogue, briefing_id: int) -> None:
        self.catalogue = catalogue
        self.briefing_id = briefing_id
        self.tables = 0
        self.produced: dict[str, Produced] = {}
        self.headings = [0, 0, 0, 0]
        self.own: dict[str, Produced] = {}  # the figures of the unit a paragraph is repeated for

    def blocks(self, standing: Sequence[Mapping[str, str]]) -> Iterator[paper.Block]:
        """Yield what a part of the paper holds, set as papers are; its headings are counted from one."""
        self.headings = [0, 0, 0, 0]
        yield from map(typeset, self._unset(standing))

    def _unset(self, standing: Sequence[Mapping[str, str]]) -> Iterator[paper.Block]:
        for block in standing:
            if block.get("each") and block["text"].strip():
                yield from self._repeated(block)
            elif block["kind"] == "picture":
                yield from _picture(block)
            elif block["kind"] not in DRAWN_KINDS:
                if block["text"].strip():
                    yield self._words(block["kind"], block["text"].strip())
            elif not block_fault(block, self.catalogue.names, self.catalogue.drawn):
                drawn = self.catalogue.draw(block["source"])
                self.produced.update({produced.key: produced for produced in drawn.produced})
                if drawn.block is not None:
                    yield self._addressed(drawn.block)

    def _repeated(self, block: Mapping[str, str]) -> Iterator[paper.Block]:
        for own in self.catalogue.repeated(block["each"]):
            self.own = own
            yield paper.Paragraph(tuple(self._parts(block["text"].strip())))
        self.own = {}

    def _addressed(self, block: paper.Block) -> paper.Block:
        """Keep a small table whole, and give it the address of its place on the page of the paper.

        Without an address of the installation a table has none.
        """
        if not isinstance(block, paper.Table):
            return block
        weights = tuple(column.width for column in block.columns)
        rows = [[*map(paper.plain, row)] for row in block.rows]
        block = replace(block, is_whole=fits_whole(weights, rows))
        if not settings.SITE_ADDRESS:
            return block
        self.tables += 1
        page = reverse("briefings:briefing", args=[self.briefing_id])
        return replace(block, address=f"{settings.SITE_ADDRESS}{page}#table-{self.tables}")

    def _words(self, kind: str, text: str) -> paper.Block:
        if kind == "attendance":
            label, _, people = text.replace(":", "：", 1).partition("：")
            return paper.Attendance(label.strip(), people.strip())
        if kind == "list":
            items = (paper.Item(tuple(self._parts(words)), level) for level, words in list_items(text))
            return paper.Listing(tuple(items))
        if not kind.startswith("heading"):
            return paper.Paragraph(tuple(self._parts(text)))
        level = int(kind[-1])
        self.headings[level - 1 :] = [self.headings[level - 1] + 1, *[0] * (4 - level)]
        label = paper.heading_label(level, self.headings[level - 1])
        return paper.Heading(level, (label, *self._parts(text)))

    def _parts(self, text: str) -> Iterator[paper.Part]:
        for piece in split_tokens(text):
            if isinstance(piece, str):
                yield piece
            elif piece.name not in self.catalogue.names and piece.name not in self.own:
                yield piece.written
            else:
                yield from self._figure(piece)

    def _figure(self, token: Token) -> Iterator[paper.Part]:
        produced = self.own.get(token.name) or self.catalogue.produce(token.name)
        if token.is_bracketed and produced.is_empty:
            return
        self.produced[produced.key] = produced
        yield from filter(None, (token.before, paper.Figure(produced.key, produced.text), token.after))


def _picture(block: Mapping[str, str]) -> Iterator[paper.Block]:
    found = picture_source(block.get("source", ""))
    if found:
        _words, share = WIDTHS[block.get("width", "")]
        said = block.get("text", "").strip()
        yield paper.Picture(*found, alt=said, caption=block.get("caption", ""), share=share)


def characters(composed: paper.Paper) -> int:
    """Return how many characters the text of a paper has, headings and figures included, tables not."""
    words = "".join(word for block in composed.blocks for word in _words_of(block))
    return len("".join(words.split()))


def _words_of(block: paper.Block) -> Iterator[str]:
    if isinstance(block, paper.Heading | paper.Paragraph):
        yield paper.plain(block.parts)
    elif isinstance(block, paper.Listing):
        yield from (f"{label}{paper.plain(item.parts)}" for label, item in block.labelled)


def changed_figures(before: paper.Paper, now: paper.Paper) -> list[tuple[str, str, str]]:
    """Return (key, then, now) of every figure that reads otherwise in the later paper."""
    earlier = {figure.key: figure.text for figure in paper.figures(before)}
    later = {figure.key: figure.text for figure in paper.figures(now)}
    return [
        (key, earlier.get(key, "—"), later.get(key, "—"))
        for key in dict.fromkeys((*earlier, *later))
        if earlier.get(key) != later.get(key)
    ]
