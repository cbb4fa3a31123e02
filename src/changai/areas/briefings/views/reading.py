"""Reading: the briefing as a page, every figure of it, and the way from a figure down to what was sent."""

from collections.abc import Iterator
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from changai.areas.briefings import queries
from changai.areas.briefings.forms import AnnulForm, ErratumForm
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.policies import sees_unissued
from changai.areas.briefings.views.comparing import last_edits
from changai.areas.briefings.views.frame import catalogue_of, countersigns_of, crumbs, frame
from changai.areas.briefings.views.letters import again_label, letters_sentence
from changai.areas.briefings.views.numbering import issue_sentence, number_warnings
from changai.areas.briefings.views.papers import pages_context
from changai.documents import charts, layout
from changai.documents import paper as papers
from changai.documents.chart_spec import chart_number
from changai.documents.titles import title_lines
from changai.foundation.actors import Actor
from changai.foundation.matrix import allows
from changai.foundation.pages import Request, page, see_other
from changai.foundation.ui.parts import ChartTable, Crumb

TALL_FROM = 9  # categories of a bar chart


@page("briefing.view")
@require_safe
def briefing(request: Request, pk: int) -> HttpResponse:
    """Show the issued briefing from its frozen content; before that, its pages and what may be done."""
    found = queries.briefing_for(request.actor, pk)
    if found.paper_kind.sends and found.year is not None:
        return see_other(reverse("briefings:letters", args=[pk]))
    context = frame(request.actor, found) | {"breadcrumbs": crumbs(Crumb(found.title))}
    if found.status != Briefing.Status.ISSUED:
        return render(request, "briefings/review.html", context | _unissued(request, found))
    frozen = papers.paper_from_dict(found.content)
    prefetch_related_objects([found], "figures")  # read once, for the names and for what was corrected since
    names = {figure.key: figure.name for figure in found.figures.all()}
    context |= paper_context(found, frozen, names) | {"figure_count": len(names)}
    return render(request, "briefings/issued.html", context | _issued(request.actor, found))


def paper_context(found: Briefing, paper: papers.Paper, names: dict[str, str]) -> dict[str, Any]:
    """Return what `_paper.html` shows; figures open where `names` has their key."""
    lines = paper.imprint.printed_lines if isinstance(paper, papers.Briefing) else paper.printed_lines
    return {
        "paper": paper,
        # Cut as on paper: no word is broken at the end of a line.
        "title_lines": title_lines(paper.title, layout.TITLE_CHARACTERS_PER_LINE, names=(paper.issuer,)),
        "masthead_lines": title_lines(paper.masthead, layout.MASTHEAD_LINE_CHARACTERS),
        "blocks": list(_blocks(found, paper, names)),
        "dated": papers.chinese_date(paper.issued_on),
        "lines": [(label, *text.partition("\t")[::2]) for label, text in lines],
        "is_briefing": isinstance(paper, papers.Briefing),
    }


def _issued(actor: Actor, found: Briefing) -> dict[str, Any]:
    """Return what stands around an issued paper: its corrections, who has signed for it, what may be done."""
    may_receive = allows(actor, "paper.receive")
    context: dict[str, Any] = {
        "errata": found.errata.all(),
        "as_of": next((figure.as_of for figure in found.figures.all()), found.issued_at),
        "superseded": queries.superseded_figures(found),
        "amended": queries.amended_figures(actor, found),
        "may_receive": may_receive and found.paper_kind.may_address,
        "own_receipt": queries.own_receipt(actor, found) if may_receive else None,
        "circulation": _circulation(actor, found),
        "may_correct": allows(actor, "briefing.approve"),
        "erratum_form": ErratumForm(),
        "annul_form": AnnulForm(),
    }
    if not sees_unissued(actor):
        return context
    return context | {"opinions_kept": found.opinions_kept}


