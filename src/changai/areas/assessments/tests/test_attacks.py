"""What people try, or what happens, against a round: each meets its exact sentence, and nothing moves."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import MOMENT, actor_for
from changai.areas.assessments import actions, queries
from changai.areas.assessments.models import Amendment, Objection, Round, Score
from changai.areas.assessments.tests.make import (
    OCTOBER,
    UNREVIEWED,
    judge_all,
    make_round,
    published_in_full,
    report,
    scored,
)
from changai.areas.facts.models import Field
from changai.areas.organisations.models import Unit
from changai.areas.schemes.actions import Named, issue_scheme, start_scheme, weigh_indicators
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.tests.make import make_dictionary, make_issued, scheme_dict
from changai.core.errors import Invalid, NotAllowed, RecordMoved
from changai.foundation.actors import Actor, Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]
GROUNDS = "我县十月另有一期培训班已结业，花名册附后"
NO = "经核对，该期培训班在考核时段之外结业"


@pytest.fixture
def full(officer: Actor, issued: SchemeVersion, county: Unit, rival: Unit) -> Round:
    report(officer, county, OCTOBER, trained=200, target=600, late=1)
    report(officer, rival, OCTOBER, trained=300, target=600, late=0)
    return make_round(officer, issued, course="full")


def asked(officer: Actor, round_: Round) -> Round:
    round_ = actions.freeze_round(officer, round_.pk, version=round_.version, at=MOMENT)
    judge_all(officer, round_)
    round_ = scored(officer, round_)
    return actions.ask_units(officer, round_.pk, version=round_.version, at=MOMENT, reason=UNREVIEWED)


def test_a_scheme_changed_while_a_round_runs(
    officer: Actor, office_head: Actor, full: Round, issued: SchemeVersion, signed_in: SignIn
) -> None:
    with pytest.raises(RecordMoved) as refused:
        weigh_indicators(officer, issued.pk, 0, {"2": Fraction(20)}, version=issued.version, at=MOMENT)
    assert refused.value.sentence == "这一版已印发，不能再修改。如需调整，请以它为底稿新建一版。"
    newer = start_scheme(officer, Named(issued.name, issued.year, "2.0"), copied=issued.pk, at=MOMENT)
    page = reverse("assessments:round", args=[full.pk])
    office = signed_in(officer)
    assert "已有新版本" not in office.get(page).content.decode()
    issue_scheme(office_head, newer.pk, version=newer.version, at=MOMENT)
    shown = office.get(page).content.decode()
    assert "这次考核所用的 1.0 版指标体系已有新版本印发；本次考核仍按开启时的版本计分，不受影响。" in shown


def test_a_fact_corrected_after_publication(
    officer: Actor, office_head: Actor, full: Round, county: Unit, signed_in: SignIn
) -> None:
    round_ = published_in_full(officer, office_head, full)
    sent = {"version": round_.version, "words": "录入错误", "trained": "600"}
    answer = signed_in(officer).post(reverse("assessments:correct", args=[round_.pk, county.pk, "1.1"]), sent)
    assert answer.status_code == 409
    assert "考核结果已公布，冻结数据不能再改。" in answer.content.decode()
    before = round_.result_digest
    round_.refresh_from_db()
    assert (round_.result_digest, round_.facts_version) == (before, 1)


def test_a_reviewer_of_the_challenged_unit(
    officer: Actor, office_head: Actor, full: Round, county: Unit
) -> None:
    round_ = asked(officer, full)
    insider, inside = actor_for(Role.UNIT_LIAISON, county), actor_for(Role.UNIT_HEAD, county)
    raised = actions.raise_objection(insider, round_.pk, "1.1", grounds=GROUNDS, at=MOMENT)
    answered = actions.reply_to_objection(
        officer, raised.pk, reply=NO, values={}, version=raised.version, at=MOMENT
    )
    asking = actions.ask_review(insider, raised.pk, grounds=GROUNDS, version=answered.version, at=MOMENT)
    with pytest.raises(Invalid) as refused:
        actions.name_reviewer(
            office_head, raised.pk, person_id=inside.person_id or 0, version=asking.version, at=MOMENT
        )
    assert refused.value.sentence == "该人员与这件申诉有利害关系或没有复核权限，请另选复核人。"
    # Somebody moved to the unit after being named is barred all the same.
    Objection.objects.filter(pk=raised.pk).update(reviewer=inside.person_id, reviewer_name=inside.name)
    with pytest.raises(NotAllowed) as barred:
        actions.review_objection(
            inside, raised.pk, review=NO, values={"trained": "600"}, version=asking.version, at=MOMENT
        )
    assert barred.value.sentence == "申诉单位的人员不能复核本单位的申诉，请由其他人员复核。"
    round_.refresh_from_db()
    assert round_.facts_version == 1


def test_an_objection_a_millisecond_after_the_last_day_by_the_servers_clock(
    officer: Actor, full: Round, county: Unit, rival: Unit
) -> None:
    """Shanghai is eight hours ahead: its day ends at 16:00 UTC. What a browser's clock says is never asked."""
    round_ = asked(officer, full)
    assert round_.confirm_until == date(2026, 11, 9)
    end = datetime(2026, 11, 9, 16, tzinfo=MOMENT.tzinfo)
    for unit, at, is_in_time in (
        (county, end - timedelta(milliseconds=1), True),
        (rival, end, False),
        (rival, end + timedelta(milliseconds=1), False),
    ):
        insider = actor_for(Role.UNIT_LIAISON, unit)
        if is_in_time:
            actions.raise_objection(insider, round_.pk, "1.1", grounds=GROUNDS, at=at)
            continue
        for act, order in (
            (actions.raise_objection, {"grounds": GROUNDS, "code": "1.1"}),
            (actions.confirm_facts, {}),
        ):
            with pytest.raises(RecordMoved) as refused:
                act(insider, round_.pk, at=at, **order)
            assert refused.value.sentence == (
                "事实确认已于 2026年11月9日截止，逾期提出的申诉不再受理；"
                "确有新的证据，请在公示期内书面向办公室反映。"
            )
    assert Objection.objects.count() == 1


