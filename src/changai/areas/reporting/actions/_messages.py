"""The day's digests as messages that leave the house, on the channels that are switched on and chosen. Not actions."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from changai.areas.reporting.rules.reminding import Digest, ReminderPlan
from changai.core.workdays import WorkCalendar
from changai.foundation.notices.deliveries import Message
from changai.integrations.delivery.channels import channels_on

_UNITS_NAMED = 60


def messages_of(
    digests: Sequence[tuple[Any, Digest]], plan: ReminderPlan, *, today: date, calendar: WorkCalendar
) -> Iterator[Message]:
    """Yield one message a person and chosen channel, and one for the chat group when there is a robot."""
    channels = channels_on()
    hours = plan.send_from, plan.send_until
    for person, digest in digests:
        count = len(digest.own) + len(digest.below)
        subject = f"产改通：{count} 份月报待报"
        text = "\n".join(
            [f"{person.name}：", *digest.lines(today, calendar), _remark(digest, calendar)]
        ).strip()
        key, link = f"reminder:{today}:{person.pk}", link_of(digest)
        if channels.email and person.wants_email and person.email:
            yield Message(f"{key}:email", "email", person.email, subject, text, link, person.pk, hours)
        if channels.message_person and person.wants_message:
            yield Message(f"{key}:message", "webhook", person.login, subject, text, link, person.pk, hours)
    if channels.message_group and digests:
        yield Message(
            f"reminder:{today}:group",
            "webhook",
            "工作群",
            "产改通：月报提醒",
            _group_text(digests),
            "/reports/",
            hours=hours,
        )


def link_of(digest: Digest) -> str:
    """Return the page to open: the sheet when only one is owed, else the list."""
    only = digest.own[0].address if len(digest.own) == 1 and not digest.below else ""
    return only or reverse("reporting:reports" if digest.own else "reporting:board")


def _remark(digest: Digest, calendar: WorkCalendar) -> str:
    return calendar.note(*(item.due_on for item in (*digest.own, *digest.below)))


def _group_text(digests: Sequence[tuple[Any, Digest]]) -> str:
    """Return the message to the group: which units still owe, and which still mend, without names of people."""
    owed = {item.obligation_id: item for _person, digest in digests for item in (*digest.own, *digest.below)}
    told = []
    for kind, words in (("report", "尚未报送"), ("return", "尚未补正")):
        items = [item for item in owed.values() if item.kind == kind]
        units = list(dict.fromkeys(item.unit_name for item in items))
        if units:
            shown = "、".join(units[:_UNITS_NAMED]) + ("等" if len(units) > _UNITS_NAMED else "")
            told.append(f"{len(units)} 个单位{words}（{len(items)} 份）：{shown}")
    return f"月报提醒：{'；'.join(told)}。"
