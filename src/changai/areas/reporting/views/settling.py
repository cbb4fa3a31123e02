"""One obligation with everything that happened to it, and what the office and the unit can do about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from changai.areas.reporting import actions, policies, queries
from changai.areas.reporting.forms.settling import (
    AskingForm,
    EndForm,
    ExemptionForm,
    ExtensionForm,
    GrantForm,
    RefusalForm,
    RestorationForm,
    TransferForm,
)
from changai.areas.reporting.models import Obligation, ObligationEvent
from changai.areas.reporting.rules.standings import STANDING_LABELS, Standing, standing_of
from changai.areas.reporting.views.board import LIGHT_OF_STANDING
from changai.areas.reporting.views.lists import crumbs
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.pages import Request, page, press, press_form
from changai.foundation.ui.figures import written_day
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb, Node, Tab

NODE_STATES = {"extended": "near", "locked": "overdue", "refused": "returned", "asked": "waiting"}


@dataclass(frozen=True)
class Settling:
    """One decision about an obligation: its form, its action, what is said when it is done, in what it is shown."""

    key: str
    form: Callable[..., Form]
    act: Callable[..., Any]
    done: str
    title: str
    button: str
    is_open: Callable[[Obligation], bool]


def _is_owed(obligation: Obligation) -> bool:
    return not policies.closure(obligation) and policies.is_with_unit(obligation)


def _is_exemptible(obligation: Obligation) -> bool:
    return _is_owed(obligation) and not policies.has_arrived(obligation)


def _is_overdue(obligation: Obligation) -> bool:
    is_open = obligation.period.opened_at is not None and obligation.unit.is_open
    return is_open and _is_owed(obligation) and obligation.awaited_on < timezone.localdate()


def _is_exempt(obligation: Obligation) -> bool:
    return obligation.release == Obligation.Release.EXEMPT and obligation.period.closed_at is None


def _is_orphaned(obligation: Obligation) -> bool:
    is_settled = obligation.unit.is_open or obligation.period.closed_at is not None
    return _is_owed(obligation) and not is_settled


def _plain(form: Callable[..., Form]) -> Callable[..., Form]:
    def made(*arguments: Any, obligation: Obligation, **named: Any) -> Form:  # noqa: ARG001
        return form(*arguments, **named)

    return made


def _transfer_form(*arguments: Any, obligation: Obligation, **named: Any) -> Form:
    return TransferForm(*arguments, heirs=queries.heirs_of(obligation.unit), **named)


SETTLINGS = (
    Settling(
        "extend", ExtensionForm, actions.extend_obligation,
        gettext_noop("已延期。"), gettext_noop("延期"), gettext_noop("延期"), _is_owed,
    ),
    Settling(
        "exempt", _plain(ExemptionForm), actions.exempt_obligation,
        gettext_noop("已免报。"), gettext_noop("免报"), gettext_noop("免报"), _is_exemptible,
    ),
    Settling(
        "restore", RestorationForm, actions.restore_obligation,
        gettext_noop("已撤销免报，单位可以填报。"), gettext_noop("撤销免报"), gettext_noop("撤销免报"), _is_exempt,
    ),
    Settling(
        "transfer", _transfer_form, actions.transfer_obligation,
        gettext_noop("已转由承接单位报送。"), gettext_noop("单位已撤销：转由承接单位报送"), gettext_noop("转出"),
        _is_orphaned,
    ),
    Settling(
        "end", _plain(EndForm), actions.end_obligation,
        gettext_noop("已终止。"), gettext_noop("单位已撤销：终止报送"), gettext_noop("终止"), _is_orphaned,
    ),
)  # fmt: skip
BY_KEY = {settling.key: settling for settling in SETTLINGS}


@page("report.view")
@require_safe
def obligation(request: Request, pk: int) -> HttpResponse:
    """Show one obligation: its days, what happened to it, and the decisions open to the reader."""
    return _page(request, pk, {})


def _page(request: Request, pk: int, wrong: Mapping[str, Form]) -> HttpResponse:
    found = queries.obligation_for(request.actor, pk)
    month = Month.of(found.period.month)
    asked = found.requests.filter(outcome="").first()
    forms = {
        "ask": AskingForm(obligation=found),
        "grant": GrantForm(obligation=found, initial={"due_on": asked.wanted_on if asked else None}),
        "refuse": RefusalForm(),
        **wrong,
    }
    for name, form in forms.items():
        form.auto_id = f"{name}_%s"
    context = {
        "obligation": found,
        "month": month,
        "told": _told(found),
        "forms": forms,
        "asked": asked,
        "answered": found.requests.exclude(outcome=""),
        "nodes": [_node(event) for event in queries.events_of(found)],
        "settlings": _settlings(found, forms) if policies.may_edit_forms(request.actor) else [],
        "may_settle": policies.may_edit_forms(request.actor),
        "may_press": policies.may_edit_forms(request.actor) and _is_overdue(found),
        "may_ask": policies.may_ask_extension(request.actor, found) and _is_owed(found) and not asked,
        "breadcrumbs": crumbs(
            Crumb(_("报送情况"), reverse("reporting:board") + f"?month={month}"),
            Crumb(found.unit.short_name),
        ),
    }
    return render(request, "reporting/obligation.html", context, status=422 if wrong else 200)


def _told(found: Obligation) -> tuple[str, str]:
    """Return light and word of an obligation; who still has time is not missing yet."""
    if found.release:
        return "none", found.get_release_display()
    if found.period.opened_at is None:
        return "none", _("尚未开启")
    standing = standing_of(found.due_on, found.report.first_arrived_at, found.exempted_at)
    if standing is Standing.MISSING and found.due_on >= timezone.localdate():
        return "none", _("未到期")
    return LIGHT_OF_STANDING[standing], _(STANDING_LABELS[standing])


def _settlings(found: Obligation, forms: Mapping[str, Form]) -> list[tuple[str, str, str, Form]]:
    """Return key, title, button and form of the decisions open now."""
    shown = []
    for one in SETTLINGS:
        if one.is_open(found):
            form = forms.get(one.key) or one.form(obligation=found)
            form.auto_id = f"{one.key}_%s"  # Several ask for a reason; a label has to lead to its own.
            shown.append((one.key, _(one.title), _(one.button), form))
    return shown


def _node(event: ObligationEvent) -> Node:
    sentence = event.words
    if event.due_on:
        sentence = f"{written_day(event.due_on)} {sentence}"
    state = NODE_STATES.get(event.kind, "done" if event.kind == "owed" else "none")
    return Node(event.get_kind_display(), event.at, event.by_name, sentence, state)


@page("form.edit")
@require_POST
def settle(request: Request, pk: int, key: str) -> HttpResponse:
    """Carry out one decision of the office about an obligation."""
    settling = BY_KEY.get(key)
    if settling is None:
        raise NotVisible
    found = queries.obligation_for(request.actor, pk)
    form = settling.form(request.POST, obligation=found)
    return _pressed(request, form, settling.act, pk, done=_(settling.done)) or _page(request, pk, {key: form})


@page("report.fill")
@require_POST
def ask(request: Request, pk: int) -> HttpResponse:
    """Ask for more time."""
    form = AskingForm(request.POST, obligation=queries.obligation_for(request.actor, pk))
    done = _("已提交，办公室答复后会通知您。")
    return _pressed(request, form, actions.ask_extension, pk, done=done) or _page(request, pk, {"ask": form})


@page("report.fill")
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take a request for more time back."""
    asked = queries.request_for(request.actor, pk)
    return press(
        request, actions.withdraw_extension, pk, done=_("已撤回申请。"),
        then=reverse("reporting:obligation", args=[asked.obligation_id]),
    )  # fmt: skip


