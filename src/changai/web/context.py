"""What every template knows: the menu for this actor, the city, unread notices."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from changai.areas.organisations import queries as organisations
from changai.foundation.actors import Actor
from changai.foundation.matrix import scope_of
from changai.foundation.notices.outbox import notices_for

PRODUCT = _("产改通")
OWN_ACCOUNT = "/accounts/own/"


@dataclass(frozen=True)
class Place:
    """A place of the menu: shown to the roles that hold `permission`."""

    label: Promise
    link: str
    permission: str
    icon: str


@dataclass(frozen=True)
class Entry:
    """A place as this request sees it."""

    label: Promise
    link: str
    icon: str
    is_current: bool


@dataclass(frozen=True)
class Group:
    """Places under one heading."""

    label: Promise | str
    entries: tuple[Entry, ...]


MENU: tuple[tuple[Promise | str, tuple[Place, ...]], ...] = (
    ("", (
        Place(_("待办"), "/", "home.view", "todo"),
        Place(_("全市总览"), "/state/", "state.view", "state"),
    )),
    (_("任务落实"), (
        Place(_("方案要点"), "/plans/", "plan.view", "plan"),
        Place(_("任务"), "/tasks/", "claim.view", "task"),
        Place(_("月报"), "/reports/", "report.view", "report"),
    )),
    (_("考核评价"), (
        Place(_("数据"), "/data/", "fact.view", "number"),
        Place(_("指标体系"), "/schemes/", "scheme.view", "scheme"),
        Place(_("考核"), "/assessments/", "assessment.view", "assessment"),
        Place(_("简报公文"), "/briefings/", "briefing.view", "briefing"),
    )),
    (_("基础资料"), (
        Place(_("名册"), "/registers/training/", "register.view", "register"),
        Place(_("组织机构"), "/units/", "unit.view", "unit"),
        Place(_("工作日历"), "/workdays/", "workday.view", "calendar"),
    )),
    (_("管理"), (
        Place(_("意见建议"), "/portal/suggestions/", "suggestion.view", "comment"),
        Place(_("未接收的文件"), "/refused-files/", "refusal.view", "file"),
        Place(_("账号"), "/accounts/", "account.edit", "person"),
        Place(_("岗位授权"), "/accounts/", "account.grant", "person"),
        Place(_("消息发送"), "/deliveries/", "delivery.view", "send"),
        Place(_("权限一览"), "/accounts/matrix/", "matrix.view", "shield"),
        Place(_("审计日志"), "/accounts/audit/", "audit.view", "audit"),
    )),
)  # fmt: skip


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """Return what `ui/base.html` needs; read from the database only when a template asks for it."""
    actor: Actor | None = getattr(request, "actor", None)
    return {
        "product": PRODUCT,
        "demonstration": settings.DEMONSTRATION,
        "suggestion_box": "/portal/",
        "city": SimpleLazyObject(organisations.city),
        "menu": SimpleLazyObject(lambda: tuple(menu_for(actor, request.path))),
        "unread_count": SimpleLazyObject(lambda: unread_count(actor)),
        "own_account": OWN_ACCOUNT,
        "unit_name": SimpleLazyObject(lambda: _unit_name(request)),
    }


def menu_for(actor: Actor | None, path: str) -> Iterator[Group]:
    """Yield the groups that hold a place for the actor; the place that `path` lies in is current."""
    if actor is None:
        return
    here = _here(path)
    for label, places in MENU:
        entries = tuple(
            Entry(place.label, place.link, place.icon, place.link == here)
            for place in places
            if scope_of(actor.role, place.permission) is not None
        )
        if entries:
            yield Group(label, entries)


def unread_count(actor: Actor | None) -> int:
    """Return how many notices the actor has not read."""
    return 0 if actor is None else notices_for(actor).filter(read_at__isnull=True).count()


def _here(path: str) -> str:
    """Return the link of the place that `path` lies in: the longest that begins it; home only when exact."""
    links = [place.link for _label, places in MENU for place in places if place.link != "/"]
    return max((link for link in links if path.startswith(link)), key=len, default="/" if path == "/" else "")


def _unit_name(request: HttpRequest) -> str:
    unit = getattr(getattr(request, "user", None), "unit", None)
    return unit.name if unit else ""
