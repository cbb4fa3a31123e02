"""What the pages of one briefing share: its place, its course, what may be done, its paper as it stands now."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from changai.areas.briefings import queries
from changai.areas.briefings.forms import CirculateForm
from changai.areas.briefings.models import Briefing, Submittal
from changai.areas.briefings.policies import sees_unissued
from changai.areas.briefings.rules import APPROVED, CANCELLED, DRAFT, ISSUED, ISSUING, MOVES
from changai.areas.organisations import queries as organisations
from changai.areas.organisations.models import Level, Unit
from changai.core.periods import Month
from changai.foundation.actors import Actor
from changai.foundation.matrix import allows
from changai.foundation.ui.parts import Crumb, Node

KINDS_OF_PAPERS = (  # what `rules.PAPER_KINDS` are called on pages; papers name themselves in Chinese
    gettext_noop("简报"),
    gettext_noop("月报汇总"),
    gettext_noop("领导参阅"),
    gettext_noop("督查通报"),
    gettext_noop("考核通报"),
    gettext_noop("督办单（蓝色，提醒）"),
    gettext_noop("督办单（黄色，预警）"),
    gettext_noop("督办单（橙色，告诫）"),
    gettext_noop("督办单（红色，限期）"),
    gettext_noop("提示函"),
    gettext_noop("意见书"),
    gettext_noop("建议书"),
    gettext_noop("反馈意见"),
    gettext_noop("反馈意见（逐单位）"),
    gettext_noop("意见采纳情况"),
    gettext_noop("专报"),
    gettext_noop("会议纪要"),
)
LIGHTS = {
    "draft": "none",
    "submitted": "waiting",
    "approved": "on_track",
    "issuing": "waiting",
    "issued": "done",
    "cancelled": "returned",
}
OUTCOME_LIGHTS = {
    "": "waiting",
    Submittal.Outcome.TAKEN_BACK: "none",
    Submittal.Outcome.RETURNED: "returned",
    Submittal.Outcome.APPROVED: "done",
    Submittal.Outcome.CANCELLED: "returned",
}


def crumbs(*below: Crumb) -> list[Crumb]:
    """Return the way from the list of briefings."""
    return [Crumb(_("简报公文"), reverse("briefings:index")), *below]


def briefing_crumb(briefing: Briefing) -> Crumb:
    """Return the briefing as a place above another page."""
    return Crumb(briefing.title, reverse("briefings:briefing", args=[briefing.pk]))


def moves_for(actor: Actor, briefing: Briefing) -> set[str]:
    """Return what the actor may do to the briefing as it stands."""
    return {
        move
        for (status, move), (_after, permission) in MOVES.items()
        if status == briefing.status and allows(actor, permission)
    }


def catalogue_of(actor: Actor, briefing: Briefing) -> queries.Catalogue:
    """Return the figures at hand for the briefing now."""
    return queries.paper_catalogue(actor, briefing, as_of=timezone.now())


def sketched(actor: Actor, briefing: Briefing) -> queries.Composed:
    """Return the paper as far as it is written, with the figures of now."""
    with translation.override(settings.LANGUAGE_CODE):  # the paper is Chinese in every language of the pages
        return queries.sketch(briefing, catalogue_of(actor, briefing), issued_on=timezone.localdate())


def fallen_steps(briefing: Briefing) -> list[Node]:
    """Return the steps that hold no more: texts handed over and what became of each, approvals that fell included."""
    submittals = list(briefing.submittals.all())
    standing = submittals[-1:] if briefing.status not in {DRAFT, CANCELLED} else []
    nodes: list[Node] = []
    for each in submittals:
        if each in standing:
            continue
        if each.submitted_at is not None:
            nodes.append(Node(_("报批"), each.submitted_at, each.submitted_by_name, state="done"))
        nodes += [
            Node(found.outcome.label, found.at, found.by, found.reason, OUTCOME_LIGHTS[found.outcome])
            for found in queries.decisions(each)
        ]
    told = {node.at for node in nodes}
    if briefing.cancelled_at and briefing.cancelled_at not in told:  # given up before it was handed over
        cancelled = briefing.cancelled_at, briefing.cancelled_by_name, briefing.cancel_reason
        nodes.append(Node(_("作废"), *cancelled, "returned"))
    return nodes


def course_of(briefing: Briefing, past: Sequence[Node]) -> list[Node]:
    """Return the steps of the briefing: those in the `past`, those it has passed, those to come without a moment."""
    nodes = [Node(_("起草"), briefing.created_at, briefing.written_by_name, state="done"), *past]
    if briefing.status == CANCELLED:
        return nodes
    passed = (
        (_("报批"), briefing.status != DRAFT, briefing.submitted_at, briefing.submitted_by_name),
        (
            _("审批"),
            briefing.status in {APPROVED, ISSUING, ISSUED},
            briefing.approved_at,
            briefing.approved_by_name,
        ),
        (_("印发"), briefing.status == ISSUED, briefing.issued_at, briefing.issued_by_name),
    )
    nodes += [
        Node(label, at, by, state="done") if is_past else Node(label) for label, is_past, at, by in passed
    ]
    return nodes


def frame(actor: Actor, briefing: Briefing) -> dict[str, Any]:
    """Return what every page of one briefing shows."""
    return {
        "briefing": briefing,
        "light": LIGHTS[briefing.status],
        "moves": moves_for(actor, briefing),
        # What was returned and why is the office's own matter.
        "nodes": course_of(briefing, fallen_steps(briefing) if sees_unissued(actor) else ()),
        "month": Month.of(briefing.month),
        "sample": queries.sample_of(briefing) if briefing.paper_kind.sends else None,
    }


def countersigns_of(actor: Actor, briefing: Briefing) -> dict[str, Any]:
    """Return what the page of an unissued paper shows of its countersigning."""
    may_ask = allows(actor, "briefing.edit") and briefing.status in queries.OPEN_STATUSES
    context: dict[str, Any] = {
        "countersigns": briefing.countersigns.select_related("unit"),
        "may_ask": may_ask,
    }
    return context | ({"circulate_form": CirculateForm(units=units_to_ask(actor))} if may_ask else {})


def units_to_ask(actor: Actor) -> QuerySet[Unit]:
    """Return the units that can be asked to countersign, or sent a paper."""
    return organisations.visible_to(actor).exclude(level__in=[Level.CITY, Level.OFFICE])