@page("form.edit")
@require_POST
def grant(request: Request, pk: int) -> HttpResponse:
    """Grant a request for more time."""
    asked = queries.request_for(request.actor, pk)
    form = GrantForm(request.POST, obligation=asked.obligation)
    return _answered(request, form, actions.grant_extension, pk, "grant", _("已同意延期。"))


@page("form.edit")
@require_POST
def refuse(request: Request, pk: int) -> HttpResponse:
    """Refuse a request for more time."""
    return _answered(
        request, RefusalForm(request.POST), actions.refuse_extension, pk, "refuse", _("已答复不同意延期。")
    )


def _answered(
    request: Request, form: Form, act: Callable[..., Any], pk: int, key: str, done: str
) -> HttpResponse:
    obligation_id = queries.request_for(request.actor, pk).obligation_id
    pressed = _pressed(request, form, act, pk, done=done, shown=obligation_id)
    return pressed or _page(request, obligation_id, {key: form})


def _pressed(
    request: Request, form: Form, act: Callable[..., Any], pk: int, *, done: str, shown: int | None = None
) -> HttpResponse | None:
    if not form.is_valid():
        return None
    then = reverse("reporting:obligation", args=[shown or pk])
    return press_form(request, form, act, pk, **form.cleaned_data, done=done, then=then)


@page("form.edit")
@require_safe
def waiting(request: Request) -> HttpResponse:
    """List what waits for the office: requests for more time, and what closed units still owe."""
    asked = queries.requests_for(request.actor)
    shown = request.GET.get("state", "")
    rows = asked.filter(outcome="") if shown != "answered" else asked.exclude(outcome="")
    listing = Listing(
        request.GET,
        rows,
        size=50,
        sorts={"asked": "asked_at", "due": "obligation__due_on", "unit": ("obligation__unit__position",)},
        filters={"q": lambda found, words: found.filter(obligation__unit__name__icontains=words)},
    )
    context = {
        "listing": listing,
        "shown": shown,
        "tabs": [
            Tab(_("待答复"), "?", asked.filter(outcome="").count(), is_current=shown != "answered"),
            Tab(_("已答复"), "?state=answered", is_current=shown == "answered"),
        ],
        "orphans": queries.orphaned(request.actor),
        "breadcrumbs": crumbs(Crumb(_("报送情况"), reverse("reporting:board")), Crumb(_("延期和转出"))),
    }
    return render(request, "reporting/waiting.html", context)
