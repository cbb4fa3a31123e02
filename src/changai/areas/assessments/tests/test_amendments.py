"""更正登记: a fact corrected after publication makes another version beside what was published, nothing silent."""

import io
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import MOMENT, actor_for
from changai.areas.assessments import queries
from changai.areas.assessments.actions import (
    approve_amendment,
    propose_amendment,
    refuse_amendment,
    withdraw_amendment,
)
from changai.areas.assessments.models import Amendment, LeafScore, Round, Score
from changai.areas.assessments.tests.make import published
from changai.areas.organisations.models import Unit
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved
from changai.foundation.actors import Actor, Role
from changai.foundation.notices.models import Notice

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]
REASON, BASIS = "培训人次漏计一个班", "人社局更正函〔2026〕7号"
LATER = MOMENT + timedelta(days=3)


@pytest.fixture
def done(officer: Actor, office_head: Actor, opened: Round) -> Round:
    """丁县 has 96 points and the first place, 丙县 65 and the second."""
    return published(officer, office_head, opened)


def proposed(officer: Actor, round_: Round, unit: Unit, *, code: str = "1.1", **values: str) -> Amendment:
    return propose_amendment(
        officer, round_.pk, unit.pk, code, values=values or {"trained": "600"}, reason=REASON, basis=BASIS, at=LATER
    )  # fmt: skip


def test_a_fact_corrected_after_publication_stands_beside_what_was_published(
    done: Round, officer: Actor, office_head: Actor, county: Unit, rival: Unit
) -> None:
    before = Round.objects.values().get(pk=done.pk)
    scores = list(Score.objects.filter(round=done).values())
    made = proposed(officer, done, rival, trained="60")
    assert made.number is None
    assert queries.approved_amendments(done).count() == 0
    made = approve_amendment(office_head, made.pk, version=made.version, at=LATER)
    assert (made.status, made.number) == ("approved", 1)
    assert [(move["unit"], move["rank"]) for move in made.moves] == [
        (county.code, [2, 1]), (rival.code, [1, 2]),
    ]  # fmt: skip
    assert Round.objects.values().get(pk=done.pk) == before
    assert list(Score.objects.filter(round=done).values()) == scores
    assert made.result_digest != done.result_digest
    told = Notice.objects.filter(sentence__contains="公布后有更正").values_list("unit_id", flat=True)
    assert set(told) == {county.pk, rival.pk}
    lines = queries.amended_lines(done)
    assert (lines[rival.code].total, lines[rival.code].rank) == ("42.00", 2)
    assert lines[county.code].total == "65.00"


def test_both_versions_replay_identically_and_a_meddled_one_does_not(
    done: Round, officer: Actor, office_head: Actor, county: Unit, rival: Unit
) -> None:
    for unit, values in ((rival, {"trained": "60"}), (county, {"trained": "600"})):
        made = proposed(officer, done, unit, **values)
        approve_amendment(office_head, made.pk, version=made.version, at=LATER)
    assert queries.replay(done).is_identical
    replays = queries.replay_amendments(done)
    assert [(made.number, again.is_identical) for made, again in replays] == [(1, True), (2, True)]
    assert [number for number, _card in queries.archived_amendments(done)] == [1, 2]
    # The second builds upon the first: both figures are in force, whichever is looked at.
    values = {(row["unit"], row["field"]): row["value"] for row in queries.facts_in_force(done)}
    assert (values[rival.code, "trained"], values[county.code, "trained"]) == ("60", "600")
    corrections = Amendment.objects.get(number=1).corrections
    corrections[0]["after"]["value"] = "61"
    Amendment.objects.filter(number=1).update(corrections=corrections)
    assert [again.is_identical for _made, again in queries.replay_amendments(done)] == [False, False]
    assert queries.replay(done).is_identical


def test_what_is_asked_of_a_proposal(
    opened: Round, officer: Actor, office_head: Actor, county: Unit, city_unit: Unit
) -> None:
    with pytest.raises(RecordMoved, match="还没有公布"):
        proposed(officer, opened, county)
    done = published(officer, office_head, opened)
    values = {"values": {"trained": "600"}, "reason": REASON, "basis": BASIS, "at": LATER}
    wrong = (
        ({"reason": "错"}, "请写明理由"), ({"basis": " "}, "请写明更正依据"), ({"values": {}}, "没有改动"),
        ({"values": {"trained": "300"}}, "没有改动"), ({"values": {"trained": "很多"}}, "不符合评分规则"),
        ({"values": {"late": "0"}}, "只能更正这项指标采用的数据"),
    )  # fmt: skip
    for given, told in wrong:
        with pytest.raises(Invalid, match=told):
            propose_amendment(officer, done.pk, county.pk, "1.1", **values | given)
    with pytest.raises(NotVisible):
        propose_amendment(officer, done.pk, city_unit.pk, "1.1", **values)
    with pytest.raises(NotAllowed):
        propose_amendment(actor_for(Role.UNIT_HEAD, county), done.pk, county.pk, "1.1", **values)
    proposed(officer, done, county)
    with pytest.raises(RecordMoved, match="已提出更正这项指标"):
        proposed(officer, done, county, trained="599")


