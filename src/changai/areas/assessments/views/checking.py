"""Before scoring: requests not to be assessed, the unit's self-check, the owners' review, the office's overview."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.assessments import actions, queries
from changai.areas.assessments.forms import (
    DecisionForm,
    ExemptionForm,
    OwnerForm,
    PersonForm,
    own_points_in,
    verdicts_in,
)
from changai.areas.assessments.models import Round
from changai.areas.assessments.rules import next_status
from changai.areas.assessments.views.places import crumbs
from changai.areas.evidence.actions import keep_file
from changai.areas.evidence.queries import visible_to as evidence_visible_to
from changai.areas.organisations.models import Level
from changai.areas.organisations.queries import open_units
from changai.core.errors import Invalid, NotVisible, RecordMoved
from changai.core.periods import Month
from changai.foundation.actors import OFFICE
from changai.foundation.pages import Request, number_in, page, press, press_form, see_other, version_sent
from changai.foundation.ui.parts import Crumb, Tab


def _round(request: Request, pk: int) -> Round:
    """Return the round as the office sees it, or as a unit assessed in it does before its result is shown."""
    if request.actor.role in OFFICE:
        return queries.round_for(request.actor, pk)
    return queries.checking_round(request.actor, pk)


@page("assessment.view")
@require_http_methods(["GET", "POST"])
def exemptions(request: Request, pk: int) -> HttpResponse:
    """List the requests not to be assessed by an indicator; a unit asks here, the office decides."""
    round_ = _round(request, pk)
    is_office = request.actor.role in OFFICE
    is_open = next_status(round_.status, "exempt", round_.course) is not None
    form = None
    if not is_office and is_open:
        leaves = [(code, f"{code} {name}") for code, (name, _full) in queries.full_marks(round_).items()]
        form = ExemptionForm(leaves, request.POST or None)
        if request.method == "POST" and form.is_valid():
            answer = press_form(
                request, form, actions.ask_exemption, pk, form.cleaned_data["code"],
                reason=form.cleaned_data["reason"], done=_("已提出不适用申请。"), then=request.path,
            )  # fmt: skip
            if answer:
                return answer
    context = {
        "round": round_,
        "rows": list(queries.exemptions_visible_to(request.actor, round_)),
        "form": form,
        "is_open": is_open,
        "is_office": is_office,
        "breadcrumbs": crumbs(request.actor, round_, Crumb(_("不适用申请"))),
    }
    return render(
        request, "assessments/exemptions.html", context, status=422 if form and form.errors else 200
    )


@page("assessment.run")
@require_POST
def settle_exemption(request: Request, pk: int) -> HttpResponse:
    """Grant or refuse a request."""
    row = queries.exemption_for(request.actor, pk)
    return press(
        request, actions.settle_exemption, pk, is_granted=request.POST.get("move") == "grant",
        decision=request.POST.get("decision", ""), version=version_sent(request), done=_("已审批。"),
        then=reverse("assessments:exemptions", args=[row.round_id]),
    )  # fmt: skip


@page("assessment.answer")
@require_http_methods(["GET", "POST"])
def self_check(request: Request, pk: int) -> HttpResponse:
    """Show the own unit's self-check and keep what was typed; the button of handing in is its own order."""
    round_ = queries.checking_round(request.actor, pk)
    part = queries.part_of(request.actor, round_)
    if part is None or round_.frozen_at is None:
        raise NotVisible
    part.round = round_
    leaves = queries.self_check(part)
    faults: tuple[str, ...] = ()
    status = 200
    if request.method == "POST":
        try:
            return _keep_own(request, round_, leaves)
        except Invalid as refusal:
            faults, status = refusal.faults or (refusal.sentence,), refusal.status
    context = {
        "round": round_,
        "part": part,
        "leaves": leaves,
        "faults": faults,
        "typed": request.POST if faults else {},
        "files": list(evidence_visible_to(request.actor).filter(unit=part.unit_id)[:200]),
        "is_open": next_status(round_.status, "self_check", round_.course) and not part.self_checked_at,
        "breadcrumbs": crumbs(request.actor, round_, Crumb(_("自查自评"))),
    }
    return render(request, "assessments/self_check.html", context, status=status)


def _keep_own(request: Request, round_: Round, leaves: list[queries.CheckedLeaf]) -> HttpResponse:
    given = own_points_in(request.POST.dict(), leaves)
    version, now = version_sent(request), timezone.now()
    if given:
        part = actions.give_own_points(request.actor, round_.pk, given=given, version=version, at=now)
        version = part.version
    if request.POST.get("move") == "hand_in":
        actions.hand_in_self_check(request.actor, round_.pk, version=version, at=now)
        messages.success(request, _("已报送自查自评。"))
    else:
        messages.success(request, _("已保存自评。"))
    return see_other(request.path)


