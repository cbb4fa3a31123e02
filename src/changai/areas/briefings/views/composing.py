"""Writing a paper: the blocks, the catalogue of figures, and the saving of both by hand and by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from changai.areas.briefings import queries, rules
from changai.areas.briefings.actions import write_briefing
from changai.areas.briefings.actions.picturing import keep_picture
from changai.areas.briefings.forms import WriteForm, posted_blocks
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.rules.merging import Whose, both_texts
from changai.areas.briefings.rules.picturing import WIDTHS
from changai.areas.briefings.views.frame import briefing_crumb, catalogue_of, crumbs, frame
from changai.areas.briefings.views.shown import shown_blocks
from changai.areas.briefings.views.undoing import RESTORE, note_removals, remember, steps_of, undone
from changai.core.errors import ActionRefused, AlreadyDone, Invalid, RecordMoved, Unreadable
from changai.foundation.pages import Request, page, see_other
from changai.foundation.ui.parts import Crumb

IMPRINT = (
    "report_to", "send_to", "distribute_to", "copies", "number_code", "recipients", "copy_to", "signers", "urgency",
)  # fmt: skip
UNDO = {
    "delete": gettext_lazy("撤销删除"),
    "paste": gettext_lazy("撤销粘贴"),
    "split": gettext_lazy("撤销分段"),
}
Blocks = list[dict[str, str]]


@dataclass(frozen=True)
class Written:
    """What the composer's form holds, shown again: blocks, whose each is, and why it was not saved."""

    form: WriteForm
    blocks: Sequence[dict[str, str]]
    status: int = 200
    refused: ActionRefused | None = None
    whose: Iterable[Whose] = ()
    others: Iterable[tuple[str, str]] = ()  # lines of head and imprint somebody else wrote otherwise


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
    form = WriteForm(initial=initial, kind=briefing.paper_kind)
    return _page(request, briefing, Written(form, briefing.draft))


def _save(request: Request, briefing: Briefing) -> HttpResponse:
    form, blocks = WriteForm(request.POST, kind=briefing.paper_kind), posted_blocks(request.POST)
    is_background = "application/json" in request.headers.get("Accept", "")
    if not form.is_valid():
        if is_background:
            raise Invalid(_("有内容填写有误，尚未保存。"), faults=tuple(_faults_of(form)))
        return _page(request, briefing, Written(form, blocks, 422))
    try:
        blocks = _with_pictures(request, briefing.pk, blocks)
        ordered, place = _ordered(request, briefing.pk, blocks)
        saved = _write(request, briefing.pk, form.cleaned_data, ordered)
    except AlreadyDone:
        raise
    except (Invalid, RecordMoved, Unreadable) as refused:
        if is_background:
            raise
        return _page(request, briefing, _unsaved(request, briefing, Written(form, blocks, 422, refused)))
    note_removals(request, briefing.pk)
    if is_background:
        return _told(request, saved)
    remember(request, briefing.pk, blocks, ordered)
    place_in_page = f"#block-{place}" if place else ""
    return see_other(reverse("briefings:compose", args=[briefing.pk]) + place_in_page)


def _with_pictures(request: Request, pk: int, blocks: Blocks) -> Blocks:
    """Return the blocks with the pictures sent along: each under the number of its block."""
    return [_with_picture(request, pk, number, block) for number, block in enumerate(blocks, start=1)]


def _with_picture(request: Request, pk: int, number: int, block: dict[str, str]) -> dict[str, str]:
    uploaded = request.FILES.get(f"picture-{number}")
    if uploaded is None or block["kind"] != "picture":
        return block
    name = uploaded.name or _("图片")
    kept = keep_picture(request.actor, pk, name=name, content=uploaded.read(), at=timezone.now())
    return block | {"source": kept.written}


def _ordered(request: Request, pk: int, blocks: Blocks) -> tuple[Blocks, int]:
    order = request.POST.get("order", "")
    if not order:
        return blocks, 0
    if order == RESTORE:
        return undone(request, pk, blocks)
    return rules.order_blocks(blocks, order)


def _write(request: Request, pk: int, given: dict[str, Any], blocks: Blocks) -> Briefing:
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


def _unsaved(request: Request, briefing: Briefing, mine: Written) -> Written:
    """Return what was not saved; when somebody else saved meanwhile, with theirs beside it, to be saved as one text."""
    is_moved = isinstance(mine.refused, RecordMoved)
    if not is_moved or briefing.status != Briefing.Status.DRAFT:
        return replace(mine, status=409 if is_moved else 422)
    posted = request.POST.copy()
    posted["version"] = str(briefing.version)
    form = WriteForm(posted, kind=briefing.paper_kind)
    both = both_texts(briefing.draft, mine.blocks)
    others = [
        (str(field.label), str(theirs))
        for name, field in form.fields.items()
        if name != "version" and str(theirs := getattr(briefing, name)) != posted.get(name, "").strip()
    ]
    blocks, whose = [block for block, _whose in both], [mark for _block, mark in both]
    return Written(form, blocks, 409, mine.refused, whose, others)


def _faults_of(form: WriteForm) -> Iterable[str]:
    for name, faults in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        yield from (f"{label}{_('：')}{fault}" for fault in faults)


def _told(request: Request, briefing: Briefing) -> JsonResponse:
    catalogue = catalogue_of(request.actor, briefing)
    shown = shown_blocks(briefing.draft, catalogue)
    return JsonResponse(
        {
            "version": briefing.version,
            "faults": [block.fault for block in shown],
            "appearances": [block.appearance for block in shown],
            "fallen": [block.is_fallen for block in shown],
            "hangings": [block.hanging for block in shown],
            "figures": [block.figures for block in shown],
            "characters": _characters(briefing, catalogue),
        }
    )


def _characters(briefing: Briefing, catalogue: queries.Catalogue) -> int:
    composed = queries.sketch(briefing, catalogue, issued_on=timezone.localdate())
    return queries.characters(composed.paper)


def _page(request: Request, briefing: Briefing, written: Written) -> HttpResponse:
    catalogue = catalogue_of(request.actor, briefing)
    groups = [
        (name, [(entry, catalogue.produce(entry.name).text) for entry in entries])
        for name, entries in catalogue.grouped().items()
    ]
    kinds = [(kind, _(rules.KINDS[kind])) for kind in briefing.paper_kind.block_kinds]
    context = {
        "form": written.form,
        "blocks": shown_blocks(written.blocks, catalogue, written.whose),
        "fresh": shown_blocks([{"kind": kind} for kind, _label in kinds], catalogue),
        "kinds": kinds,
        "text_kinds": [(kind, label) for kind, label in kinds if kind in rules.TEXT_KINDS],
        "groups": groups,
        "characters": _characters(briefing, catalogue),
        "limit": briefing.paper_kind.most_characters,
        "conditions": [
            ("present", _("这项数据有数（不为零）时才写")),
            ("absent", _("这项数据没有或为零时才写")),
        ],
        "repeats": [(state, _(words)) for state, words in rules.REPEATS.items()],
        "figures": list(catalogue.entries),
        "undo": UNDO[steps[-1]["what"]] if (steps := steps_of(request, briefing.pk)) else "",
        "undo_removal": UNDO["delete"],
        "widths": [(width, _(words)) for width, (words, _share) in WIDTHS.items()],
        "refused": written.refused,
        "is_merged": bool([*written.whose]),
        "others": written.others,
        "breadcrumbs": crumbs(briefing_crumb(briefing), Crumb(_("编写"))),
    }
    return render(
        request, "briefings/compose.html", frame(request.actor, briefing) | context, status=written.status
    )
