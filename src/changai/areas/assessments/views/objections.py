"""申诉: the list, raising one, and one objection with its reply and its review."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.assessments import actions, policies, queries
from changai.areas.assessments.exports import objections_sheet
from changai.areas.assessments.forms import (
    DecisionForm,
    GroundsForm,
    ObjectionFilter,
    ObjectionForm,
    ReviewerForm,
)
from changai.areas.assessments.models import Objection, Round
from changai.areas.assessments.policies import sees_all
from changai.areas.assessments.views.places import crumbs, index_crumb, press_there, round_crumb
from changai.areas.evidence import storage
from changai.areas.evidence.actions import keep_file
from changai.areas.organisations import queries as organisations
from changai.core.errors import ActionRefused, NotVisible
from changai.foundation.downloads import attachment, workbook_called
from changai.foundation.pages import Request, page, press_form, version_sent
from changai.foundation.ui.figures import written_day
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb, Node


def _address(pk: int) -> str:
    return reverse("assessments:objection", args=[pk])


@page("assessment.view")
@require_safe
def show_list(request: Request, pk: int) -> HttpResponse:
    """List the objections of a round that the actor may read, the soonest due first."""
    round_ = queries.round_for(request.actor, pk)
    context = {
        "round": round_,
        "listing": _listing(request, round_),
        "form": ObjectionFilter(request.GET),
        "has_own": not sees_all(request.actor),
        "may_object": _may_object(request, round_.pk),
        "breadcrumbs": [index_crumb(), round_crumb(round_), Crumb(_("申诉"))],
    }
    return render(request, "assessments/objections.html", context)


def _listing(request: Request, round_: Round) -> Listing:
    return Listing(
        request.GET,
        queries.objections_visible_to(request.actor).filter(round=round_),
        filters={
            "state": lambda rows, text: rows.filter(status=text) if text in Objection.Status else rows,
            "q": lambda rows, words: rows.filter(
                Q(unit__name__icontains=words) | Q(name__icontains=words) | Q(code__icontains=words)
            ),
        },
    )


@page("assessment.view")
@require_safe
def export_list(request: Request, pk: int) -> HttpResponse:
    """Download the objections of a round as they are listed."""
    round_ = queries.round_for(request.actor, pk)
    title = _("%(round)s申诉登记") % {"round": round_.name}
    sheet = objections_sheet(_listing(request, round_).rows, title=title)
    return workbook_called(title, organisations.workbook_of(request.actor, [sheet], at=timezone.now()))


def _may_object(request: Request, pk: int) -> bool:
    round_ = queries.round_for(request.actor, pk)
    return round_.status == "confirming" and queries.part_of(request.actor, round_) is not None


@page("assessment.answer")
@require_http_methods(["GET", "POST"])
def raise_objection(request: Request, pk: int) -> HttpResponse:
    """Object to one indicator of the own unit."""
    round_ = queries.round_for(request.actor, pk)
    score = queries.score_of_unit(round_, request.actor.unit_id or 0)
    if score is None:
        raise NotVisible
    leaves = [(code, f"{code} {name}") for code, name in queries.challengeable(score).items()]
    form = ObjectionForm(
        leaves, request.POST or None, request.FILES or None, initial={"code": request.GET.get("code", "")}
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        kept = []
        if file is not None:
            row = keep_file(
                request.actor, unit_id=score.unit_id, name=file.name, content=file.read(), at=timezone.now()
            )
            kept = [row.pk]
        answer = press_form(
            request, form, actions.raise_objection, pk, form.cleaned_data["code"],
            grounds=form.cleaned_data["grounds"], evidence_ids=kept,
            done=_("已提出申诉，办公室将在期限内答复。"), then=reverse("assessments:objections", args=[pk]),
        )  # fmt: skip
        if answer:
            return answer
    context = {
        "round": round_,
        "form": form,
        "breadcrumbs": [index_crumb(), round_crumb(round_), Crumb(_("提出申诉"))],
    }
    return render(request, "assessments/object.html", context, status=422 if form.errors else 200)


@page("assessment.view")
@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """Show one objection with what the actor may do next."""
    return _page(request, queries.objection_for(request.actor, pk))


def _page(
    request: Request, objection: Objection, form: DecisionForm | None = None, *, status: int = 200
) -> HttpResponse:
    round_ = objection.round
    role = _role_of(request, objection)
    if form is None and role in {"reply", "review"}:
        form = DecisionForm(queries.figures_of(round_, objection))
    way = crumbs(request.actor, round_, Crumb(_("申诉")), Crumb(objection.unit.short_name))
    if way[1].link:
        way[2] = Crumb(_("申诉"), reverse("assessments:objections", args=[round_.pk]))
    reviewer_form = _reviewer_form(objection) if role == "name" else None
    context: dict[str, Any] = {
        "objection": objection,
        "round": round_,
        "role": role,
        "form": form,
        "leaf": queries.leaf_of(objection),
        "veto": queries.veto_of(objection),
        "sources": queries.figures_of(round_, objection),
        "evidence": list(objection.evidence.order_by("name", "pk")),
        "nodes": _nodes(objection),
        "grounds_form": GroundsForm() if role == "unit" and objection.status == "answered" else None,
        "reviewer_form": reviewer_form if reviewer_form and reviewer_form.has_anybody else None,
        "lacks_reviewer": reviewer_form is not None and not reviewer_form.has_anybody,
        "change": queries.change_by(objection),
        "breadcrumbs": way,
        "may_open_round": bool(way[1].link),
    }
    return render(request, "assessments/objection.html", context, status=status)


def _reviewer_form(objection: Objection) -> ReviewerForm:
    people = queries.reviewers_for(objection)
    return ReviewerForm([(person.pk, f"{person.name}（{person.unit or ''}）") for person in people])


def _role_of(request: Request, objection: Objection) -> str:
    """Return what the actor can do with the objection now: reply, review, name, unit, or nothing."""
    actor = request.actor
    if objection.is_closed or objection.round.status not in {"confirming", "deciding"}:
        return ""
    if objection.status == "raised" and _lets(policies.require_replier, actor, objection):
        return "reply"
    if objection.status == "reviewing":
        conflict = queries.conflict_of(actor, objection, queries.judged_by(objection))
        if _lets(policies.require_reviewer, actor, objection, conflict):
            return "review"
        others = queries.others_who_name(objection.replied_by_id).count()
        if _lets(policies.require_namer, actor, objection, others):
            return "name"
    return "unit" if _lets(policies.require_answer, actor, objection) else ""


def _lets(require: Callable[..., None], *arguments: Any) -> bool:
    try:
        require(*arguments)
    except ActionRefused:
        return False
    return True


def _nodes(objection: Objection) -> list[Node]:
    """Return what was done about the objection so far, and who has to do what by when next."""
    asked = _("申请复核") if objection.replied_at else _("逾期未答复，转入复核")
    done = [
        (_("提出申诉"), objection.raised_at, objection.raised_by_name, ""),
        (_("答复"), objection.replied_at, objection.replied_by_name, objection.reply),
        (asked, objection.review_asked_at, "", objection.review_grounds),
        (_("复核"), objection.reviewed_at, objection.reviewer_name, objection.review),
        (str(objection.get_status_display()), objection.closed_at, "", ""),
    ]
    nodes = [Node(label, at, by, sentence, "done") for label, at, by, sentence in done if at]
    return nodes if objection.is_closed else [*nodes, _next_node(objection)]


def _next_node(objection: Objection) -> Node:
    told = {"day": written_day(objection.due_on), "name": objection.reviewer_name}
    if objection.status == "raised":
        return Node(_("答复"), sentence=_("办公室应于%(day)s前答复；逾期未答复的自动转入复核。") % told)
    if objection.status == "answered":
        words = _("申诉单位可于%(day)s前申请复核，逾期按答复意见办结。") % told
        return Node(_("接受答复或申请复核"), sentence=words)
    if objection.reviewer_name:
        return Node(_("复核"), sentence=_("由%(name)s于%(day)s前复核，复核决定为最终决定。") % told)
    return Node(_("复核"), sentence=_("等待办公室确定复核人。"))


def _decide(request: Request, pk: int, act: Any, name: str, done: str) -> HttpResponse:
    objection = queries.objection_for(request.actor, pk)
    form = DecisionForm(queries.figures_of(objection.round, objection), request.POST)
    if form.is_valid():
        answer = press_form(
            request, form, act, pk, version=version_sent(request), values=form.changed(),
            done=done, then=_address(pk), **{name: form.cleaned_data["words"]},
        )  # fmt: skip
        if answer:
            return answer
    return _page(request, objection, form, status=422)


@page("objection.reply")
@require_POST
def reply(request: Request, pk: int) -> HttpResponse:
    """Answer an objection."""
    return _decide(request, pk, actions.reply_to_objection, "reply", _("已答复。"))


@page("objection.review")
@require_POST
def review(request: Request, pk: int) -> HttpResponse:
    """Decide the review of an objection."""
    return _decide(request, pk, actions.review_objection, "review", _("已作出复核决定。"))


@page("objection.reply")
@require_POST
def name_reviewer(request: Request, pk: int) -> HttpResponse:
    """Name who reviews an objection."""
    objection = queries.objection_for(request.actor, pk)
    form = _reviewer_form(objection)
    chosen = request.POST.get("person", "")
    person = int(chosen) if chosen in {str(value) for value, _label in form.fields["person"].choices} else 0  # type: ignore[attr-defined]
    done = _("已确定复核人。")
    return press_there(request, actions.name_reviewer, pk, page="objection", done=done, person_id=person)


@page("assessment.answer")
@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    """Accept the reply."""
    return press_there(request, actions.accept_reply, pk, page="objection", done=_("已接受答复。"))


@page("assessment.answer")
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Withdraw the objection."""
    return press_there(request, actions.withdraw_objection, pk, page="objection", done=_("已撤回申诉。"))


@page("assessment.answer")
@require_POST
def ask_review(request: Request, pk: int) -> HttpResponse:
    """Ask for a review."""
    grounds, done = request.POST.get("grounds", ""), _("已申请复核。")
    return press_there(request, actions.ask_review, pk, page="objection", done=done, grounds=grounds)


@page("assessment.view")
@require_safe
def file(request: Request, pk: int, file_pk: int) -> HttpResponse:
    """Download a file of an objection: whoever reads the objection reads its evidence."""
    row = queries.objection_for(request.actor, pk).evidence.filter(pk=file_pk).first()
    if row is None:
        raise NotVisible
    return attachment(row.name, storage.open_digest(row.digest))