@page("assessment.run")
@require_POST
def reopen(request: Request, pk: int, unit_pk: int) -> HttpResponse:
    """Give a self-check back to its unit."""
    return press(
        request, actions.reopen_self_check, pk, unit_pk, reason=request.POST.get("reason", ""),
        version=version_sent(request), done=_("已退回该单位修改。"),
        then=reverse("assessments:overview", args=[pk]),
    )  # fmt: skip


@page("assessment.answer")
@require_POST
def upload(request: Request, pk: int) -> HttpResponse:
    """Take in a file of evidence that the self-check may then name."""
    round_ = queries.checking_round(request.actor, pk)
    file = request.FILES.get("file")
    if file is None:
        raise Invalid(_("请选择要上传的文件。"))
    keep_file(
        request.actor,
        unit_id=request.actor.unit_id or 0,
        name=file.name or "",
        content=file.read(),
        at=timezone.now(),
    )
    messages.success(request, _("已上传，可在各项指标的佐证材料中选用。"))
    return see_other(reverse("assessments:self_check", args=[round_.pk]))


@page("leaf.review")
@require_http_methods(["GET", "POST"])
def review(request: Request, pk: int) -> HttpResponse:
    """Review the figures of the indicators the actor's unit owns, one indicator at a time."""
    round_ = queries.reviewed_round(request.actor, pk)
    owners = list(queries.owned_by(request.actor, round_))
    code = request.GET.get("item", "")
    code = code if code in {owner.code for owner in owners} else owners[0].code
    queue = queries.review_queue(request.actor, round_, code)
    refusal: Invalid | RecordMoved | None = None
    if request.method == "POST":
        verdicts = list(verdicts_in(request.POST.dict(), queue))
        try:
            if verdicts:
                actions.review_figures(request.actor, pk, code, verdicts=verdicts, at=timezone.now())
            told = ngettext("已审核 %(count)d 个单位。", "已审核 %(count)d 个单位。", len(verdicts))
            messages.success(request, told % {"count": len(verdicts)})
            return see_other(_review_address(round_, code))
        except (Invalid, RecordMoved) as refused:
            refusal = refused
    is_waiting_only = request.GET.get("show") == "waiting" and refusal is None
    context = {
        "round": round_,
        "queue": queue,
        "rows": [row for row in queue.rows if not is_waiting_only or row.verdict is None],
        "is_waiting_only": is_waiting_only,
        "waiting": sum(row.verdict is None for row in queue.rows),
        "leaf": next(owner for owner in owners if owner.code == code),
        "tabs": [
            Tab(owner.name, _review_address(round_, owner.code), None, owner.code == code) for owner in owners
        ],
        "refusal": refusal,
        "typed": request.POST if refusal else {},
        "is_open": next_status(round_.status, "review", round_.course) is not None,
        "breadcrumbs": crumbs(request.actor, round_, Crumb(_("归口审核"))),
    }
    return render(request, "assessments/review.html", context, status=refusal.status if refusal else 200)


def _review_address(round_: Round, code: str) -> str:
    return f"{reverse('assessments:review_figures', args=[round_.pk])}?{urlencode({'item': code})}"


@page("assessment.run")
@require_safe
def overview(request: Request, pk: int) -> HttpResponse:
    """Show the office how far units, owners and reviewers have come, and the doubts to settle."""
    round_ = queries.round_for(request.actor, pk)
    if not round_.is_full:
        raise NotVisible
    units = queries.assessed_units(round_)
    fields = tuple(item.field for item in queries.items_of(round_))
    totals = queries.self_score_totals(round_)
    scores = dict(round_.scores.values_list("unit_id", "regular_hundredths"))
    people = [(person.pk, f"{person.name}（{person.unit or ''}）") for person in queries.candidates(round_)]
    may_see_spread = queries.may_see_spread(request.actor, round_)
    context: dict[str, Any] = {
        "round": round_,
        "parts": [
            (part, totals.get(part.unit_id), scores.get(part.unit_id))
            for part in queries.participants(round_)
        ],
        "owners": queries.owner_progress(round_),
        "units": len(units),
        "doubts": list(queries.open_doubts(round_)),
        "panel": queries.panel_progress(round_, units, fields) if fields else [],
        "hindrance": queries.hindrance_of_panel(round_, units) if fields else "",
        "judged": bool(fields),
        "combined": _spreads(round_, units, fields) if may_see_spread else [],
        "may_see_spread": may_see_spread,
        "may_judge": next_status(round_.status, "judge", round_.course) is not None,
        "may_review": next_status(round_.status, "review", round_.course) is not None,
        "may_reopen": next_status(round_.status, "self_check", round_.course) is not None,
        "person_form": PersonForm(people),
        "owner_form": OwnerForm(*_owners_to_name(round_)),
        "breadcrumbs": crumbs(request.actor, round_, Crumb(_("自查审核"))),
    }
    return render(request, "assessments/overview.html", context)


