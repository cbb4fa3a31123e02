import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import MOMENT
from changai.areas.portal import queries
from changai.areas.portal.actions import TooMany, answer_suggestion, make_suggestion
from changai.areas.portal.jobs import forget
from changai.areas.portal.models import Suggestion
from changai.areas.portal.rules import FROM_ONE_ADDRESS, folded_number, new_number, origin_of
from changai.core.errors import Invalid, NotVisible, RecordMoved
from changai.foundation.actors import Actor, Role, visitor
from changai.foundation.audit.models import AuditEvent
from changai.foundation.notices.outbox import notices_for

SignIn = Callable[[Actor], Client]
TEXT = "月报与季报的数据重复，建议合并。"


def make(text: str = TEXT, *, address: str = "192.0.2.7", at=MOMENT) -> Suggestion:
    return make_suggestion(visitor(""), text=text, contact="", address=address, at=at)


def test_nobody_learns_who_wrote(db: None) -> None:
    made = make()
    told = repr(AuditEvent.objects.values().get()) + repr(Suggestion.objects.values().get())
    assert "192.0.2.7" not in told
    assert len(made.origin) == 64
    forget(MOMENT + timedelta(days=2))
    assert Suggestion.objects.get().origin == ""


def test_one_address_cannot_flood_the_box(db: None) -> None:
    for _ in range(FROM_ONE_ADDRESS):
        make()
    with pytest.raises(TooMany):
        make()
    make(address="192.0.2.8")
    make(at=MOMENT + timedelta(hours=2))
    assert Suggestion.objects.count() == FROM_ONE_ADDRESS + 2


@pytest.mark.parametrize("text", ["", "  好 ", "字" * 2001])
def test_a_text_too_short_or_long_is_refused(db: None, text: str) -> None:
    with pytest.raises(Invalid):
        make(text)


def test_the_office_answers_once_at_a_time(officer: Actor, liaison: Actor) -> None:
    made = make()
    assert "意见建议" in notices_for(officer).get().sentence
    with pytest.raises(NotVisible):
        answer_suggestion(liaison, made.pk, version=1, answer="x", at=MOMENT)
    answer_suggestion(officer, made.pk, version=1, answer="已合并。", at=MOMENT)
    with pytest.raises(RecordMoved):
        answer_suggestion(officer, made.pk, version=1, answer="不合并。", at=MOMENT)
    with pytest.raises(Invalid):
        answer_suggestion(officer, made.pk, version=2, answer=" ", at=MOMENT)
    assert queries.counts() == {"received": 1, "answered": 1}
    assert not queries.unanswered().exists()


def test_numbers_are_found_however_they_are_typed() -> None:
    number = new_number()
    assert folded_number(f" {number.lower().replace('-', ' ')} ") == number
    assert origin_of(b"k", "a", date(2026, 1, 1)) != origin_of(b"k", "a", date(2026, 1, 2))


def test_anybody_suggests_and_reads_the_answer_by_number(
    officer: Actor, signed_in: SignIn, visitor: Client
) -> None:
    order = {"text": TEXT, "contact": "", "once": "k1"}
    for _ in range(2):
        answer = visitor.post(reverse("portal:box"), order, follow=True)
    number = re.findall(r"<code>([^<]+)</code>", answer.content.decode())[0]
    assert Suggestion.objects.count() == 1

    office = signed_in(officer)
    assert TEXT in office.get(reverse("portal:suggestions"), {"state": "waiting"}).content.decode()
    page = reverse("portal:suggestion", args=[Suggestion.objects.get().pk])
    assert office.post(page, {"version": 1, "answer": "下月起合并。"}).status_code == 303
    assert office.post(page, {"version": 1, "answer": "另一说法。"}).status_code == 409

    stranger = Client()
    assert "下月起合并" in stranger.get(reverse("portal:answer"), {"number": number}).content.decode()
    assert "没有查到" in stranger.get(reverse("portal:answer"), {"number": "AAAA"}).content.decode()
    assert number not in stranger.get(reverse("portal:received")).content.decode()


def test_a_text_that_is_not_taken_stays_in_the_form(visitor: Client, db: None) -> None:
    answer = visitor.post(reverse("portal:box"), {"text": "短", "contact": "13800000000"})
    assert (answer.status_code, "13800000000" in answer.content.decode()) == (422, True)
    for _ in range(FROM_ONE_ADDRESS):
        visitor.post(reverse("portal:box"), {"text": TEXT})
    answer = visitor.post(reverse("portal:box"), {"text": TEXT})
    assert (answer.status_code, TEXT in answer.content.decode()) == (429, True)


def test_only_the_office_opens_the_list(everybody: dict[Role, Actor], signed_in: SignIn) -> None:
    for role, actor in everybody.items():
        expected = 200 if role in {Role.OFFICE_OFFICER, Role.OFFICE_HEAD} else 404
        assert signed_in(actor).get(reverse("portal:suggestions")).status_code == expected
