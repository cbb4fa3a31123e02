"""Two people at one draft of the indicator system, at the same moment, on PostgreSQL."""

from fractions import Fraction

import pytest

from changai.areas.accounts.tests.make import MOMENT, actor_for, make_unit
from changai.areas.organisations.models import Level
from changai.areas.schemes.actions import (
    Indicator,
    add_comment,
    circulate_draft,
    close_consultation,
    decide_comment,
    issue_scheme,
    send_answer,
    write_indicator,
)
from changai.areas.schemes.models import Answer, Comment, SchemeVersion
from changai.areas.schemes.queries import scheme_of
from changai.areas.schemes.rules.marks import mark_of
from changai.areas.schemes.rules.tree import node_at
from changai.areas.schemes.tests.make import make_dictionary, make_draft
from changai.core.errors import RecordMoved
from changai.foundation.actors import Actor, Role
from tests.resilience.test_races import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def people() -> tuple[Actor, Actor, Actor]:
    city = make_unit("市", level=Level.CITY)
    office = make_unit("办公室", parent=city)
    liaison = actor_for(Role.UNIT_LIAISON, make_unit("甲单位", parent=city))
    return actor_for(Role.OFFICE_OFFICER, office), actor_for(Role.OFFICE_HEAD, office), liaison


def entry(points: int, name: str) -> Indicator:
    return Indicator(Fraction(points), {"name": name}, "由考核组核定")


def test_of_two_at_one_indicator_one_is_told_and_at_two_indicators_nobody_loses() -> None:
    officer, head, _liaison = people()
    make_dictionary()
    draft = make_draft(officer)
    table = scheme_of(draft).tables["县区"]
    seen = {code: mark_of(node_at(table, code)) for code in ("1.1", "1.2", "2")}

    def write(actor: Actor, code: str, points: int) -> SchemeVersion:
        return write_indicator(
            actor, draft.pk, 0, code, entry(points, f"指标{code}"), seen=seen[code], at=MOMENT
        )

    same = at_once(lambda: write(officer, "1.1", 50), lambda: write(head, "1.1", 40))
    assert sum(isinstance(each, RecordMoved) for each in same) == 1
    apart = at_once(lambda: write(officer, "1.2", 31), lambda: write(head, "2", 9))
    assert not any(isinstance(each, RecordMoved) for each in apart)
    draft.refresh_from_db()
    after = scheme_of(draft).tables["县区"]
    assert [node_at(after, code).points for code in ("1.2", "2")] == [31, 9]
    assert draft.steps.count() == 3


def test_a_comment_is_decided_once_and_a_draft_is_issued_once() -> None:
    officer, head, liaison = people()
    make_dictionary()
    draft = make_draft(officer)
    assert liaison.unit_id
    due = MOMENT.date()
    sent = circulate_draft(officer, draft.pk, unit_ids=[liaison.unit_id], due_on=due, version=1, at=MOMENT)
    answer = Answer.objects.get(consultation=sent)
    add_comment(liaison, answer.pk, text="请调整分值", version=1, at=MOMENT)
    send_answer(liaison, answer.pk, has_no_comment=False, version=2, at=MOMENT)
    comment = Comment.objects.get()

    def decide(actor: Actor, decision: str) -> Comment:
        return decide_comment(actor, comment.pk, decision=decision, reason="见说明", version=1, at=MOMENT)

    decided = at_once(lambda: decide(officer, "adopted"), lambda: decide(head, "refused"))
    assert sum(isinstance(each, RecordMoved) for each in decided) == 1
    close_consultation(officer, sent.pk, version=1, at=MOMENT)
    issued = at_once(*[lambda: issue_scheme(head, draft.pk, version=1, at=MOMENT)] * 2)
    assert sum(isinstance(each, RecordMoved) for each in issued) == 1
    assert list(SchemeVersion.objects.values_list("status", "issue_number")) == [("issued", 1)]
