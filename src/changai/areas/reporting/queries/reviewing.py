"""What reviewers read: the queue, the steps of a report, the routes, the reasons on offer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from changai.areas.organisations import queries as organisations
from changai.areas.reporting.models import (
    Form,
    Report,
    ReturnReason,
    ReviewStep,
    Route,
    Submission,
    Unlocking,
)
from changai.areas.reporting.rules.moves import SIGNED
from changai.areas.reporting.rules.routes import ANYBODY, OFFICE, REVIEWING_LEVELS, UNIT
from changai.core.errors import NotVisible
from changai.foundation.actors import OFFICE as OFFICE_ROLES
from changai.foundation.actors import Actor, Role

if TYPE_CHECKING:
    from changai.areas.organisations.models import Unit

# A queue longer than this is worked off from its head; counts are of all.
MOST_SHOWN = 200


@dataclass(frozen=True)
class QueueRow:
    """One report that waits for the actor. `findings` None: it was signed before findings were counted."""

    report: Report
    step_name: str
    step_count: int
    findings: int | None

    @property
    def is_clean(self) -> bool:
        return self.findings == 0 and self.report.times_returned == 0


ORDERS: dict[str, tuple[str, ...]] = {
    "arrived": ("submission__sent_at", "pk"),
    "due": ("submission__report__obligation__due_on", "submission__sent_at", "pk"),
    "findings": ("-submission__finding_count", "submission__sent_at", "pk"),
    "unit": ("submission__report__obligation__unit__position", "pk"),
}


def queue_rows(actor: Actor, order: str = "arrived") -> list[QueueRow]:
    """Return the reports whose turn has come for the actor's post; nobody finds the own work in it."""
    steps = _waiting_steps(actor).order_by(*ORDERS.get(order, ORDERS["arrived"]))
    found: dict[int, ReviewStep] = {}
    for step in steps.select_related(
        "submission__report__obligation__unit", "submission__report__obligation__period__form"
    ):
        found.setdefault(step.submission.report_id, step)
    mine = [
        step
        for step in found.values()
        if actor.person_id is None or actor.person_id not in step.submission.report.hands
    ]
    counts = _step_counts([step.submission_id for step in mine])
    return [
        QueueRow(
            step.submission.report,
            step.name,
            counts.get(step.submission_id, 1),
            step.submission.finding_count,
        )
        for step in mine
    ]


def review_queue(actor: Actor) -> list[Report]:
    """Return the signed reports the actor may review now, first arrived first."""
    return [row.report for row in queue_rows(actor)]


def steps_whose_turn_it_is() -> QuerySet[ReviewStep]:
    """Return the steps of signed reports in open months that have not signed while every earlier stage has."""
    earlier = ReviewStep.objects.filter(
        submission=OuterRef("submission"), stage__lt=OuterRef("stage"), decision=""
    )
    report = "submission__report__"
    return ReviewStep.objects.filter(
        Q(**{f"{report}obligation__period__closed_at__isnull": True})
        | Q(**{f"{report}reopened_at__isnull": False}),
        ~Exists(earlier),
        decision="",
        submission__outcome="",
        submission__report__status=SIGNED,
        submission__report__obligation__exempted_at__isnull=True,
    )


def _waiting_steps(actor: Actor) -> QuerySet[ReviewStep]:
    done = ReviewStep.objects.filter(submission=OuterRef("submission"), decided_by_id=actor.person_id)
    own = {"submission__report__obligation__unit": actor.unit_id or 0}
    waiting = steps_whose_turn_it_is().filter(_post_of(actor)).exclude(**own)
    return waiting if actor.person_id is None else waiting.filter(~Exists(done))


def _post_of(actor: Actor) -> Q:
    reach = organisations.visible_to(actor, "report.review").values("pk")
    mine = Q(post=ANYBODY, submission__report__obligation__unit__in=reach)
    if actor.role in OFFICE_ROLES:
        return mine | Q(post=OFFICE) | Q(post=UNIT, unit__closed_on__isnull=False)
    if actor.role is Role.COUNTY_REVIEWER:
        return mine | Q(post=UNIT, unit=actor.unit_id, unit__closed_on__isnull=True)
    return mine


def _step_counts(submission_ids: Sequence[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    rows = ReviewStep.objects.filter(submission__in=submission_ids).values_list("submission_id", flat=True)
    for submission_id in rows:
        counts[submission_id] = counts.get(submission_id, 0) + 1
    return counts


def steps_of(submissions: Iterable[Submission]) -> dict[int, list[ReviewStep]]:
    """Return the review steps of each sending, in their order."""
    found: dict[int, list[ReviewStep]] = {one.pk: [] for one in submissions}
    steps = ReviewStep.objects.filter(submission__in=list(found)).select_related("unit")
    for step in steps.order_by("submission", "position", "pk"):
        found[step.submission_id].append(step)
    return found


def sent_file_ids(report: Report) -> set[int]:
    """Return the evidence files that were sent with a report."""
    found: set[int] = set()
    for content in report.submissions.values_list("content", flat=True):
        rows = [*content["tasks"], *content["figures"]]
        found |= {file["id"] for row in rows for file in row["evidence"]}
    return found


def return_reasons(*, with_closed: bool = False) -> QuerySet[ReturnReason]:
    """Return the reasons reviewers may pick, in the office's order; with those out of use when asked."""
    found = ReturnReason.objects.order_by("is_closed", "position", "pk")
    return found if with_closed else found.filter(is_closed=False)


def reason_by_id(reason_id: int) -> ReturnReason:
    """Return one reason.

    :raises NotVisible: when there is none
    """
    found = ReturnReason.objects.filter(pk=reason_id).first()
    if found is None:
        raise NotVisible
    return found


def first_version(form: Form) -> Form:
    """Return the form whose versions share one set of routes: a new version is reviewed as the one before."""
    return form.series or form


def routes_of(form: Form) -> list[Route]:
    """Return the routes of a form, the same for all its versions, with their steps."""
    return list(first_version(form).routes.prefetch_related("steps__unit").order_by("level", "pk"))


def reviewing_units() -> "QuerySet[Unit]":
    """Return the units that may be named in a route: those that may have a reviewer of their own."""
    return organisations.standing(*sorted(REVIEWING_LEVELS)).order_by("level", "position", "code", "pk")


def waiting_unlockings() -> QuerySet[Unlocking]:
    """Return the unlockings that wait for a second person of the office, the oldest first."""
    return (
        Unlocking.objects.filter(settled_at__isnull=True)
        .select_related("report__obligation__unit", "report__obligation__period")
        .order_by("asked_at", "pk")
    )


def unlockings_of(report: Report) -> QuerySet[Unlocking]:
    """Return the unlockings of a report, the latest first."""
    return report.unlockings.order_by("-asked_at", "-pk")


def clean_rows(rows: Iterable[QueueRow]) -> list[QueueRow]:
    """Return the rows that may be accepted together: nothing found, never returned."""
    return [row for row in rows if row.is_clean]