def test_who_decides_and_from_no_state_nobody_can_move(
    done: Round, officer: Actor, office_head: Actor, county: Unit, rival: Unit
) -> None:
    made = proposed(office_head, done, county)
    with pytest.raises(NotAllowed, match="不能批准自己提出的"):
        approve_amendment(office_head, made.pk, version=1, at=LATER)
    with pytest.raises(NotAllowed):
        approve_amendment(officer, made.pk, version=1, at=LATER)
    made = withdraw_amendment(office_head, made.pk, version=1, at=LATER)
    with pytest.raises(RecordMoved, match="已撤回"):
        refuse_amendment(office_head, made.pk, decision="查无依据", version=2, at=LATER)
    first, second = proposed(officer, done, county), proposed(officer, done, rival, trained="60")
    with pytest.raises(Invalid):
        refuse_amendment(office_head, first.pk, decision="", version=1, at=LATER)
    approve_amendment(office_head, first.pk, version=1, at=LATER)
    # Who would move by the second is another list since the first was approved.
    with pytest.raises(RecordMoved):
        approve_amendment(office_head, second.pk, version=1, at=LATER)
    second = refuse_amendment(office_head, second.pk, decision="查无依据", version=2, at=LATER)
    assert (second.status, second.number, second.moves) == ("refused", None, [])
    again = proposed(officer, done, rival, trained="60")
    Amendment.objects.filter(pk=first.pk).update(corrections=[*first.corrections, *again.corrections])
    with pytest.raises(Invalid, match="已是所提数值"):
        approve_amendment(office_head, again.pk, version=1, at=LATER)


def test_judged_points_are_corrected_the_same_way(
    done: Round, officer: Actor, office_head: Actor, county: Unit
) -> None:
    made = proposed(officer, done, county, code="2", typical="9")
    made = approve_amendment(office_head, made.pk, version=1, at=LATER)
    assert made.moves[0]["total"] == ["65.00", "68.00"]
    assert "9" in made.sentences["2"][0]


def test_the_office_proposes_and_the_head_decides_by_hand(
    done: Round, officer: Actor, office_head: Actor, county: Unit, signed_in: SignIn
) -> None:
    office, head, unit = (
        signed_in(officer), signed_in(office_head), signed_in(actor_for(Role.UNIT_HEAD, county)),
    )  # fmt: skip
    leaf = LeafScore.objects.get(score__round=done, score__unit=county, code="1.1")
    page = reverse("assessments:amend", args=[leaf.score_id, leaf.code])
    seen = reverse("assessments:leaf", args=[leaf.pk])
    register = reverse("assessments:amendments", args=[done.pk])
    assert page in office.get(seen).content.decode()
    assert page not in unit.get(seen).content.decode()
    assert unit.get(page).status_code == 403
    sent = {"v-trained": "600", "v-target": "600", "words": REASON, "basis": BASIS}
    assert office.get(page).status_code == 200
    assert office.post(page, sent | {"basis": ""}).status_code == 422
    assert office.post(page, sent | {"v-trained": "300"}).status_code == 422
    assert office.post(page, sent)["Location"] == register
    assert REASON not in unit.get(register).content.decode()
    assert "审批对丙县的更正" in head.get("/assessments/").content.decode()
    shown = head.get(register).content.decode()
    assert "将变动" in shown
    assert "95.00" in shown
    decide = reverse("assessments:decide_amendment", args=[Amendment.objects.get().pk])
    assert office.post(decide, {"move": "approve", "version": 1}).status_code == 403
    assert head.post(decide, {"move": "perhaps", "version": 1}).status_code == 422
    assert head.post(decide, {"move": "approve", "version": 1}).status_code == 303
    office.post(page, sent | {"v-trained": "599"})
    take_back = reverse("assessments:withdraw_amendment", args=[Amendment.objects.first().pk])
    assert office.post(take_back, {"version": 1}).status_code == 303


def test_every_unit_reads_of_corrections_what_concerns_it(
    done: Round, officer: Actor, office_head: Actor, county: Unit, rival: Unit, signed_in: SignIn
) -> None:
    approve_amendment(office_head, proposed(officer, done, county).pk, version=1, at=LATER)
    unit, other = (signed_in(actor_for(Role.UNIT_HEAD, each)) for each in (county, rival))

    def page(client: Client, name: str, pk: int) -> str:
        return client.get(reverse(f"assessments:{name}", args=[pk])).content.decode()

    own, others = (Score.objects.get(round=done, unit=each).pk for each in (county, rival))
    seen = page(unit, "score", own)
    assert "公布后有更正 1 处" in seen
    assert "95.00" in seen
    assert "本结果有更正 1 处" in page(unit, "round", done.pk)
    assert "第 1 次更正" in page(unit, "leaf", LeafScore.objects.get(score=own, code="1.1").pk)
    assert REASON in page(unit, "amendments", done.pk)
    assert "更正 1 处" not in page(other, "score", others)
    register = page(other, "amendments", done.pk)
    assert "不涉及本单位" in register
    assert REASON not in register
    assert "95.00" not in page(other, "round", done.pk)
    replay = page(signed_in(officer), "replay", done.pk)
    assert "重新计算一致" in replay
    Round.objects.filter(pk=done.pk).update(announced="full")
    assert "95.00" in page(other, "round", done.pk)


def test_the_converted_file_has_both_lines(
    done: Round, officer: Actor, office_head: Actor, county: Unit, signed_in: SignIn
) -> None:
    made = proposed(officer, done, county)
    approve_amendment(office_head, made.pk, version=1, at=LATER)
    answer = signed_in(officer).get(reverse("assessments:conversion", args=[done.pk]), {"full": "10"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = {row[0].value: [cell.value for cell in row] for row in sheet.iter_rows()}
    assert (rows["丙县"][1:3], rows["丙县"][6:9]) == ([65, 6.5], [95, 9.5, 2])
    assert rows["丁县"][6] in {None, ""}
