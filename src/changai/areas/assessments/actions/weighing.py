"""专家评权 (AHP): name experts, take their pair judgements, end the round. Nothing here writes points."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone

from changai.areas.assessments.models import Expert, Weighing
from changai.areas.assessments.policies import require
from changai.areas.assessments.queries import expert_of, pairs_asked, people_to_ask, weighing_for
from changai.areas.assessments.rules import LEAST_STEPS, LONGEST_GROUNDS, MOST_STEPS, SHORTEST_REASON
from changai.areas.schemes.queries import scheme_of, version_for
from changai.core.errors import Invalid, NotAllowed, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify
from changai.foundation.versions import require_version

Pair = tuple[str, str]


@action("weighing.open")
def open_weighing(
    actor: Actor, scheme_id: int, *, category: str, person_ids: Sequence[int], due_on: date, at: datetime
) -> Weighing:
    """Ask named experts how the sibling indicators of a table compare.

    :raises Invalid: without experts, for a day that is past, or a table without siblings to compare
    """
    require(actor, "weighing.run")
    version = version_for(actor, scheme_id)
    if category not in scheme_of(version).tables:
        raise Invalid(f"指标体系“{version.name}”中没有“{category}”这张指标表。")
    people = [person for person in people_to_ask() if person.pk in set(person_ids)]
    if not people:
        raise Invalid("请至少指定一名专家。")
    if due_on < timezone.localdate(at):
        raise Invalid("截止日期已过，请重新选择。")
    weighing = Weighing(
        scheme=version, category=category, due_on=due_on, opened_by_name=actor.name, opened_at=at
    )
    if not pairs_asked(weighing):
        raise Invalid("这张指标表没有可以两两比较的同级指标。")
    weighing.save()
    Expert.objects.bulk_create(
        Expert(weighing=weighing, person=person, name=person.name) for person in people
    )
    for person in people:
        notify(
            f"请于{due_on.month}月{due_on.day}日前对“{version.name}”{category}各项指标的重要程度作出判断。",
            at=at, unit_id=person.unit_id, role=person.post, link=f"/assessments/weighings/{weighing.pk}/judge/",
        )  # fmt: skip
    record(actor, "weighing.open", weighing, at=at, experts=[person.pk for person in people])
    return weighing


@action("weighing.judge")
def judge_pairs(
    actor: Actor, weighing_id: int, *, given: Mapping[Pair, int | None], version: int, at: datetime
) -> Expert:
    """Keep an expert's judgements; None leaves a pair open. What was judged before and is not named stays.

    :raises NotAllowed: to who is not named
    :raises Invalid: for a pair that is not asked, or outside the scale
    :raises RecordMoved: when the round has ended, or the expert saved in another window
    """
    expert = _taken(actor, weighing_id, version=version)
    asked = pairs_asked(expert.weighing)
    if any(pair not in asked for pair in given):
        raise Invalid("有一对指标不在本次评判之列，请刷新页面。")
    if any(steps is not None and not LEAST_STEPS <= steps <= MOST_STEPS for steps in given.values()):
        raise Invalid("判断值超出 1 至 9 的范围，请重新选择。")
    for (first, second), steps in given.items():
        if steps is None:
            expert.pairs.filter(first=first, second=second).delete()
        else:
            expert.pairs.update_or_create(first=first, second=second, defaults={"steps": steps})
    expert.sent_at = None
    _save(expert)
    record(actor, "weighing.judge", expert, at=at, pairs=len(given))
    return expert


@action("weighing.hand_in")
def hand_in_pairs(actor: Actor, weighing_id: int, *, version: int, at: datetime) -> Expert:
    """Hand in what the expert judged; pairs may stay open, and judging on takes it back.

    :raises Invalid: when nothing was judged
    """
    expert = _taken(actor, weighing_id, version=version)
    if not expert.pairs.exists():
        raise Invalid("还没有作出任何判断，请先评判再提交。")
    expert.sent_at = at
    _save(expert)
    record(actor, "weighing.hand_in", expert, at=at)
    return expert


@action("weighing.close")
def close_weighing(actor: Actor, weighing_id: int, *, decision: str, version: int, at: datetime) -> Weighing:
    """End the asking and write down what the office decided; the points themselves are changed in the scheme.

    :raises Invalid: without a decision in words
    :raises RecordMoved: when it has ended
    """
    require(actor, "weighing.run")
    weighing = Weighing.objects.select_for_update(of=("self",)).get(pk=weighing_for(actor, weighing_id).pk)
    require_version(weighing, version)
    if weighing.status != Weighing.Status.OPEN:
        raise RecordMoved("这次评判已经结束。")
    decision = decision.strip()
    if not SHORTEST_REASON <= len(decision) <= LONGEST_GROUNDS:
        raise Invalid("请写明采用情况，如采用的分值和不采用的理由。")
    weighing.status, weighing.closed_at, weighing.decision = Weighing.Status.CLOSED, at, decision
    weighing.version += 1
    weighing.save(update_fields=["status", "closed_at", "decision", "version"])
    record(actor, "weighing.close", weighing, at=at)
    return weighing


def _taken(actor: Actor, weighing_id: int, *, version: int) -> Expert:
    require(actor, "weighing.judge")
    found = expert_of(actor, weighing_id)
    if found is None:
        raise NotAllowed("您不是这次评判的专家。")
    expert = (
        Expert.objects.select_for_update(of=("self",)).select_related("weighing__scheme").get(pk=found.pk)
    )
    require_version(expert, version)
    if expert.weighing.status != Weighing.Status.OPEN:
        raise RecordMoved("这次评判已经结束，不能再修改。")
    return expert


def _save(expert: Expert) -> None:
    expert.version += 1
    expert.save(update_fields=["sent_at", "version"])
