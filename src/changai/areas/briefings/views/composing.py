"""Writing a briefing: the blocks, the catalogue of figures, and the saving of both by hand and by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_http_methods

from changai.areas.briefings import queries, rules
from changai.areas.briefings.actions import write_briefing
from changai.areas.briefings.forms import WriteForm, posted_blocks
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.views.frame import briefing_crumb, catalogue_of, crumbs, frame
from changai.core.errors import ActionRefused, AlreadyDone, Invalid, RecordMoved
from changai.foundation.pages import Request, page, see_other
from changai.foundation.ui.parts import Crumb

# The rules' words for the kinds of blocks and for conditions, for those who translate.
KIND_WORDS = (
    gettext_noop("有"),
    gettext_noop("没有"),
    gettext_noop("迟报单位"),
    gettext_noop("未报单位"),
    gettext_noop("退回单位"),
    gettext_noop("有滞后任务的单位"),
    gettext_noop("考核对象"),
    gettext_noop("一级标题"),
    gettext_noop("二级标题"),
    gettext_noop("正文"),
    gettext_noop("出席人员"),
    gettext_noop("表"),
    gettext_noop("图"),
)
KINDS = {
    "heading1": gettext_lazy("一级标题"),
    "heading2": gettext_lazy("二级标题"),
    "paragraph": gettext_lazy("正文"),
    "attendance": gettext_lazy("出席人员"),
    "table": gettext_lazy("表"),
    "chart": gettext_lazy("图"),
}
IMPRINT = (
    "report_to", "send_to", "distribute_to", "copies", "number_code", "recipients", "copy_to", "signers", "urgency",
)  # fmt: skip


@dataclass(frozen=True)
class ShownBlock:
    """One block as the composer shows it."""

    number: int
    kind: str
    label: str
    text: str
    source: str
    fault: str
    rows: int
    verb: str
    figure: str
    each: str
    drawings: tuple[queries.DrawnEntry, ...]

    @property
    def is_drawn(self) -> bool:
        return self.kind in rules.DRAWN_KINDS

    @property
    def hangs(self) -> bool:
        """Return whether the block stands on a condition or is repeated."""
        return bool(self.verb or self.each)


@page("briefing.edit")
@require_http_methods(["GET", "POST"])
def compose(request: Request, pk: int) -> HttpResponse:
    """Show the composer, or save what it sends: as a form, or in the background for JSON."""
    briefing = queries.briefing_for(request.actor, pk)
    if request.method == "POST":
        return _save(request, briefing)
    if briefing.status != Briefing.Status.DRAFT:
        return see_other(reverse("briefings:briefing", args=[pk]))
    initial = {name: getattr(briefing, name) for name in ("version", "title", *IMPRINT)}
    return _page(request, briefing, WriteForm(initial=initial, kind=briefing.paper_kind), briefing.draft)


def _save(request: Request, briefing: Briefing) -> HttpResponse:
    form, blocks = WriteForm(request.POST, kind=briefing.paper_kind), posted_blocks(request.POST)
    is_background = "application/json" in request.headers.get("Accept", "")
    if not form.is_valid():
        if is_background:
            raise Invalid(_("有内容填写有误，尚未保存。"), faults=tuple(_faults_of(form)))
        return _page(request, briefing, form, blocks, status=422)
    try:
        ordered, place = (
            rules.order_blocks(blocks, request.POST["order"]) if "order" in request.POST else (blocks, 0)
        )
        saved = _write(request, briefing.pk, form.cleaned_data, ordered)
    except AlreadyDone:
        raise
    except (Invalid, RecordMoved) as refused:
        if is_background:
            raise
        return _page(request, briefing, form, blocks, status=refused.status, refused=refused)
    if is_background:
        return _told(request, saved)
    place_in_page = f"#block-{place}" if place else ""
    return see_other(reverse("briefings:compose", args=[briefing.pk]) + place_in_page)


def _write(request: Request, pk: int, given: dict[str, Any], blocks: list[dict[str, str]]) -> Briefing:
    return write_briefing(  # type: ignore[call-arg]  # every action takes `once`
        request.actor,
        pk,
        title=given["title"],
        blocks=blocks,
        imprint={name: given[name] for name in IMPRINT if name in given},
        version=given["version"],
        at=timezone.now(),
        once=request.POST.get("once", ""),
    )


def _faults_of(form: WriteForm) -> Iterable[str]:
    for name, faults in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        yield from (f"{label}{_('：')}{fault}" for fault in faults)


def _told(request: Request, briefing: Briefing) -> JsonResponse:
    catalogue = catalogue_of(request.actor, briefing)
    shown = _shown(briefing.draft, catalogue)
    return JsonResponse(
        {
            "version": briefing.version,
            "faults": [block.fault for block in shown],
            "characters": _characters(briefing, catalogue),
        }
    )


def _characters(briefing: Briefing, catalogue: queries.Catalogue) -> int:
    composed = queries.sketch(briefing, catalogue, issued_on=timezone.localdate())
    return queries.characters(composed.paper)


def _shown(blocks: Iterable[dict[str, str]], catalogue: queries.Catalogue) -> list[ShownBlock]:
    return [
        ShownBlock(
            number=number,
            kind=block["kind"],
            label=str(KINDS.get(block["kind"], "")),
            text=block.get("text", ""),
            source=block.get("source", ""),
            fault=rules.block_fault(block, catalogue.names, catalogue.drawn)
            if block["kind"] in rules.KINDS
            else "",
            rows=_rows(block),
            verb=block.get("when", "").partition(":")[0],
            figure=block.get("when", "").partition(":")[2],
            each=block.get("each", ""),
            drawings=_drawings(block["kind"], catalogue),
        )
        for number, block in enumerate(blocks, start=1)
    ]


def _rows(block: dict[str, str]) -> int:
    return 1 if block["kind"] != "paragraph" else max(3, len(block.get("text", "")) // 38 + 1)


def _drawings(kind: str, catalogue: queries.Catalogue) -> tuple[queries.DrawnEntry, ...]:
    return tuple(entry for key, entry in catalogue.drawings.items() if key.partition(".")[0] == kind)


def _page(
    request: Request,
    briefing: Briefing,
    form: WriteForm,
    blocks: list[dict[str, str]],
    *,
    status: int = 200,
    refused: ActionRefused | None = None,
) -> HttpResponse:
    catalogue = catalogue_of(request.actor, briefing)
    groups = [
        (name, [(entry, catalogue.produce(entry.name).text) for entry in entries])
        for name, entries in catalogue.grouped().items()
    ]
    context = {
        "form": form,
        "blocks": _shown(blocks, catalogue),
        "fresh": _shown([{"kind": kind} for kind in KINDS], catalogue),
        "kinds": list(KINDS.items()),
        "groups": groups,
        "characters": _characters(briefing, catalogue),
        "limit": briefing.paper_kind.most_characters,
        "conditions": [(verb, _(words)) for verb, words in rules.CONDITIONS.items()],
        "repeats": [(state, _(words)) for state, words in rules.REPEATS.items()],
        "figures": list(catalogue.entries),
        "refused": refused,
        "breadcrumbs": crumbs(briefing_crumb(briefing), Crumb(_("编写"))),
    }
    return render(request, "briefings/compose.html", frame(request.actor, briefing) | context, status=status)
