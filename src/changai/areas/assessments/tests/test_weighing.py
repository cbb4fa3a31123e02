"""专家评权: who is asked, open pairs, contradictions told to their author alone, advice that writes no points."""

from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.accounts.tests.make import MOMENT, actor_for
from changai.areas.assessments import actions, queries
from changai.areas.assessments.models import Expert, PairJudgement, Weighing
from changai.areas.assessments.rules import contradictions, dispersion_words, ratio_of
from changai.areas.assessments.tests.test_objection_pages import Browser, press
from changai.areas.organisations.models import Unit
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.tests.make import LATE, RATE, REVIEWED, make_dictionary, make_draft
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved
from changai.foundation.actors import Actor, Role

DUE = MOMENT.date() + timedelta(days=7)
CODES = ("1", "2", "3")
NAMES = {"1": "完成率", "2": "及时性", "3": "典型经验"}


@given(st.lists(st.integers(min_value=1, max_value=2), min_size=3, max_size=3))
def test_judgements_made_of_weights_contradict_nothing(weights: list[int]) -> None:
    given = {}
    for first, second in (("1", "2"), ("1", "3"), ("2", "3")):
        ratio = weights[int(first) - 1] / weights[int(second) - 1]
        given[first, second] = round(ratio - 1) if ratio >= 1 else round(1 - 1 / ratio)
    assert contradictions(CODES, NAMES, given) == []


def test_a_circle_is_told_in_words() -> None:
    (told,) = contradictions(CODES, NAMES, {("1", "2"): 2, ("2", "3"): 1, ("1", "3"): -2})
    assert told == (
        "您判断“完成率”的重要程度是“及时性”的 3 倍，“及时性”是“典型经验”的 2 倍；"
        "照此“完成率”应是“典型经验”的 6 倍，而您判断为 1/3，请核对这三项。"
    )
    assert contradictions(CODES, NAMES, {("1", "2"): 2, ("2", "3"): 1}) == []


def test_how_far_experts_lie_apart_is_said_in_words() -> None:
    names = ["完成率", "及时性", "典型经验"]

    def words(*dispersions: float, used: int = 3, inconsistent: int = 0) -> str:
        return "".join(dispersion_words(names, dispersions, used=used, inconsistent=inconsistent))

    assert words(1, 1.05, 1.1) == "专家看法相近。"
    assert words(1, 1.2, 1.1) == "专家看法大体一致，略有出入。"
    assert words(1.3, 1.2, 1.5) == "对“典型经验”、“完成率”的看法相差较大，分值请集体研究确定。"
    assert words(1, 1, 1, used=1, inconsistent=1) == (
        "只有 1 名专家的判断，看不出意见是否一致。1 名专家的判断前后不够一致，已提示本人核对。"
    )


def test_the_scale_is_reciprocal() -> None:
    assert all(ratio_of(steps) * ratio_of(-steps) == 1 for steps in range(9))


@pytest.fixture
def draft(db: None, officer: Actor) -> SchemeVersion:
    make_dictionary()
    nodes = [
        {"code": "1", "name": "完成率", "points": "60", "rule": RATE},
        {"code": "2", "name": "及时性", "points": "30", "rule": LATE},
        {"code": "3", "name": "典型经验", "points": "10", "rule": REVIEWED},
    ]
    return make_draft(officer, tables=[{"category": "县区", "nodes": nodes}])


@pytest.fixture
def experts(unit_a: Unit, unit_b: Unit) -> list[Actor]:
    return [actor_for(Role.UNIT_HEAD, unit_a), actor_for(Role.UNIT_LIAISON, unit_b)]


@pytest.fixture
def weighing(officer: Actor, draft: SchemeVersion, experts: list[Actor]) -> Weighing:
    return actions.open_weighing(
        officer,
        draft.pk,
        category="县区",
        person_ids=[one.person_id or 0 for one in experts],
        due_on=DUE,
        at=MOMENT,
    )


def judge(actor: Actor, weighing: Weighing, version: int = 1, **pairs: int | None) -> Expert:
    """Judge pairs written a1b2 for 1 against 2."""
    given = {(name[1], name[3]): steps for name, steps in pairs.items()}
    return actions.judge_pairs(actor, weighing.pk, given=given, version=version, at=MOMENT)