def _circulation(actor: Actor, found: Briefing) -> tuple[int, int] | None:
    """Return how many units have signed for the paper and how many have not, to who may see it."""
    if not found.paper_kind.may_address or not allows(actor, "receipt.view"):
        return None
    lines = queries.receipt_lines(found)
    unsigned = sum(line.is_open for line in lines)
    return (len(lines) - unsigned, unsigned) if lines else None


def _unissued(request: Request, found: Briefing) -> dict[str, Any]:
    today = timezone.localdate()
    catalogue = catalogue_of(request.actor, found)
    now = queries.sketch(found, catalogue, issued_on=today)
    return pages_context(found, now) | {
        **countersigns_of(request.actor, found),
        "faults": queries.faults_of(found, catalogue),
        "changes": _changes(found, now),
        "issue_sentence": (letters_sentence if found.paper_kind.sends else issue_sentence)(found, today),
        "again_reason_label": again_label(found),
        "warnings": number_warnings(found, today),
        "untold": queries.untold_sentences(found.round, now.produced.values()),
        "burden": queries.burden_sentences(found, now.paper),
        "burden_found": queries.burden_found(found),
        "burden_open": (burden_open := queries.burden_open(found)),
        "opinions": (opinions := queries.opinion_sentences(found)),
        "opinions_open": (opinions_open := bool(opinions) and queries.opinions_open(found)),
        "is_held": burden_open or opinions_open,
        "may_keep": allows(request.actor, "briefing.edit") and found.status in queries.OPEN_STATUSES,
        "edits": last_edits(found, catalogue),
    }


def _changes(found: Briefing, now: queries.Composed) -> list[tuple[str, str, str]]:
    """Return the figures that have changed since the approval: name, then, now."""
    if found.status != Briefing.Status.APPROVED:
        return []
    names = {key: produced.name for key, produced in now.produced.items()}
    changed = queries.changed_figures(papers.paper_from_dict(found.content), now.paper)
    return [(names.get(key, key), then, later) for key, then, later in changed]


def _blocks(found: Briefing, frozen: papers.Paper, names: dict[str, str]) -> Iterator[dict[str, Any]]:
    blocks = papers.all_blocks(frozen)
    between = _between(frozen)
    for number, block in enumerate(blocks, start=1):
        yield from between.get(number, ())
        match block:
            case papers.Heading() | papers.Paragraph() | papers.Listing():
                yield from _text(block, names)
            case papers.Table():
                place = sum(isinstance(each, papers.Table) for each in blocks[:number])
                yield {"kind": "table", "number": place, "table": block, "rows": _rows(block, names)} | {
                    "widths": _widths(block)
                }
            case papers.Chart():
                yield {"kind": "chart", "name": f"chart-{number}"} | _chart(found, block.spec, names)
            case papers.Picture():
                yield {"kind": "picture", "picture": block}
            case papers.Signature() | papers.Attendance():
                yield _closing(block)
    yield from between.get(len(blocks) + 1, ())


def _between(frozen: papers.Paper) -> dict[int, list[dict[str, Any]]]:
    """Return what stands before the block of each number: where the body ends, where an attachment begins."""
    if not isinstance(frozen, papers.Document):
        return {}
    notes = frozen.attachment_notes
    ending: list[dict[str, Any]] = [{"kind": "notes", "names": notes}] if notes else []
    ending += [_closing(frozen.signature)] if frozen.signature is not None else []
    ending += [{"kind": "remark", "text": frozen.remark}] if frozen.remark else []
    number = len(frozen.blocks) + 1
    between = {number: ending}
    for place, each in enumerate(frozen.attachments, start=1):
        if each.blocks:
            mark = f"附件{place if len(frozen.attachments) > 1 else ''}"
            between.setdefault(number, []).append({"kind": "attachment", "mark": mark, "title": each.title})
        number += len(each.blocks)
    return between


def _text(
    block: papers.Heading | papers.Paragraph | papers.Listing, names: dict[str, str]
) -> Iterator[dict[str, Any]]:
    if isinstance(block, papers.Heading):
        yield {"kind": "heading", "level": block.level, "parts": _parts(block.parts, names)}
        return
    labelled = (
        [block.parts]
        if isinstance(block, papers.Paragraph)
        else [(label, *item.parts) for label, item in block.labelled]
    )
    for parts in labelled:
        yield from ({"kind": "paragraph", "parts": line} for line in _lines(parts, names))


