"""The list of briefings, and starting one."""

from typing import Any

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from changai.areas.briefings import exports, queries
from changai.areas.briefings.actions import start_briefing
from changai.areas.briefings.actions.writing import LONGEST_TITLE
from changai.areas.briefings.forms import LAST, TEMPLATE, ListFilter, StartForm
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.policies import sees_unissued
from changai.areas.briefings.rules import PAPER_KINDS, PaperKind, fitted
from changai.areas.briefings.rules.renewing import renewed, renewed_blocks
from changai.areas.briefings.views.frame import LIGHTS, crumbs, units_to_ask
from changai.areas.briefings.views.numbering import twin_sentences
from changai.areas.organisations import queries as organisations
from changai.areas.schemes.models import Consultation
from changai.core.errors import Invalid
from changai.core.periods import Month
from changai.foundation.actors import Actor
from changai.foundation.downloads import workbook_called
from changai.foundation.matrix import allows
from changai.foundation.pages import Request, number_in, page, see_other
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb, Tab


@page("briefing.view")
@require_safe
def index(request: Request) -> HttpResponse:
    """List the papers, a tab for each status; people outside the office see what is issued."""
    actor = request.actor
    status = _status(request)
    years = queries.years(actor)
    listing = Listing(
        request.GET,
        queries.listed_to(actor).filter(status=status).select_related("annulment").order_by(*_order(status)),
        sorts={
            "number": ("year", "issue_number"),
            "month": "month",
            "title": "title",
            "issued": "issued_at",
            "written": "written_at",
        },
        filters={
            "q": queries.with_words,
            "kind": lambda rows, text: rows.filter(kind=text),
            "month": _of_month,
            "year": lambda rows, text: rows.filter(year=number_in(text)),
            "unit": lambda rows, text: rows.filter(addressees=number_in(text)),
            "sent": lambda rows, text: rows.filter(pk__in=_sent(actor, text).values("pk")),
        },
        size=20,
    )
    form = ListFilter(request.GET, years=years, months=queries.months_told(actor))
    form.keep(
        year=status == Briefing.Status.ISSUED,
        unit=sees_unissued(actor),
        sent=allows(actor, "paper.receive"),
    )
    if sees_unissued(actor):
        form.offer(units_to_ask(actor))
    tabs = _tabs(request, status) if sees_unissued(actor) else []
    context = {
        "listing": listing,
        "form": form,
        "tabs": tabs,
        "status": status,
        "lights": LIGHTS,
        "year": number_in(request.GET.get("year", "")),
        "to_sign": set(queries.papers_to_receive(actor).values_list("pk", flat=True)),
    } | (_yearly() if tabs and status == Briefing.Status.ISSUED else {})
    return render(request, "briefings/index.html", context)


def _yearly() -> dict[str, Any]:
    """Return how many papers of each kind were issued this year and the year before: they are to become fewer."""
    this_year = timezone.localdate().year
    rows = queries.issued_by_kind(this_year)
    totals = sum(now for _kind, now, _then in rows), sum(then for _kind, _now, then in rows)
    return {"yearly": rows, "yearly_totals": totals, "this_year": this_year, "last_year": this_year - 1}


@page("briefing.view")
@require_safe
def archive(request: Request) -> HttpResponse:
    """Give the list of the papers issued in a year as a workbook for the archive; without a year, the running one."""
    year = number_in(request.GET.get("year", "")) or timezone.localdate().year
    rows = queries.papers_of_year(request.actor, year)
    title = exports.archive_title(year)
    content = exports.archive_workbook(rows, title, at=timezone.now())
    return workbook_called(_("%(year)s年公文归档目录") % {"year": year}, content)


def _status(request: Request) -> str:
    asked = request.GET.get("status", "")
    if not sees_unissued(request.actor) or asked not in Briefing.Status.values:
        return str(Briefing.Status.ISSUED)
    return asked


def _order(status: str) -> tuple[Any, ...]:
    if status == Briefing.Status.ISSUED:
        return (F("issued_at").desc(nulls_last=True), "-pk")
    return ("-created_at", "-pk")


