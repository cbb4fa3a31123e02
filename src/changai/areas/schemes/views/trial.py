"""试算: a draft run on the figures of a period or on assumed ones, beside another version. Nothing is kept."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from changai.areas.organisations.models import Unit
from changai.areas.schemes import queries
from changai.areas.schemes.exports.trial import trial_figures
from changai.areas.schemes.forms.trial import TrialForm
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.queries import trial as trials
from changai.areas.schemes.rules import judged_items
from changai.areas.schemes.rules.trial import Trial
from changai.areas.schemes.views.frame import frame, table_tabs
from changai.core.errors import Invalid, Unreadable
from changai.core.periods import Month
from changai.documents.intake.workbook import Workbook, read_workbook
from changai.foundation.downloads import workbook_called
from changai.foundation.pages import Request, number_in, page
from changai.foundation.quarantine import refusals_kept
from changai.foundation.ui.parts import Tile

NOTES = {
    "unknown": gettext_lazy("数据项未登记"),
    "unavailable": gettext_lazy("没有数据"),
    "partly": gettext_lazy("部分单位缺数"),
    "flat": gettext_lazy("各单位得分相同"),
    "saturated": gettext_lazy("几乎都得满分"),
    "cliff": gettext_lazy("有单位紧靠分档界限"),
    "against": gettext_lazy("与其余指标反向"),
    "relative": gettext_lazy("与同类比较"),
    "drift": gettext_lazy("影响与分值不符"),
}


@page("scheme.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def trial(request: Request, pk: int) -> HttpResponse:
    """Run a version and show what it would do."""
    version = queries.version_for(request.actor, pk)
    scheme = queries.scheme_of(version)
    place = number_in(request.GET.get("table", "")) or 0
    place = place if place < len(scheme.tables) else 0
    category = list(scheme.tables)[place] if scheme.tables else ""
    others = list(queries.visible_to(request.actor).exclude(pk=pk))
    form = _form(request, version, others)
    faults: tuple[str, ...] = ()
    context: dict[str, Any] = {}
    if form.is_valid() and category:
        terms = form.terms()
        units = trials.trial_units(category, terms.last)
        try:
            assumed = _assumed(request, version, category, units)
        except (Invalid, Unreadable) as refusal:
            faults, assumed = getattr(refusal, "faults", ()) or (refusal.sentence,), {}
        run = trials.run_table(version, category, terms, units=units, assumed=assumed)
        other = next((each for each in others if str(each.pk) == form.cleaned_data["other"]), None)
        beside = trials.run_table(other, category, terms, units=units, assumed=assumed) if other else None
        context = _shown(run, beside, units) | {
            "is_assumed": bool(assumed),
            "doubled": _doubled(run, scheme.labels),
        }
    context |= {
        "form": form,
        "place": place,
        "category": category,
        "tabs": _tabs(request, scheme, place),
        "faults": faults,
        "notes": NOTES,
        **frame(request.actor, version, "trial", _("试算")),
    }
    return render(request, "schemes/trial.html", context, status=422 if faults else 200)


def _form(request: Request, version: SchemeVersion, others: Sequence[SchemeVersion]) -> TrialForm:
    today = Month.of(timezone.localdate())
    before = queries.issued_before(version)
    first = {
        "first": str(today.plus(-12)), "last": str(today.plus(-1)), "judged": "high",
        "other": str(before.pk if before else version.made_from_id or ""),
    }  # fmt: skip
    given = {name: request.GET.get(name, usual) for name, usual in first.items()}
    named = [(str(each.pk), f"{each.year} {each}") for each in others]
    return TrialForm(given, today=today, versions=named)


def _tabs(request: Request, scheme: Any, place: int) -> list[Any]:
    kept = request.GET.copy()
    kept.pop("table", None)
    tabs = table_tabs(scheme, place)
    return [
        type(tab)(
            tab.label, f"{tab.link}&{kept.urlencode()}" if kept else tab.link, tab.count, tab.is_current
        )
        for tab in tabs
    ]


def _assumed(
    request: Request, version: SchemeVersion, category: str, units: Sequence[Unit]
) -> dict[tuple[str, str], Any]:
    """Return the figures of the uploaded sheet; it is read and forgotten."""
    uploaded = request.FILES.get("file")
    if uploaded is None:
        return {}
    name, content = uploaded.name or "", uploaded.read()
    with refusals_kept(request.actor, name=name, content=content, at=timezone.now()):
        return _read_assumed(version, category, units, read_workbook(content, name=name))


def _read_assumed(
    version: SchemeVersion, category: str, units: Sequence[Unit], book: Workbook
) -> dict[tuple[str, str], Any]:
    table = queries.scheme_of(version).tables[category]
    judged = {item.field for item in judged_items(table)}
    labels = queries.scheme_of(version).labels
    heads = {labels.get(code, code): code for code in table.fields() if code not in judged}
    rows = [[(cell.text.strip(), cell.address) for cell in row] for row in book.sheets[0].rows]
    found = trials.read_assumed(rows, heads)
    unknown = {unit for unit, _field in found} - {unit.code for unit in units}
    if unknown:
        raise Invalid(_("不在考核对象中的单位编码：%(codes)s。") % {"codes": "、".join(sorted(unknown))})
    return found


def _shown(run: trials.Run, other: trials.Run | None, units: Sequence[Unit]) -> dict[str, Any]:
    rows = trials.compared(run, other, units)
    return {
        "run": run,
        "other": other,
        "units": rows,
        "gainers": sum(row.moved > 0 for _name, row in rows),
        "losers": sum(row.moved < 0 for _name, row in rows),
        "tiles": _tiles(run) if run.trial else [],
        "sides": _sides(run, other),
        "has_units": bool(units),
    }


def _doubled(run: trials.Run, labels: Mapping[str, str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return what is counted twice, by the names of the dictionary, with the indicators that count it."""
    found = run.trial.doubled if run.trial else ()
    return [(labels.get(each.field, each.field), each.codes) for each in found]


