"""待办: everything the actor has to do, over all areas, the soonest due first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from changai.areas.accounts import queries as accounts
from changai.areas.assessments import queries as assessments
from changai.areas.briefings import queries as briefings
from changai.areas.briefings.models import Briefing
from changai.areas.plans import queries as plans
from changai.areas.plans.models import Plan
from changai.areas.portal import queries as portal
from changai.areas.reporting import queries as reporting
from changai.areas.schemes.models import Answer
from changai.areas.schemes.queries import consulting
from changai.areas.tasks import queries as tasks
from changai.areas.tasks.rules import CLAIMED, CONTESTED, OFFERED
from changai.foundation.actors import OFFICE, Actor, Role
from changai.foundation.audit.words import act_name
from changai.foundation.matrix import allows
from changai.foundation.notices.deliveries import deliveries_for
from changai.foundation.notices.models import Delivery

KINDS: dict[str, Promise] = {
    "fill": gettext_lazy("填报"),
    "returned": gettext_lazy("补正"),
    "sign": gettext_lazy("审签"),
    "review": gettext_lazy("审核"),
    "answer": gettext_lazy("答复"),
    "claim": gettext_lazy("认领"),
    "task": gettext_lazy("任务"),
    "settle": gettext_lazy("裁定"),
    "plan": gettext_lazy("方案"),
    "judge": gettext_lazy("考核"),
    "consult": gettext_lazy("征求意见"),
    "briefing": gettext_lazy("公文"),
    "countersign": gettext_lazy("会签"),
    "receive": gettext_lazy("签收"),
    "suggestion": gettext_lazy("意见"),
    "account": gettext_lazy("账号"),
    "delivery": gettext_lazy("消息"),
    "audit": gettext_lazy("审计"),
}


# Acts the audit administrator is shown every day: they open ways into the system.
_WATCHED = ("account.sign_in_failed", "account.grant", "account.reset", "account.unlock")
MOST_PEOPLE = 20

STATES: dict[str, Promise] = {
    "overdue": gettext_lazy("已逾期"),
    "returned": gettext_lazy("已退回"),
    "near": gettext_lazy("将到期"),
    "waiting": gettext_lazy("待办"),
}


@dataclass(frozen=True)
class Week:
    """The day, and the last day of the working week it lies in, as the calendar of working days has it."""

    today: date
    ends_on: date


@dataclass(frozen=True)
class Todo:
    """One thing to do. `count` is how many records it stands for."""

    kind: str
    label: str
    address: str
    due_on: date | None = None
    is_returned: bool = False
    count: int = 1

    @property
    def kind_label(self) -> Promise:
        return KINDS[self.kind]

    def state(self, week: Week) -> str:
        """Return the light: overdue, returned, near (due this week), waiting."""
        if self.due_on and self.due_on < week.today:
            return "overdue"
        if self.is_returned:
            return "returned"
        return "near" if self.due_on and self.due_on <= week.ends_on else "waiting"


def todos(actor: Actor, week: Week) -> list[Todo]:
    """Return what the actor has to do: returned first, then by deadline."""
    found = [item for source in _SOURCES for item in source(actor, week)]
    return sorted(found, key=lambda item: (not item.is_returned, item.due_on or date.max))


def _reports(actor: Actor, week: Week) -> Iterator[Todo]:
    for item in reporting.todo(actor, week.today):
        yield Todo(item.kind, item.label, item.address, item.due_on, item.kind == "returned", item.count)


def _claims(actor: Actor, week: Week) -> Iterator[Todo]:
    if not allows(actor, "claim.answer"):
        return
    due = Q(status=CLAIMED, completed_on__isnull=True, due_on__lte=week.ends_on)
    own = list(tasks.visible_to(actor).filter(Q(status=OFFERED) | due, unit=actor.unit_id))
    waiting = sum(claim.status == OFFERED for claim in own)
    if waiting:
        label = ngettext("有 %(count)d 项任务待认领", "有 %(count)d 项任务待认领", waiting) % {
            "count": waiting
        }
        yield Todo("claim", label, reverse("tasks:index") + "?tab=offered", count=waiting)
    for claim in own:
        if claim.status == CLAIMED:
            label = f"{claim.measure.code} {claim.text[:40]}"
            yield Todo("task", label, reverse("tasks:task", args=[claim.pk]), claim.due_on)


def _contests(actor: Actor, week: Week) -> Iterator[Todo]:
    del week
    if allows(actor, "claim.settle"):
        for claim in tasks.visible_to(actor).filter(status=CONTESTED):
            label = _("%(unit)s对任务 %(code)s 提出异议") % {
                "unit": claim.unit.short_name,
                "code": claim.measure.code,
            }
            yield Todo("settle", label, reverse("tasks:task", args=[claim.pk]))


def _plans(actor: Actor, week: Week) -> Iterator[Todo]:
    del week
    if allows(actor, "plan.edit"):
        for plan in plans.visible_to(actor).filter(status=Plan.Status.DRAFT):
            yield Todo(
                "plan", _("拆解《%(name)s》") % {"name": plan.name}, reverse("plans:plan", args=[plan.pk])
            )


def _consultations(actor: Actor, week: Week) -> Iterator[Todo]:
    for answer in consulting.open_answers(actor, week.today):
        named = answer.consultation.scheme.name
        is_signing = answer.status == Answer.Status.WRITTEN
        if is_signing and actor.role is not Role.UNIT_HEAD:
            continue
        label = (_("审签《%s》的反馈") if is_signing else _("对《%s》提出意见")) % named
        yield Todo("consult", label, reverse("schemes:answer", args=[answer.pk]), answer.consultation.due_on)
    if allows(actor, "scheme.consult"):
        for row in consulting.with_open_comments(actor):
            label = _("处理《%s》征求到的意见") % row.scheme.name
            yield Todo("consult", label, reverse("schemes:consultation", args=[row.pk]))


def _assessments(actor: Actor, week: Week) -> Iterator[Todo]:
    for duty in assessments.duties(actor, week.today):
        yield Todo("judge", duty.label, duty.address, duty.due_on)


def _briefings(actor: Actor, week: Week) -> Iterator[Todo]:
    del week
    wanted: dict[str, str] = {}
    if actor.role is Role.OFFICE_HEAD:
        wanted = {
            Briefing.Status.SUBMITTED: _("审批%(kind)s《%(title)s》"),
            Briefing.Status.APPROVED: _("印发%(kind)s《%(title)s》"),
        }
    elif actor.role in OFFICE:
        wanted = {Briefing.Status.DRAFT: _("编写%(kind)s《%(title)s》")}
    for briefing in briefings.visible_to(actor).filter(status__in=wanted):
        address = reverse("briefings:briefing", args=[briefing.pk])
        yield Todo(
            "briefing",
            wanted[briefing.status] % _paper_words(briefing),
            address,
            is_returned=bool(briefing.return_reason),
        )


def _circulating(actor: Actor, week: Week) -> Iterator[Todo]:
    """Yield papers the own unit is to countersign or to sign for; for the office, papers with all answers."""
    del week
    for asked in briefings.countersigns_waiting(actor):
        label = _("会签%(kind)s《%(title)s》") % _paper_words(asked.briefing)
        yield Todo("countersign", label, reverse("briefings:countersign", args=[asked.briefing_id]))
    for paper in briefings.papers_to_receive(actor):
        label = _("签收%(kind)s《%(title)s》") % _paper_words(paper)
        yield Todo("receive", label, reverse("briefings:briefing", args=[paper.pk]))
    for paper in briefings.answered_papers(actor):
        label = _("%(kind)s《%(title)s》的会签意见已收齐") % _paper_words(paper)
        yield Todo("countersign", label, reverse("briefings:briefing", args=[paper.pk]))


def _paper_words(paper: Briefing) -> dict[str, str]:
    return {"kind": paper.paper_kind.name, "title": paper.title}


def _suggestions(actor: Actor, week: Week) -> Iterator[Todo]:
    del week
    if allows(actor, "suggestion.view") and (waiting := portal.unanswered().count()):
        yield Todo(
            "suggestion", _("有 %d 条意见建议待处理") % waiting, reverse("portal:suggestions"), count=waiting
        )


def _accounts(actor: Actor, week: Week) -> Iterator[Todo]:
    """Yield what the security administrator finds to do: accounts without a post, and locked ones."""
    del week
    if not allows(actor, "account.grant"):
        return
    people = accounts.visible_to(actor).filter(is_active=True)
    for person in people.filter(role="").order_by("pk")[:MOST_PEOPLE]:
        told = _("给新账号“%(name)s”授予岗位") % {"name": person.name}
        yield Todo("account", told, reverse("accounts:person", args=[person.pk]))
    for person in people.filter(login__in=accounts.locked_logins(now=timezone.now())).order_by("pk"):
        told = _("“%(name)s”因密码多次错误被锁定，核实后解锁") % {"name": person.name}
        yield Todo("account", told, reverse("accounts:person", args=[person.pk]))


def _deliveries(actor: Actor, week: Week) -> Iterator[Todo]:
    del week
    if not allows(actor, "delivery.edit"):
        return
    stuck = deliveries_for(actor).filter(state__in=[Delivery.State.FAILED, Delivery.State.UNCERTAIN]).count()
    if stuck:
        label = _("有 %(count)d 条消息没有发出，查明原因后重发或停发") % {"count": stuck}
        yield Todo("delivery", label, reverse("web:deliveries"), count=stuck)


def _audit(actor: Actor, week: Week) -> Iterator[Todo]:
    """Yield what of the day the audit administrator looks at: failed sign-ins, granted posts, reset passwords."""
    today = accounts.log_for(actor).filter(at__date=week.today, act__in=_WATCHED)
    for row in today.order_by("act").values("act").annotate(lines=Count("pk")):
        label = _("今日有 %(count)d 条“%(act)s”，请核对") % {
            "count": row["lines"],
            "act": act_name(row["act"]),
        }
        address = reverse("accounts:audit") + f"?act={row['act']}&since={week.today.isoformat()}"
        yield Todo("audit", label, address, count=row["lines"])


_SOURCES: tuple[Callable[[Actor, Week], Iterator[Todo]], ...] = (
    _reports,
    _claims,
    _contests,
    _plans,
    _consultations,
    _assessments,
    _briefings,
    _circulating,
    _suggestions,
    _accounts,
    _deliveries,
    _audit,
)
