"""填报减负: what a form costs before it is issued, the yearly line, exceptions, repeated asking, notices."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.organisations import queries as organisations
from changai.areas.reporting import actions, queries
from changai.areas.reporting.exports import exceptions_sheet, repeated_sheet
from changai.areas.reporting.forms.burden import AnswerForm, IssueForm, NoticeForm
from changai.areas.reporting.models import Form
from changai.areas.reporting.queries import FormBurden
from changai.areas.reporting.queries.staffing import unmanned_steps
from changai.areas.reporting.views.lists import crumbs
from changai.core import burden
from changai.core.burden import Wording
from changai.core.errors import Invalid
from changai.core.periods import Month
from changai.foundation.downloads import workbook_called
from changai.foundation.pages import Request, page, press, press_form
from changai.foundation.ui.figures import written_share
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb, Tab, Tile


def _places(*further: Crumb) -> list[Crumb]:
    return crumbs(Crumb(_("报表设置"), reverse("reporting:forms")), *further)


def tiles_of(found: FormBurden) -> list[Tile]:
    """Return what a form asks, as figures over its page."""
    counts = found.whole.counts
    known = counts.get("prefilled", 0)
    prefilled = _("其中自动带出 %(share)s") % {"share": written_share(known, found.whole.fields)}
    measured = _("按实际填报中位数") if found.measured is not None else _("按项目估算")
    files = counts.get("attachment", 0)
    each = _("每单位约 %(minutes)s 分钟") % {"minutes": found.minutes_a_sheet}
    return [
        Tile(_("报送单位"), found.units),
        Tile(_("要填的格"), found.whole.cells, note=_("全部单位合计")),
        Tile(_("数据项"), found.whole.fields, note=prefilled if found.whole.fields else ""),
        Tile(_("任务行"), counts.get("task", 0)),
        Tile(_("文字项"), counts.get("words", 0), note=_("要附的材料 %(files)s 件") % {"files": files}),
        Tile(_("合计工时"), f"{found.hours}", unit=_("小时"), note=f"{each}，{measured}"),
    ]


@page("form.edit")
def weigh(request: Request, pk: int) -> HttpResponse:
    """Show what a form costs before it is issued, and issue it from here."""
    found = queries.form_by_id(pk)
    posted = request.POST if request.method == "POST" else None
    form = IssueForm(posted, initial={"month": str(_month_of(found))})
    if request.method == "POST" and form.is_valid():
        pressed = press_form(
            request, form, actions.issue_form, pk,
            from_month=_typed_month(form.cleaned_data["month"]), reason=form.cleaned_data["reason"],
            done=_("已下发，到开始填报日自动开启。"), then=reverse("reporting:form", args=[pk]),
        )  # fmt: skip
        if pressed:
            return pressed
    cost = queries.burden_of(found, _month_of(found), today=timezone.localdate())
    context = {
        "found": found,
        "form": form,
        "cost": cost,
        "tiles": tiles_of(cost),
        "told": cost.sentences,
        "said": queries.said_of_form(found),
        "unmanned": unmanned_steps(found, on=timezone.localdate()),
        "breadcrumbs": _places(Crumb(found.name, reverse("reporting:form", args=[pk])), Crumb(_("填报负担"))),
    }
    return render(request, "reporting/form_burden.html", context, status=422 if form.errors else 200)


def _month_of(found: Form) -> Month:
    month = Month.of(found.from_month or timezone.localdate())
    return month if found.issued_at or found.number == 1 else month.plus(1)


def _typed_month(written: str) -> Month | None:
    if not written:
        return None
    try:
        return Month.parse(written)
    except ValueError as wrong:
        raise Invalid("请按“2026-10”的格式填写月份。") from wrong


@page("form.edit")
@require_safe
def register(request: Request) -> HttpResponse:
    """Show the yearly line of every body that asks, and the register of exceptions."""
    listing = Listing(
        request.GET,
        queries.exceptions(),
        size=50,
        sorts={"made": "made_at", "form": "form__name"},
        filters={"q": lambda _rows, words: queries.exceptions_called(words)},
    )
    context = {
        "lines": queries.asking_lines(timezone.localdate()),
        "year": timezone.localdate().year,
        "listing": listing,
        "breadcrumbs": _places(Crumb(_("填报减负"))),
    }
    return render(request, "reporting/burden.html", context)


@page("form.edit")
@require_safe
def export(request: Request) -> HttpResponse:
    """Download the register of exceptions."""
    title = _("填报减负例外登记")
    rows = queries.exceptions_called(request.GET.get("q", ""))
    return workbook_called(
        title,
        organisations.workbook_of(request.actor, [exceptions_sheet(rows, title=title)], at=timezone.now()),
    )


@page("form.edit")
def check_notice(request: Request) -> HttpResponse:
    """Check the text of a notice by the rules of burden; nothing is kept."""
    form = NoticeForm(request.POST or None)
    findings, too_long = [], None
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        findings = [
            burden.sentence_of(one) for one in burden.asking_findings(Wording("", (line,)) for line in lines)
        ]
        too_long = burden.length_fault(text, is_special=form.cleaned_data["is_special"])
    context = {
        "form": form,
        "is_checked": request.method == "POST" and not form.errors,
        "findings": list(dict.fromkeys(findings)),
        "too_long": too_long,
        "breadcrumbs": _places(Crumb(_("填报减负"), reverse("reporting:burden")), Crumb(_("通知检查"))),
    }
    return render(request, "reporting/check_notice.html", context, status=422 if form.errors else 200)


# --- 重复要求 ---


@page("report.fill")
@require_POST
def say_repeated(request: Request, pk: int, line: str) -> HttpResponse:
    """Say with one press that a line of the sheet is asked again."""
    return press(
        request, actions.say_repeated, pk,
        line=line, known=request.POST.get("known", ""),
        done=_("已反映，办公室答复后会通知您；本期仍请照常填报。"),
        then=reverse("reporting:sheet", args=[pk]),
    )  # fmt: skip


def _repeated(request: Request) -> Listing:
    everything = queries.repeated_for(request.actor)
    is_answered = request.GET.get("state", "") == "answered"
    return Listing(
        request.GET,
        everything.exclude(outcome="") if is_answered else everything.filter(outcome=""),
        size=50,
        sorts={"said": "said_at", "name": "name"},
        filters={"q": lambda found, words: found.filter(name__icontains=words)},
    )


@page("report.view")
@require_safe
def repeated_export(request: Request) -> HttpResponse:
    """Download what units said is asked again, as it is listed."""
    title = _("重复要求")
    return workbook_called(
        title,
        organisations.workbook_of(
            request.actor, [repeated_sheet(_repeated(request).rows, title=title)], at=timezone.now()
        ),
    )


@page("report.view")
@require_safe
def repeated(request: Request) -> HttpResponse:
    """List what units said is asked again; the office answers."""
    everything = queries.repeated_for(request.actor)
    listing, shown = _repeated(request), request.GET.get("state", "")
    context = {
        "listing": listing,
        "shown": shown,
        "tabs": [
            Tab(_("待答复"), "?", everything.filter(outcome="").count(), is_current=shown != "answered"),
            Tab(_("已答复"), "?state=answered", is_current=shown == "answered"),
        ],
        "form": AnswerForm(),
        "breadcrumbs": crumbs(Crumb(_("重复要求"))),
    }
    return render(request, "reporting/repeated.html", context)


@page("form.edit")
@require_POST
def answer(request: Request, pk: int) -> HttpResponse:
    """Answer a unit that said it is asked again."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Invalid("请选择处理结果并写明答复，单位会看到。")
    return press(
        request, actions.answer_repeated, pk, **form.cleaned_data,
        done=_("已答复。"), then=reverse("reporting:repeated"),
    )  # fmt: skip