def test_a_tie_at_the_edge_of_the_places(
    officer: Actor, office_head: Actor, issued: SchemeVersion, county: Unit, rival: Unit
) -> None:
    for unit in (county, rival):
        report(officer, unit, OCTOBER, trained=300, target=600, late=0)
    round_ = published_in_full(officer, office_head, make_round(officer, issued, course="full"))
    assert set(Score.objects.filter(round=round_).values_list("rank", flat=True)) == {1}
    first = queries.first_units(round_, 1)
    assert first.chosen == ()
    (told,) = first.sentences
    assert told == (
        "丙县、丁县并列第 1 名，名额只余 1 个，并列的一并不列入；"
        "确需列入的，请调整名额或经集体研究确定，并写明依据。"
    )
    assert set(queries.first_units(round_, 2).chosen) == {"丙县", "丁县"}


EFFECTS = ["zero", "exclude_from_rank", "factor", "grade_ceiling"]


def vetoed_round(
    effect: str, officer: Actor, office_head: Actor, county: Unit, rival: Unit, **given: object
) -> Round:
    """Return a round of the full course whose best unit, `rival`, a veto strikes."""
    make_dictionary()
    Field.objects.create(
        code="wages", name="发生重大欠薪事件", unit_of_measure="是/否", definition="测试口径。",
        source=Field.Source.OFFICE, gathering=Field.Gathering.LAST, valid_from=date(2020, 1, 1),
    )  # fmt: skip
    tables = deepcopy(scheme_dict()["tables"])
    more = {"factor": {"factor": "0.5"}, "grade_ceiling": {"ceiling": "合格"}}.get(effect, {})
    tables[0]["veto"] = [{"code": "V1", "name": "重大欠薪事件", "when": "wages", "effect": effect} | more]
    tables[0] |= given
    issued = make_issued(officer, office_head, tables=tables)
    report(officer, county, OCTOBER, trained=300, target=600, late=1, wages=0)
    report(officer, rival, OCTOBER, trained=600, target=600, late=0, wages=1)
    return make_round(officer, issued, course="full")


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_veto_on_the_best_unit(
    effect: str, officer: Actor, office_head: Actor, county: Unit, rival: Unit
) -> None:
    round_ = published_in_full(
        officer, office_head, vetoed_round(effect, officer, office_head, county, rival)
    )
    first = queries.first_units(round_, 1)
    assert first.chosen == ("丙县",)
    assert first.sentences == ("丁县按得分应列第 1 名，因一票否决（重大欠薪事件）不列入，名额由后一名递补。",)
    assert queries.replays_identically(round_)


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_struck_unit_objects_and_has_its_place_back(
    effect: str, officer: Actor, office_head: Actor, county: Unit, rival: Unit, signed_in: SignIn
) -> None:
    round_ = asked(officer, vetoed_round(effect, officer, office_head, county, rival))
    insider, own = actor_for(Role.UNIT_LIAISON, rival), Score.objects.get(round=round_, unit=rival)
    way = reverse("assessments:object", args=[round_.pk])
    page = signed_in(insider).get(reverse("assessments:score", args=[own.pk])).content.decode()
    assert f"{way}?code=V1" in page
    assert '<option value="V1">V1 重大欠薪事件</option>' in signed_in(insider).get(way).content.decode()
    with pytest.raises(Invalid, match="请选择要申诉的指标"):  # the veto did not strike this one
        actions.raise_objection(
            actor_for(Role.UNIT_LIAISON, county), round_.pk, "V1", grounds=GROUNDS, at=MOMENT
        )
    raised = actions.raise_objection(insider, round_.pk, "V1", grounds=GROUNDS, at=MOMENT)
    shown = signed_in(officer).get(reverse("assessments:objection", args=[raised.pk])).content.decode()
    assert "已触发一票否决" in shown
    assert "发生重大欠薪事件" in shown
    answered = actions.reply_to_objection(
        officer, raised.pk, reply=NO, values={"wages": "0"}, version=raised.version, at=MOMENT
    )
    assert (answered.name, answered.get_status_display()) == ("重大欠薪事件", "已答复，待单位确认")
    done = actions.accept_reply(insider, raised.pk, version=answered.version, at=MOMENT)
    assert done.get_status_display() == "申诉成立，已更正"
    back = Score.objects.get(round=round_, unit=rival)
    assert (back.rank, back.veto_hundredths, back.grade) == (1, 0, "优秀")
    shown = signed_in(insider).get(reverse("assessments:objection", args=[raised.pk])).content.decode()
    assert "没有触发一票否决" in shown


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_struck_unit_has_its_place_back_by_the_register(
    effect: str, officer: Actor, office_head: Actor, county: Unit, rival: Unit, signed_in: SignIn
) -> None:
    round_ = published_in_full(
        officer, office_head, vetoed_round(effect, officer, office_head, county, rival)
    )
    score = Score.objects.get(round=round_, unit=rival)
    page = reverse("assessments:amend", args=[score.pk, "V1"])
    office = signed_in(officer)
    assert page in office.get(reverse("assessments:score", args=[score.pk])).content.decode()
    sent = {"v-wages": "0", "words": "经核查欠薪不属该县", "basis": "人社部门核查通报"}
    assert office.post(page, sent).status_code == 303
    made = Amendment.objects.get(round=round_)
    assert (made.code, made.name) == ("V1", "重大欠薪事件")
    actions.approve_amendment(office_head, made.pk, version=made.version, at=MOMENT + timedelta(days=60))
    assert queries.amended_lines(round_)[rival.code].rank == 1
    assert queries.first_units(round_, 1).chosen == ("丙县",)  # what is published stays
    assert all(found.is_identical for _made, found in queries.replay_amendments(round_))


