"""What the pages of one plan share: its tabs and the way back."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from changai.areas.plans.models import Plan
from changai.foundation.actors import Actor
from changai.foundation.matrix import allows
from changai.foundation.ui.parts import Crumb, Tab


def plan_frame(actor: Actor, plan: Plan, current: str, title: str = "") -> dict[str, Any]:
    """Return the context of a page of a plan: the plan, its tabs, the current one marked, and breadcrumbs."""
    crumbs = [
        Crumb(_("方案要点"), reverse("plans:index")),
        Crumb(plan.name, reverse("plans:plan", args=[plan.pk])),
    ]
    return {
        "plan": plan,
        "is_draft": plan.status == Plan.Status.DRAFT,
        "faces": [
            Tab(label, reverse(name, args=[plan.pk]), is_current=key == current)
            for key, label, name in _faces(actor, plan)
        ],
        "breadcrumbs": [*crumbs, Crumb(title)] if title else [crumbs[0], Crumb(plan.name)],
    }


def _faces(actor: Actor, plan: Plan) -> list[tuple[str, str, str]]:
    if plan.status == Plan.Status.DRAFT:
        return [
            ("draft", _("1 拆解校对"), "plans:draft"),
            ("breakdown", _("2 任务分解"), "plans:breakdown"),
            ("checklist", _("3 检查下达"), "plans:checklist"),
            ("plan", _("方案内容"), "plans:plan"),
        ]
    faces = [("plan", _("方案内容"), "plans:plan")]
    if allows(actor, "state.view"):
        faces += [
            ("coverage", _("认领情况"), "tasks:coverage"),
            ("progress", _("推进情况"), "tasks:progress"),
        ]
    return faces
