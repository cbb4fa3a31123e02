"""约谈、通报: holding units to account, step by step, each with its words and its warnings."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from changai.areas.assessments import actions, queries
from changai.areas.assessments.models import Accountability, Round
from changai.areas.assessments.rules import next_accountability_status
from changai.areas.assessments.views.dialogs import Step, step
from changai.areas.assessments.views.places import uses_address
from changai.foundation.actors import Actor
from changai.foundation.matrix import allows
from changai.foundation.pages import Request, number_in, page, press, version_sent
from changai.foundation.ui.parts import Node


@dataclass(frozen=True)
class Card:
    """One talk or circular as it is shown: its course, what speaks for caution, and the steps open to the actor."""

    made: Accountability
    nodes: list[Node]
    warnings: list[str]
    steps: list[Step]
    bar: str
    is_open: bool


def account_cards(actor: Actor, round_: Round) -> list[Card]:
    """Return the talks and circulars of a round, the newest first; the open ones with what speaks for caution now."""
    return [_card(actor, round_, made) for made in queries.accountabilities_of(round_)]


def _card(actor: Actor, round_: Round, made: Accountability) -> Card:
    waits = made.status in {Accountability.Status.PROPOSED, Accountability.Status.REVIEWED}
    warnings = queries.warnings_of(round_, made.unit) if waits else list(made.warnings)
    is_open = waits or made.status == Accountability.Status.DECIDED
    return Card(made, _nodes(made), warnings, _steps(actor, made, warnings), _bar(actor, made), is_open)


def _bar(actor: Actor, made: Accountability) -> str:
    """Return why the next step is another person's, to somebody whose post might take it; else nothing."""
    asked = {"proposed": ("review", "use.edit"), "reviewed": ("decide", "use.decide")}
    move, permission = asked.get(made.status, ("", ""))
    return queries.bar_to(actor, made, move) if move and allows(actor, permission) else ""


def _nodes(made: Accountability) -> list[Node]:
    labels = {"review": _("核实"), "decide": _("决定"), "close": _("办结"), "drop": _("不予办理")}
    nodes = [Node(_("提出"), made.proposed_at, made.proposed_by_name, made.grounds, "done")]
    return nodes + [
        Node(labels[row["move"]], datetime.fromisoformat(row["at"]), row["by"], row["words"], "done")
        for row in made.course
    ]


def _steps(actor: Actor, made: Accountability, warnings: list[str]) -> list[Step]:
    """Return the steps that are open; who proposed does not review, who reviewed does not decide."""
    asked = {
        "review": (_("事实已核实"), _("核实情况"), ()),
        "decide": (_("决定办理"), _("决定意见"), tuple(warnings)),
        "close": (_("办结"), _("办理结果"), ()),
        "drop": (_("不予办理"), _("理由"), ()),
    }
    address = reverse("assessments:move_accountability", args=[made.pk])
    return [
        step(
            move, (made.pk, made.version), address, title,
            label=label, sentences=sentences, is_main=move != "drop", is_grave=move == "drop",
        )
        for move, (title, label, sentences) in asked.items()
        if next_accountability_status(made.status, move)
        and not queries.bar_to(actor, made, move)
        and allows(actor, "use.decide" if move == "decide" else "use.edit")
    ]  # fmt: skip


@page("use.edit")
@require_POST
def propose(request: Request, pk: int) -> HttpResponse:
    """Propose talks or a circular."""
    return press(
        request, actions.propose_accountability, pk, number_in(request.POST.get("unit", "")) or 0,
        kind=request.POST.get("kind", ""), grounds=request.POST.get("grounds", ""), done=_("已提出，待核实。"),
        then=uses_address(pk),
    )  # fmt: skip


@page("use.edit")
@require_POST
def account(request: Request, pk: int) -> HttpResponse:
    """Move a talk or circular on."""
    made = queries.accountability_for(request.actor, pk)
    return press(
        request, actions.move_accountability, pk, request.POST.get("move", ""),
        words=request.POST.get("words", ""), version=version_sent(request), done=_("已办理。"),
        then=uses_address(made.round_id),
    )  # fmt: skip