def _closing(block: papers.Signature | papers.Attendance) -> dict[str, Any]:
    if isinstance(block, papers.Attendance):
        return {"kind": "attendance", "label": block.label, "people": block.people}
    return {"kind": "signature", "issuer": block.issuer, "day": papers.chinese_date(block.signed_on)}


def _parts(parts: papers.Parts, names: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"text": part}
        if isinstance(part, str)
        else {"text": part.text, "key": part.key, "name": names.get(part.key, "")}
        for part in parts
    ]


def _lines(parts: papers.Parts, names: dict[str, str]) -> Iterator[list[dict[str, str]]]:
    """Yield the parts of each line: on paper a line end begins a new paragraph."""
    line: list[dict[str, str]] = []
    for part in _parts(parts, names):
        first, *others = [part["text"]] if "key" in part else part["text"].split("\n")
        line.append(part | {"text": first})
        for other in others:
            yield line
            line = [{"text": other}]
    yield line


def _widths(table: papers.Table) -> list[int]:
    """Return the width of each column in percent, as on paper."""
    total = sum(column.width for column in table.columns)
    return [round(100 * column.width / total) for column in table.columns]


def _rows(table: papers.Table, names: dict[str, str]) -> list[list[tuple[str, list[dict[str, str]]]]]:
    aligns = [column.align for column in table.columns]
    return [
        [(align, _parts(cell, names)) for align, cell in zip(aligns, row, strict=True)] for row in table.rows
    ]


def _chart(found: Briefing, spec: charts.ChartSpec, names: dict[str, str]) -> dict[str, Any]:
    option = charts.to_echarts(spec)
    _open_points(found.pk, option, spec, names)
    table = charts.data_table(spec)
    rows = [[_linked(found.pk, cell, names) for cell in row] for row in table.rows]
    return {
        "option": option,
        "table": ChartTable([column.title for column in table.columns], rows),
        "caption": charts.caption(spec),
        "is_tall": len(spec.categories) >= TALL_FROM,
    }


def _open_points(pk: int, option: dict[str, Any], spec: charts.ChartSpec, names: dict[str, str]) -> None:
    """Let every point of a chart on the screen open its figure, where the reader may open figures."""
    keyed = [series for series in spec.series if series.keys]
    match spec.kind:
        case "heat" | "tiles":
            cells = option["series"][0]["data"]
            keys = (key for series in keyed for key in series.keys)
            option["series"][0]["data"] = [
                cell | _link(pk, key, names) for cell, key in zip(cells, keys, strict=False)
            ] or cells
        case "intervals":
            for drawn, series in zip(option["series"][2:], keyed[1:2], strict=False):
                drawn["data"] = [
                    point | _link(pk, key, names)
                    for point, key in zip(drawn["data"], series.keys, strict=True)
                ]
        case _:
            for drawn, series in zip(option["series"], keyed, strict=False):
                drawn["data"] = [
                    {
                        "value": value,
                        "label": {"formatter": chart_number(value, spec.decimals)},
                    }
                    | _link(pk, key, names)
                    for value, key in zip(drawn["data"], series.keys, strict=True)
                ]


def _linked(pk: int, cell: papers.Parts, names: dict[str, str]) -> str:
    part = cell[0] if cell else ""
    if isinstance(part, str) or part.key not in names:
        return papers.plain(cell)
    link = '<a href="{}" title="{}">{}</a>'
    return format_html(link, _figure_address(pk, part.key), names[part.key], part.text)


def _link(pk: int, key: str, names: dict[str, str]) -> dict[str, str]:
    return {"link": _figure_address(pk, key)} if key in names else {}


def _figure_address(pk: int, key: str) -> str:
    return reverse("briefings:figure", args=[pk, key])
