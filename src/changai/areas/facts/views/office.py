"""办公室下达和核验: the sheet units × fields of a month that the office fills."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.facts import actions, queries
from changai.areas.facts.models import Field
from changai.areas.facts.rules import TRUTH, NotAFigure, range_of, typed_figure, written
from changai.areas.organisations.models import Level
from changai.core.errors import Invalid, NotVisible, RecordMoved
from changai.core.periods import Month
from changai.foundation.pages import Request, page, see_other
from changai.foundation.ui.parts import Crumb, Tab

LEVELS = (Level.COUNTY, Level.ENTERPRISE, Level.MEMBER)


@dataclass(frozen=True)
class Typed:
    """A cell somebody changed: where it stands, what was typed, what the page had shown."""

    unit_id: int
    field_id: int
    text: str
    was: str

    @property
    def ref(self) -> str:
        return f"{self.unit_id}:{self.field_id}"


@dataclass(frozen=True)
class Shown:
    """A cell of the sheet: what is in force, or what was typed and why it was not taken."""

    ref: str
    text: str
    was: str
    is_truth: bool
    earlier: str
    remark: str = ""


@page("fact.enter")
@require_safe
def show_sheet(request: Request) -> HttpResponse:
    """Show the sheet of a month and a level of units."""
    return _show(request, *_asked(request.GET), {})


@page("fact.enter")
@require_POST
def save(request: Request, month: str, level: str) -> HttpResponse:
    """Save cells: from the grid as JSON, or the whole sheet from the form."""
    chosen, known_level = _asked({"month": month, "level": level})
    if request.content_type == "application/json":
        cells = _sent(request.body)
        refused = _enter(request, chosen, known_level, cells)
        return JsonResponse(_answer(cells, refused))
    cells = [cell for cell in _posted(request.POST) if cell.text != cell.was]
    refused = _enter(request, chosen, known_level, cells)
    if not refused:
        messages.success(request, _("已保存。"))
        return see_other(_address(chosen, known_level))
    typed = {cell.ref: (cell.text, refused[cell.ref][0]) for cell in cells if cell.ref in refused}
    return _show(request, chosen, known_level, typed, status=422)


def _show(
    request: Request, month: Month, level: str, typed: Mapping[str, tuple[str, str]], *, status: int = 200
) -> HttpResponse:
    fields, rows = queries.office_sheet(request.actor, level, month)
    context = {
        "month": month,
        "before": _address(month.plus(-1), level),
        "after": _address(month.plus(1), level),
        "save_address": reverse("facts:office_save", args=[str(month), level]),
        "fields": fields,
        "rows": [(row.unit, [_shown(row.unit.pk, cell, typed) for cell in row.cells]) for row in rows],
        "refused": [sentence for _text, sentence in typed.values()],
        "tabs": [
            Tab(known.label, _address(month, known.value), is_current=known.value == level)
            for known in LEVELS
        ],
        "breadcrumbs": [Crumb(_("数据"), reverse("facts:figures")), Crumb(_("下达和核验"))],
    }
    return render(request, "facts/office.html", context, status=status)


def _shown(unit_id: int, cell: queries.OfficeCell, typed: Mapping[str, tuple[str, str]]) -> Shown:
    ref, was = f"{unit_id}:{cell.field.pk}", _held(cell)
    text, remark = typed.get(ref, (was, ""))
    return Shown(ref, text, was, cell.field.unit_of_measure == TRUTH, written(cell.earlier), remark)


def _held(cell: queries.OfficeCell) -> str:
    return written(cell.fact.value) if cell.fact else ""


def _enter(request: Request, month: Month, level: str, cells: Iterable[Typed]) -> dict[str, tuple[str, str]]:
    """Enter the cells unit by unit; return, for each refused one, why, and what is in force."""
    fields, rows = queries.office_sheet(request.actor, level, month)
    known = {field.pk: field for field in fields}
    held = {f"{row.unit.pk}:{cell.field.pk}": _held(cell) for row in rows for cell in row.cells}
    refused: dict[str, tuple[str, str]] = {}
    by_unit: dict[int, list[tuple[Typed, actions.Entered]]] = defaultdict(list)
    for cell in cells:
        if cell.ref not in held:
            raise Invalid(_("表中的单位或数据项已有变化，请刷新页面后重试。"))
        try:
            by_unit[cell.unit_id].append((cell, _entered(cell, known[cell.field_id])))
        except NotAFigure as fault:
            refused[cell.ref] = (str(fault), held[cell.ref])
    for unit_id, entered in by_unit.items():
        try:
            actions.enter_figures(
                request.actor,
                unit_id,
                month=month,
                figures=[one for _cell, one in entered],
                at=timezone.now(),
            )
        except (RecordMoved, Invalid) as refusal:
            refused |= {cell.ref: (refusal.sentence, held[cell.ref]) for cell, _one in entered}
    return refused


def _entered(cell: Typed, field: Field) -> actions.Entered:
    minimum, maximum = range_of(field.unit_of_measure, field.minimum, field.maximum)
    value = typed_figure(cell.text, decimals=field.decimals, minimum=minimum, maximum=maximum)
    return actions.Entered(field.pk, value, typed_figure(cell.was, decimals=4, minimum=None, maximum=None))


def _answer(cells: Iterable[Typed], refused: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    return {
        "version": 0,
        "saved": [
            {"ref": cell.ref, "state": "saved", "sentence": ""} for cell in cells if cell.ref not in refused
        ],
        "refused": [
            {"ref": ref, "sentence": sentence, "value": held} for ref, (sentence, held) in refused.items()
        ],
    }


def _sent(body: bytes) -> list[Typed]:
    try:
        return [_typed(cell["ref"], cell["value"], cell["was"]) for cell in json.loads(body)["cells"]]
    except (ValueError, KeyError, TypeError) as wrong:
        raise Invalid(_("提交的内容不完整，请刷新页面后重试。")) from wrong


def _posted(posted: Mapping[str, Any]) -> Iterable[Typed]:
    for name, text in posted.items():
        if name.startswith("cell-"):
            ref = name.removeprefix("cell-")
            try:
                yield _typed(ref, text, posted.get(f"was-{ref}", ""))
            except ValueError as wrong:
                raise Invalid(_("提交的内容不完整，请刷新页面后重试。")) from wrong


def _typed(ref: str, text: Any, was: Any) -> Typed:
    unit_id, field_id = (int(part) for part in str(ref).split(":"))
    return Typed(unit_id, field_id, str(text).strip(), str(was or "").strip())


def _asked(parameters: Mapping[str, Any]) -> tuple[Month, str]:
    """Return month and level of the address: last month and the counties when it names none.

    :raises NotVisible: when it names what cannot be
    """
    month, level = parameters.get("month", ""), parameters.get("level", "")
    try:
        chosen = Month.parse(month) if month else Month.of(timezone.localdate()).plus(-1)
    except ValueError as fault:
        raise NotVisible from fault
    if level and level not in {known.value for known in LEVELS}:
        raise NotVisible
    return chosen, level or Level.COUNTY.value


def _address(month: Month, level: str) -> str:
    return f"{reverse('facts:office')}?{urlencode({'month': month, 'level': level})}"