def test_who_is_asked_and_who_is_not(
    officer: Actor, draft: SchemeVersion, weighing: Weighing, liaison: Actor
) -> None:
    with pytest.raises(NotAllowed):
        judge(liaison, weighing, a1b2=1)
    with pytest.raises(NotVisible):
        queries.weighing_for(liaison, weighing.pk)
    with pytest.raises(Invalid, match="至少指定一名"):
        actions.open_weighing(officer, draft.pk, category="县区", person_ids=[], due_on=DUE, at=MOMENT)
    ids = list(weighing.experts.values_list("person_id", flat=True))
    past = DUE - timedelta(days=30)
    with pytest.raises(Invalid, match="已过"):
        actions.open_weighing(officer, draft.pk, category="县区", person_ids=ids, due_on=past, at=MOMENT)


def test_points_are_advised_and_never_written(
    weighing: Weighing, experts: list[Actor], draft: SchemeVersion
) -> None:
    """Both say 6 : 3 : 1 as far as whole marks go; the draft keeps its points."""
    before = draft.content
    for expert in experts:
        row = judge(expert, weighing, a1b2=1, a1b3=5, a2b3=2)
        actions.hand_in_pairs(expert, weighing.pk, version=row.version, at=MOMENT)
    (result,) = queries.group_results(weighing)
    assert sum(row.advised for row in result.rows) == 100
    assert [str(row.advised) for row in result.rows] == ["60", "30", "10"]
    assert (result.used, result.asked, result.inconsistent) == (2, 2, 0)
    assert [row.dispersion for row in result.rows] == pytest.approx([1, 1, 1])
    assert result.agreement == pytest.approx(1)
    assert [place for _row, place in result.lines] == ["", "", ""]
    for expert in experts:
        row = judge(expert, weighing, version=3, a1b2=0, a1b3=0, a2b3=0)
        actions.hand_in_pairs(expert, weighing.pk, version=row.version, at=MOMENT)
    (level,) = queries.group_results(weighing)
    assert [place for _row, place in level.lines] == ["above", "below", "below"]
    draft.refresh_from_db()
    assert draft.content == before


def test_open_pairs_are_completed_and_loose_ones_are_not_used(
    weighing: Weighing, experts: list[Actor]
) -> None:
    row = judge(experts[0], weighing, a1b2=1, a2b3=2)
    actions.hand_in_pairs(experts[0], weighing.pk, version=row.version, at=MOMENT)
    row = judge(experts[1], weighing, a1b2=8)
    actions.hand_in_pairs(experts[1], weighing.pk, version=row.version, at=MOMENT)
    (result,) = queries.group_results(weighing)
    assert (result.used, result.asked) == (1, 2)
    assert [str(row.advised) for row in result.rows] == ["60", "30", "10"]


def test_bad_judgements_are_refused(weighing: Weighing, experts: list[Actor]) -> None:
    with pytest.raises(Invalid, match="不在本次评判"):
        judge(experts[0], weighing, a2b1=1)
    with pytest.raises(Invalid, match="1 至 9"):
        judge(experts[0], weighing, a1b2=9)
    with pytest.raises(Invalid, match="还没有"):
        actions.hand_in_pairs(experts[0], weighing.pk, version=1, at=MOMENT)
    judge(experts[0], weighing, a1b2=1)
    with pytest.raises(RecordMoved):
        judge(experts[0], weighing, a1b2=2)
    judge(experts[0], weighing, version=2, a1b2=None)
    assert not PairJudgement.objects.exists()


def test_the_pages(
    weighing: Weighing, experts: list[Actor], officer: Actor, draft: SchemeVersion, signed_in: Browser
) -> None:
    first, office = signed_in(experts[0]), signed_in(officer)
    assert "专家评权：" in first.get(reverse("assessments:index")).content.decode()
    address = reverse("assessments:pairs", args=[weighing.pk])
    assert "哪个更重要" in first.get(address).content.decode()
    circle = {"pair-1|2": "4", "pair-2|3": "4", "pair-1|3": "-4"}
    press(first, "pairs", weighing.pk, version=1, move="hand_in", **circle)
    assert "前后不够一致" in first.get(address).content.decode()
    assert signed_in(experts[1]).get(address).content.decode().count("前后不够一致") == 0
    shown = office.get(reverse("assessments:weighing", args=[weighing.pk])).content.decode()
    assert "1 名专家的判断前后不够一致" in shown
    assert office.get(reverse("assessments:weighings")).status_code == 200
    form = {"table": f"{draft.pk}:县区", "people": [str(experts[1].person_id)], "due_on": "2027-01-05"}
    press(office, "open_weighing", **form)
    assert Weighing.objects.count() == 2
    press(office, "close_weighing", weighing.pk, version=1, reason="完成率采用 60 分，其余不变")
    press(first, "pairs", weighing.pk, status=409, version=3, **circle)
    assert "采用 60 分" in office.get(reverse("assessments:weighing", args=[weighing.pk])).content.decode()
