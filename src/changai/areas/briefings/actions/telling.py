"""Who is told of a paper that has been issued."""

from datetime import datetime

from django.urls import reverse

from changai.areas.briefings.models import Briefing
from changai.foundation.actors import Role
from changai.foundation.matrix import scope_of
from changai.foundation.notices.outbox import notify


def tell_readers(briefing: Briefing, sentence: str, *, at: datetime) -> None:
    """Tell the units a paper is sent to and those that signed for it, or everybody who reads papers open to all."""
    link = reverse("briefings:briefing", args=[briefing.pk])
    if briefing.paper_kind.reaches == "addressees":
        sent = set(briefing.addressees.values_list("pk", flat=True))
        signed = set(briefing.receipts.values_list("unit_id", flat=True))
        for unit_id in sorted(sent | signed):
            notify(sentence, at=at, unit_id=unit_id, link=link)
        return
    for role in Role:
        if role is not Role.MACHINE and scope_of(role, "briefing.view"):
            notify(sentence, at=at, role=role, link=link)
