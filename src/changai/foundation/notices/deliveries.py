"""The queue of messages that leave the house: written in the transaction of an act, sent afterwards, seen by people.

The worker takes a message by a conditional update, so two workers never send one. A message whose sending began and
never ended (the worker was killed) is sent again only when the receiver can tell repetitions apart.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from changai.core.errors import NotAllowed, NotVisible, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.matrix import allows, scope_of
from changai.foundation.notices.models import Delivery

LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=2)
GIVE_UP_AFTER = timedelta(days=3)
State = Delivery.State


@dataclass(frozen=True)
class Message:
    """What is to be sent, to whom, by which channel; `key` is the same for the same message for good."""

    key: str
    channel: str
    recipient: str
    subject: str
    text: str
    link: str = ""
    person_id: int | None = None
    hours: tuple[time, time] | None = None


def queue(messages: Iterable[Message], *, at: datetime) -> None:
    """Put messages into the queue, in the caller's transaction; one that is there already is left as it is."""
    rows = (
        Delivery(
            key=message.key, channel=message.channel, recipient=message.recipient, subject=message.subject[:120],
            text=message.text, link=message.link, person_id=message.person_id, created_at=at, next_at=at,
            hours_from=message.hours[0] if message.hours else None,
            hours_until=message.hours[1] if message.hours else None,
        )
        for message in messages
    )  # fmt: skip
    Delivery.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def take_due(*, now: datetime) -> Iterator[Delivery]:
    """Yield messages that may go out now, each taken for this worker before it is yielded."""
    local = timezone.localtime(now).time()
    in_hours = Q(hours_from__isnull=True) | Q(hours_from__lte=local, hours_until__gt=local)
    waiting = Delivery.objects.filter(in_hours, state=State.WAITING, next_at__lte=now)
    for pk in list(waiting.order_by("next_at", "pk").values_list("pk", flat=True)[:500]):
        mine = Delivery.objects.filter(pk=pk, state=State.WAITING)
        if mine.update(state=State.SENDING, leased_until=now + LEASE):
            yield Delivery.objects.get(pk=pk)


def recover(*, now: datetime, repeatable: Iterable[str]) -> int:
    """Settle the messages whose worker died while sending; return how many.

    On the channels in `repeatable` they are sent again; on others a person decides.
    """
    lost = Delivery.objects.filter(state=State.SENDING, leased_until__lte=now)
    again = lost.filter(channel__in=list(repeatable)).update(
        state=State.WAITING, leased_until=None, next_at=now
    )
    unknown = lost.update(
        state=State.UNCERTAIN, leased_until=None, ended_at=now, last_fault="发送途中中断，不能确定是否送达"
    )
    return again + unknown


def wait_after(attempts: int) -> timedelta:
    """Return how long a message rests after so many failures: 1, 2, 4 … minutes, at most two hours."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 12)), LONGEST_WAIT)


def note_sent(delivery: Delivery, *, at: datetime) -> None:
    """Write down that the receiver has taken the message."""
    _settle(delivery, state=State.SENT, ended_at=at, last_fault="", attempts=delivery.attempts + 1)


def note_uncertain(delivery: Delivery, fault: str, *, at: datetime) -> None:
    """Write down that nobody knows whether the message arrived; a person decides."""
    _settle(
        delivery, state=State.UNCERTAIN, ended_at=at, last_fault=fault[:300], attempts=delivery.attempts + 1
    )


def note_failure(delivery: Delivery, fault: str, *, at: datetime, is_final: bool = False) -> None:
    """Write down that the message did not arrive: later again, until three days are over."""
    attempts = delivery.attempts + 1
    if is_final or at - delivery.created_at > GIVE_UP_AFTER:
        _settle(delivery, state=State.FAILED, ended_at=at, last_fault=fault[:300], attempts=attempts)
    else:
        next_at = at + wait_after(attempts)
        _settle(delivery, state=State.WAITING, next_at=next_at, last_fault=fault[:300], attempts=attempts)


def _settle(delivery: Delivery, **values: object) -> None:
    """Write the outcome unless the lease was taken over meanwhile."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, leased_until=delivery.leased_until)
    mine.update(leased_until=None, **values)


def deliveries_for(actor: Actor) -> QuerySet[Delivery]:
    """Return the queue, newest first, to who keeps it; none to others."""
    if scope_of(actor.role, "delivery.view") is None:
        return Delivery.objects.none()
    return Delivery.objects.all()


@action("delivery.retry")
def retry_delivery(actor: Actor, delivery_id: int, *, at: datetime) -> Delivery:
    """Send a message again that failed, or of which nobody knows whether it arrived.

    :raises RecordMoved: when it is on its way, sent, or dropped
    """
    delivery = _take(actor, delivery_id, State.FAILED, State.UNCERTAIN)
    delivery.state, delivery.next_at, delivery.created_at, delivery.ended_at = State.WAITING, at, at, None
    delivery.save(update_fields=["state", "next_at", "created_at", "ended_at"])
    record(actor, "delivery.retry", delivery, at=at)
    return delivery


@action("delivery.drop")
def drop_delivery(actor: Actor, delivery_id: int, *, at: datetime) -> Delivery:
    """Give a message up.

    :raises RecordMoved: when it is being sent, sent, or dropped already
    """
    delivery = _take(actor, delivery_id, State.FAILED, State.UNCERTAIN, State.WAITING)
    delivery.state, delivery.ended_at = State.DROPPED, at
    delivery.save(update_fields=["state", "ended_at"])
    record(actor, "delivery.drop", delivery, at=at)
    return delivery


def _take(actor: Actor, delivery_id: int, *states: str) -> Delivery:
    if not allows(actor, "delivery.edit"):
        raise NotAllowed
    delivery = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
    if delivery is None:
        raise NotVisible
    if delivery.state not in states:
        raise RecordMoved(f"这条消息现为“{delivery.get_state_display()}”，不能这样办理，请刷新。")
    return delivery
