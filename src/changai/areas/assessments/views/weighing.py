"""专家评权: the list, the expert's page of pairs, and the office's page of what it comes to."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.assessments import actions, queries
from changai.areas.assessments.forms import WeighingForm
from changai.areas.assessments.models import Weighing
from changai.areas.assessments.rules import LEAST_STEPS, MOST_STEPS
from changai.areas.assessments.views.places import index_crumb
from changai.areas.schemes.queries import visible_to as schemes_visible_to
from changai.core.errors import NotVisible
from changai.foundation.pages import Request, page, press, press_form, see_other, version_sent
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb, Tab


def _index() -> Crumb:
    return Crumb(_("专家评权"), reverse("assessments:weighings"))


@page("weighing.view")
@require_safe
def show_list(request: Request) -> HttpResponse:
    """List the AHP rounds the actor may open."""
    context = {
        "listing": Listing(request.GET, queries.weighings_visible_to(request.actor)),
        "breadcrumbs": [index_crumb(), Crumb(_("专家评权"))],
    }
    return render(request, "assessments/weighings.html", context)


@page("weighing.run")
@require_http_methods(["GET", "POST"])
def open_weighing(request: Request) -> HttpResponse:
    """Ask experts."""
    tables = [
        (f"{version.pk}:{table['category']}", f"{table['category']}（{version.year}年 {version}）")
        for version in schemes_visible_to(request.actor).exclude(status="superseded")
        for table in version.content["tables"]
    ]
    people = [(person.pk, f"{person.unit or ''} {person.name}") for person in queries.people_to_ask()]
    form = WeighingForm(tables, people, request.POST or None)
    if request.method == "POST" and form.is_valid():
        scheme_id, _colon, category = form.cleaned_data["table"].partition(":")
        answer = press_form(
            request, form, actions.open_weighing, int(scheme_id), category=category,
            person_ids=[int(person) for person in form.cleaned_data["people"]],
            due_on=form.cleaned_data["due_on"], done=_("已请专家评判。"), then=reverse("assessments:weighings"),
        )  # fmt: skip
        if answer:
            return answer
    context = {"form": form, "breadcrumbs": [index_crumb(), _index(), Crumb(_("请专家评判"))]}
    return render(request, "assessments/open_weighing.html", context, status=422 if form.errors else 200)


@page("weighing.judge")
@require_http_methods(["GET", "POST"])
def judge(request: Request, pk: int) -> HttpResponse:
    """Show the pairs of one group with the own contradictions, or keep what was judged."""
    weighing = queries.weighing_for(request.actor, pk)
    expert = queries.expert_of(request.actor, pk)
    if expert is None:
        raise NotVisible
    groups = queries.sibling_groups(weighing)
    asked = request.GET.get("group")
    group = next((each for each in groups if each.code == asked), groups[0])
    if request.method == "POST":
        return _keep(request, weighing, group)
    given = queries.given_by(expert)
    names = {item.code: item for item in group.items}
    context = {
        "weighing": weighing,
        "expert": expert,
        "group": group,
        "rows": [
            {
                "first": names[first],
                "second": names[second],
                "key": f"{first}|{second}",
                "choices": _choices(names[first].name, names[second].name, given.get((first, second))),
            }
            for first, second in group.pairs
        ],
        "contradictions": queries.own_contradictions(group, given),
        "tabs": [
            Tab(
                each.name,
                _address(pk, each.code),
                sum(pair not in given for pair in each.pairs) or None,
                each == group,
            )
            for each in groups
        ],
        "is_open": weighing.status == Weighing.Status.OPEN,
        "breadcrumbs": [index_crumb(), _index(), Crumb(str(weighing.category))],
    }
    return render(request, "assessments/pairs.html", context)


def _open_pairs(group: queries.SiblingGroup, given: dict[tuple[str, str], int]) -> int | None:
    return sum(pair not in given for pair in group.pairs) or None


def _choices(first: str, second: str, chosen: int | None) -> list[tuple[str, str, bool]]:
    """Return value, words and choice of every mark of the scale, the first indicator heaviest on top."""
    words = {8: _("绝对重要"), 6: _("非常重要"), 4: _("明显重要"), 2: _("稍微重要")}
    rows = [("", _("暂不判断"), chosen is None)]
    for steps in range(MOST_STEPS, LEAST_STEPS - 1, -1):
        if steps == 0:
            told = _("同等重要")
        else:
            name = first if steps > 0 else second
            told = _("“%(name)s”%(words)s（%(times)d）") % {
                "name": name,
                "words": words.get(abs(steps), _("介于两者之间")),
                "times": abs(steps) + 1,
            }
        rows.append((str(steps), told, chosen == steps))
    return rows


def _keep(request: Request, weighing: Weighing, group: queries.SiblingGroup) -> HttpResponse:
    given = {
        (first, second): _steps(request.POST.get(f"pair-{first}|{second}", ""))
        for first, second in group.pairs
        if f"pair-{first}|{second}" in request.POST
    }
    version, now = version_sent(request), timezone.now()
    if given:
        version = actions.judge_pairs(
            request.actor, weighing.pk, given=given, version=version, at=now
        ).version
    if request.POST.get("move") == "hand_in":
        actions.hand_in_pairs(request.actor, weighing.pk, version=version, at=now)
        messages.success(request, _("已提交评判。"))
    else:
        messages.success(request, _("已保存评判。"))
    return see_other(_address(weighing.pk, group.code))


def _steps(typed: str) -> int | None:
    return int(typed) if typed.removeprefix("-").isdecimal() and len(typed) <= 2 else None


def _address(pk: int, code: str) -> str:
    return f"{reverse('assessments:pairs', args=[pk])}?{urlencode({'group': code})}"


@page("weighing.run")
@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """Show the office what the experts come to; the experts by name only with whether they handed in."""
    weighing = queries.weighing_for(request.actor, pk)
    context: dict[str, Any] = {
        "weighing": weighing,
        "experts": list(weighing.experts.order_by("name", "pk")),
        "results": queries.group_results(weighing),
        "breadcrumbs": [index_crumb(), _index(), Crumb(str(weighing.category))],
    }
    return render(request, "assessments/weighing.html", context)


@page("weighing.run")
@require_POST
def close(request: Request, pk: int) -> HttpResponse:
    """End the asking with the office's decision."""
    return press(
        request, actions.close_weighing, pk, decision=request.POST.get("reason", ""), version=version_sent(request),
        done=_("已结束评判。"), then=reverse("assessments:weighing", args=[pk]),
    )  # fmt: skip