def test_bonus_and_veto_are_reviewed_corrected_and_named(
    officer: Actor, office_head: Actor, county: Unit, rival: Unit, unit_a: Unit, signed_in: SignIn
) -> None:
    extra = {"code": "B1", "name": "加分事项", "cap": "5", "data_owner": "甲局"} | {
        "rule": {"rule": "Imported", "field": "late"}
    }
    round_ = vetoed_round("zero", officer, office_head, county, rival, bonus=[extra])
    owner = actor_for(Role.UNIT_LIAISON, unit_a)
    round_ = actions.freeze_round(officer, round_.pk, version=round_.version, at=MOMENT)
    assert "B1" in [row.code for row in queries.owned_by(owner, round_)]
    review = reverse("assessments:review_figures", args=[round_.pk])
    shown = signed_in(owner).get(review, {"item": "B1"}).content.decode()
    assert "<strong>B1 加分事项</strong>" in shown
    shown = signed_in(officer).get(review, {"item": "V1"}).content.decode()
    assert "<strong>V1 重大欠薪事件</strong>" in shown
    assert "发生重大欠薪事件 <strong>是</strong>" in shown
    doubt = actions.Verdict(rival.pk, is_confirmed=False, reason="与人社部门通报不符")
    actions.review_figures(officer, round_.pk, "V1", verdicts=[doubt], at=MOMENT)
    for code in ("B1", "V1"):
        correct = reverse("assessments:correct", args=[round_.pk, rival.pk, code])
        assert signed_in(officer).get(correct).status_code == 200
    round_.refresh_from_db()
    actions.correct_figures(
        officer, round_.pk, rival.pk, values={"wages": "0"}, reason="经核对通报更正", version=round_.version, at=MOMENT,
    )  # fmt: skip
    assert not queries.open_doubts(round_)  # correcting the veto's figure settles the doubt about it


def test_no_unit_asks_to_be_exempt_from_a_veto(
    officer: Actor, office_head: Actor, county: Unit, rival: Unit
) -> None:
    round_ = vetoed_round("zero", officer, office_head, county, rival)
    insider = actor_for(Role.UNIT_LIAISON, rival)
    with pytest.raises(Invalid, match="请选择申请不适用的指标"):
        actions.ask_exemption(insider, round_.pk, "V1", reason=GROUNDS, at=MOMENT)