def _tiles(run: trials.Run) -> list[Tile]:
    found = run.trial
    if found is None:
        return []
    return [
        Tile(_("考核对象"), found.units),
        Tile(_("没有区分"), found.count("flat") + found.count("saturated"), note=_("得分相同或几乎都满分")),
        Tile(_("没有数据"), found.count("unavailable") + found.count("unknown")),
        Tile(_("重复计分"), len(found.doubled)),
        Tile(
            _("单位填报"),
            f"{found.costs.hours}",
            unit=_("小时/年"),
            note=_("每单位 %d 个数据") % found.costs.asked,
        ),
        Tile(_("减负提示"), len(run.burdens), state="near" if run.burdens else ""),
    ]


def _sides(run: trials.Run, other: trials.Run | None) -> list[tuple[str, str, str]]:
    """Return what is set side by side of two versions: (what, this one, the other)."""
    mine, theirs = run.trial, other.trial if other else None
    if mine is None or theirs is None:
        return []
    rows: list[tuple[str, Callable[[Trial], str]]] = [
        (_("末级指标"), lambda each: str(len(each.leaves))),
        (_("所用数据项"), lambda each: str(each.costs.figures)),
        (_("由单位填报的数据项"), lambda each: str(each.costs.asked)),
        (_("每单位每年填报小时"), lambda each: str(each.costs.hours)),
        (_("最高分与最低分相差"), lambda each: each.spread),
        (_("没有区分的指标"), lambda each: str(each.count("flat") + each.count("saturated"))),
        (_("没有数据的指标"), lambda each: str(each.count("unavailable") + each.count("unknown"))),
        (_("重复计分的数据"), lambda each: str(len(each.doubled))),
        (_("与同类比较的分值占比"), lambda each: f"{each.relative:.0%}"),
        (_("内部一致性（α）"), lambda each: "—" if each.alpha is None else f"{each.alpha:.2f}"),
    ]
    return [(what, tell(mine), tell(theirs)) for what, tell in rows]


@page("scheme.edit")
@require_safe
def figures(request: Request, pk: int) -> HttpResponse:
    """Download the figures a trial would run on, to type assumed ones over them."""
    version = queries.version_for(request.actor, pk)
    scheme = queries.scheme_of(version)
    place = number_in(request.GET.get("table", "")) or 0
    category = list(scheme.tables)[place if place < len(scheme.tables) else 0]
    form = _form(request, version, [])
    form.is_valid()
    if "first" not in form.cleaned_data or "last" not in form.cleaned_data:
        raise Invalid(_("请先选好起止月份。"))
    terms = trials.Terms(Month.parse(form.cleaned_data["first"]), Month.parse(form.cleaned_data["last"]))
    units = trials.trial_units(category, terms.last)
    content = trial_figures(scheme.tables[category], terms, units, created=timezone.now())
    return workbook_called(f"{category}假设数据表", content)