def _owners_to_name(round_: Round) -> tuple[list[tuple[str, str]], list[tuple[int, str]]]:
    leaves = [
        (row.owner.code, f"{row.owner.code} {row.owner.name}") for row in queries.owner_progress(round_)
    ]
    members = open_units(Level.MEMBER, Level.OFFICE, on=Month.of(round_.last_month).last_on)
    return leaves, [(unit.pk, unit.name) for unit in members.order_by("position", "code", "pk")]


@page("assessment.run")
@require_POST
def assign_owner(request: Request, pk: int) -> HttpResponse:
    """Let another unit confirm the figures of an indicator."""
    return press(
        request, actions.assign_owner, pk, request.POST.get("code", ""),
        unit_id=number_in(request.POST.get("unit", "")), done=_("已调整审核单位。"),
        then=reverse("assessments:overview", args=[pk]),
    )  # fmt: skip


def _spreads(
    round_: Round, units: list[Any], fields: tuple[str, ...]
) -> list[tuple[str, str, queries.Combined]]:
    """Return what the panel came to, where its reviewers lie farthest apart first; for the office only."""
    if not round_.panelists.exists():
        return []
    names = {item.field: item.name for item in queries.items_of(round_)}
    called = {unit.pk: unit.short_name for unit in units}
    found = queries.combined(round_, units, fields)
    ordered = sorted(found.items(), key=lambda each: -each[1].spread)
    return [(called[unit], names[code], both) for (unit, code), both in ordered[:20]]


@page("assessment.run")
@require_POST
def settle_doubt(request: Request, pk: int) -> HttpResponse:
    """Settle a doubt in words."""
    doubt = queries.doubt_for(request.actor, pk)
    return press(
        request, actions.settle_doubt, pk, settlement=request.POST.get("reason", ""), version=version_sent(request),
        done=_("已办结疑问。"), then=reverse("assessments:overview", args=[doubt.round_id]),
    )  # fmt: skip


@page("assessment.run")
@require_http_methods(["GET", "POST"])
def correct(request: Request, pk: int, unit_pk: int, code: str) -> HttpResponse:
    """Correct the frozen figures of one indicator of one unit."""
    round_ = queries.round_for(request.actor, pk)
    unit = next((each for each in queries.assessed_units(round_) if each.pk == unit_pk), None)
    name = queries.item_name(round_, code)
    if unit is None or not name or round_.frozen_at is None:
        raise NotVisible
    figures = queries.frozen_figures(round_, unit, code)
    form = DecisionForm(figures, request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = press_form(
            request, form, actions.correct_figures, pk, unit_pk, values=form.changed(),
            reason=form.cleaned_data["words"], version=version_sent(request),
            done=_("已更正，另存为新一版冻结数据。"), then=reverse("assessments:changes", args=[pk]),
        )  # fmt: skip
        if answer:
            return answer
    context = {
        "round": round_,
        "unit": unit,
        "name": name,
        "form": form,
        "doubts": [row for row in queries.open_doubts(round_) if (row.unit_id, row.code) == (unit.pk, code)],
        "breadcrumbs": crumbs(request.actor, round_, Crumb(_("更正冻结数据"))),
    }
    return render(request, "assessments/correct.html", context, status=422 if form.errors else 200)


@page("assessment.run")
@require_POST
def name_panelist(request: Request, pk: int) -> HttpResponse:
    """Name a reviewer."""
    return press(
        request, actions.name_panelist, pk, person_id=number_in(request.POST.get("person", "")) or 0,
        done=_("已确定评审人员。"), then=reverse("assessments:overview", args=[pk]),
    )  # fmt: skip


@page("assessment.run")
@require_POST
def dismiss_panelist(request: Request, pk: int, panelist_pk: int) -> HttpResponse:
    """Take a reviewer off the panel."""
    return press(
        request, actions.dismiss_panelist, panelist_pk, done=_("已调整评审人员。"),
        then=reverse("assessments:overview", args=[pk]),
    )  # fmt: skip
