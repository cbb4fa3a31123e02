"""From a draft with tokens to a paper with figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from changai.areas.briefings.models import Briefing
from changai.areas.briefings.queries.catalogue import Catalogue, Produced
from changai.areas.briefings.rules import Token, draft_faults, split_tokens
from changai.areas.organisations.queries import city
from changai.core.errors import Invalid
from changai.documents import paper


@dataclass(frozen=True)
class Composed:
    """A paper, and what each figure in it was produced from, by key, in reading order."""

    paper: paper.Briefing
    produced: dict[str, Produced]


def compose(briefing: Briefing, catalogue: Catalogue, *, issued_on: date) -> Composed:
    """Return the draft as a paper, every token replaced by its figure.

    :raises Invalid: with every fault of the draft
    """
    faults = draft_faults(briefing.draft, catalogue.names, catalogue.drawn)
    if faults:
        raise Invalid("简报还不能生成，请先改正以下问题。", faults=tuple(faults))
    writer = _Writer(catalogue)
    blocks = tuple(writer.block(block) for block in briefing.draft)
    settings = city()
    composed = paper.Briefing(
        masthead=f"{settings.city_name}产改简报",
        issue_number=briefing.issue_number,
        total_number=briefing.total_number,
        issuer=settings.office_name,
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
    return Composed(composed, writer.produced)


def _names(written: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in written.replace(",", "，").split("，") if name.strip())


class _Writer:
    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.produced: dict[str, Produced] = {}
        self.headings = [0, 0]

    def block(self, block: dict[str, str]) -> paper.Block:
        kind = block["kind"]
        if kind in {"heading1", "heading2"}:
            return self._heading(int(kind[-1]), block["text"].strip())
        if kind == "paragraph":
            return paper.Paragraph(self._parts(block["text"].strip()))
        drawn = self.catalogue.draw(block["source"])
        self.produced.update({produced.key: produced for produced in drawn.produced})
        return drawn.block

    def _heading(self, level: int, text: str) -> paper.Heading:
        self.headings[level - 1] += 1
        if level == 1:
            self.headings[1] = 0
        label = paper.heading_label(level, self.headings[level - 1])
        return paper.Heading(level, (label, *self._parts(text)))

    def _parts(self, text: str) -> paper.Parts:
        return tuple(
            self._figure(piece.name) if isinstance(piece, Token) else piece for piece in split_tokens(text)
        )

    def _figure(self, name: str) -> paper.Figure:
        produced = self.catalogue.produce(name)
        self.produced[produced.key] = produced
        return paper.Figure(produced.key, produced.text)


def plain_text(blocks: Sequence[paper.Block]) -> str:
    """Return the running text of the blocks, for counting characters."""
    return "".join(
        paper.plain(block.parts) for block in blocks if isinstance(block, paper.Heading | paper.Paragraph)
    )