def _of_month(rows: QuerySet[Briefing], text: str) -> QuerySet[Briefing]:
    try:
        return rows.filter(month=Month.parse(text).first_on)
    except ValueError:
        return rows.none()


def _sent(actor: Actor, which: str) -> QuerySet[Briefing]:
    """Return the papers sent to the actor's unit, or those of them it has not signed for."""
    return queries.papers_to_receive(actor) if which == "open" else queries.papers_received(actor)


def _tabs(request: Request, current: str) -> list[Tab]:
    counts = queries.counts(request.actor)
    order = sorted(
        Briefing.Status, key=lambda status: status != Briefing.Status.ISSUED
    )  # what is issued first
    return [
        Tab(
            status.label, f"?status={status.value}", counts.get(status.value, 0), is_current=status == current
        )
        for status in order
    ]


@page("briefing.edit")
@require_http_methods(["GET", "POST"])
def start(request: Request) -> HttpResponse:
    """Start a paper from the template of its kind, or empty."""
    today = timezone.localdate()
    units = units_to_ask(request.actor)
    given = {name: request.GET.get(name) for name in ("kind", "consultation")}
    form = StartForm(request.POST or None, actor=request.actor, today=today, units=units, initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            return _started(request, form.cleaned_data)
        except Invalid as refused:
            form.add_error(None, refused.sentence)
    addressed = " ".join(kind.key for kind in PAPER_KINDS.values() if kind.may_address)
    context = {"form": form, "addressed": addressed, "breadcrumbs": crumbs(Crumb(_("起草公文")))}
    return render(request, "briefings/start.html", context, status=422 if form.errors else 200)


def _started(request: Request, given: dict[str, Any]) -> HttpResponse:
    month, round_, consultation = given["month"], given["round"], given["consultation"]
    kind = PAPER_KINDS[given["kind"]]
    title, blocks = _usual_title(kind, month, consultation), []
    if given["template"] == TEMPLATE:
        blocks = _of_template(request, kind, given)
    elif given["template"] == LAST:
        title, blocks = _as_last_time(request, kind, month)
    briefing = start_briefing(  # type: ignore[call-arg]  # every action takes `once`
        request.actor,
        title=given["title"] or title,
        month=month,
        kind=kind.key,
        unit_ids=tuple(unit.pk for unit in given["units"]),
        round_id=round_.pk if round_ else None,
        consultation_id=consultation.pk if consultation else None,
        blocks=blocks,
        at=timezone.now(),
        once=request.POST.get("once", ""),
    )
    for sentence in twin_sentences(kind.key, month, but=briefing.pk):
        messages.warning(request, sentence)
    return see_other(reverse("briefings:compose", args=[briefing.pk]))


def _of_template(request: Request, kind: PaperKind, given: dict[str, Any]) -> list[dict[str, str]]:
    units = frozenset(unit.pk for unit in given["units"]) if kind.reaches == "addressees" else frozenset()
    catalogue = queries.catalogue_for(
        request.actor,
        given["month"],
        round_=given["round"],
        as_of=timezone.now(),
        units=units,
        consultation=given["consultation"] if kind.tells_opinions else None,
    )
    return fitted(kind.template, catalogue.names, catalogue.drawn, month=given["month"].label)


def _as_last_time(request: Request, kind: PaperKind, month: Month) -> tuple[str, list[dict[str, str]]]:
    last = queries.last_of_kind(request.actor, kind.key)
    if last is None:
        raise Invalid(_("还没有写过这一文种，请选“按文种模板”。"))
    before = Month.of(last.month).label
    return renewed(last.title, before, month.label), renewed_blocks(last.draft, before, month.label)


def _usual_title(kind: PaperKind, month: Month, consultation: Consultation | None) -> str:
    if kind.tells_opinions and consultation is not None:
        named = f"关于{queries.scheme_title(consultation)}意见采纳情况的通报"
        if len(named) <= LONGEST_TITLE:
            return named
    return queries.worded(kind.title, organisations.city(), month.label)
