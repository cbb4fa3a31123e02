"""Pages of assessments as the cast meets them."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import actor_for
from changai.areas.assessments.models import LeafScore, ReviewedPoints, Round, Score
from changai.areas.assessments.tests.make import (
    OCTOBER,
    REASON,
    give,
    judge_all,
    make_county,
    published,
    report,
    scored,
)  # fmt: skip
from changai.areas.organisations.models import Unit
from changai.areas.schemes.models import SchemeVersion
from changai.foundation.actors import Actor, Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]


def address(name: str, *arguments: int) -> str:
    return reverse(f"assessments:{name}", args=arguments)


def row(
    unit: Unit, points: str, reason: str = REASON, *, shown: tuple[str, str] = ("", ""), version: int = 0
) -> dict[str, object]:
    key = unit.pk
    return {
        f"points-{key}": points, f"reason-{key}": reason, f"version-{key}": version,
        f"shown-points-{key}": shown[0], f"shown-reason-{key}": shown[1],
    }  # fmt: skip


@pytest.fixture
def county_liaison(county: Unit) -> Actor:
    return actor_for(Role.UNIT_LIAISON, county)


def test_the_office_opens_judges_scores_and_the_head_publishes(
    signed_in: SignIn, officer: Actor, office_head: Actor, issued: SchemeVersion, county: Unit, rival: Unit,
    county_liaison: Actor,
) -> None:  # fmt: skip
    office, head, unit = signed_in(officer), signed_in(office_head), signed_in(county_liaison)
    report(officer, county, OCTOBER, trained=300, target=600, late=1)
    report(officer, rival, OCTOBER, trained=600, target=600, late=0)
    sent = {"table": f"{issued.pk}:县区", "first": "2026-10", "last": "2026-10", "name": ""}
    answer = office.post(address("open"), sent)
    round_ = Round.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, address("round", round_.pk))
    assert "尚未计分" in office.get(address("round", round_.pk)).content.decode()
    assert office.post(address("judge", round_.pk), row(county, "6") | row(rival, "8.5")).status_code == 303
    round_.refresh_from_db()
    assert office.post(address("score_round", round_.pk), {"version": round_.version}).status_code == 303
    page = head.get(address("round", round_.pk)).content.decode()
    assert "publish-round" in page
    assert "98.50" in page
    assert "publish-round" not in office.get(address("round", round_.pk)).content.decode()
    round_.refresh_from_db()
    assert unit.get(address("round", round_.pk)).status_code == 404
    assert office.post(address("publish", round_.pk), {"version": round_.version}).status_code == 403
    assert head.post(address("publish", round_.pk), {"version": round_.version - 1}).status_code == 409
    assert head.post(address("publish", round_.pk), {"version": round_.version}).status_code == 303
    mine = Score.objects.get(unit=county)
    page = unit.get(address("score", mine.pk)).content.decode()
    assert "65.00" in page
    assert LeafScore.objects.get(score=mine, code="1.1").sentence in page
    page = unit.get(address("round", round_.pk)).content.decode()
    assert "丁县" not in page
    assert "丙县" in page
    assert unit.get(address("score", Score.objects.get(unit=rival).pk)).status_code == 404


def test_a_round_without_input_is_refused_beside_the_form(
    signed_in: SignIn, officer: Actor, issued: SchemeVersion, county: Unit
) -> None:
    office = signed_in(officer)
    assert office.get(address("open")).status_code == 200
    for changed in ({"first": "十月"}, {"first": "2026-11"}, {"table": "1:不存在"}):
        sent = {"table": f"{issued.pk}:县区", "first": "2026-10", "last": "2026-10"} | changed
        assert office.post(address("open"), sent).status_code == 422
    assert not Round.objects.exists()


def test_a_judgement_without_reason_comes_back_with_what_was_typed(
    signed_in: SignIn, officer: Actor, opened: Round, county: Unit, rival: Unit
) -> None:
    answer = signed_in(officer).post(
        address("judge", opened.pk), row(county, "9.25", "好") | row(rival, "八分")
    )  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="9.25"' in page
    assert 'value="八分"' in page
    assert "请写明核定理由" in page
    assert "应为数字" in page
    assert not ReviewedPoints.objects.exists()


def test_rows_that_can_be_saved_are_and_a_conflict_is_told(
    signed_in: SignIn, officer: Actor, office_head: Actor, opened: Round, county: Unit, rival: Unit
) -> None:
    give(officer, opened, county, "6")
    client = signed_in(office_head)
    answer = client.post(address("judge", opened.pk), row(county, "9") | row(rival, "8"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{officer.name} 已核定为 6 分" in page
    assert 'value="9"' in page
    assert ReviewedPoints.objects.get(unit=rival).value == 8
    assert ReviewedPoints.objects.get(unit=county).value == 6
    sent = row(county, "9", shown=("6", REASON), version=1)
    assert client.post(address("judge", opened.pk), sent).status_code == 303
    assert ReviewedPoints.objects.get(unit=county).value == 9


def test_a_row_nobody_touched_overwrites_nothing(
    signed_in: SignIn, officer: Actor, office_head: Actor, opened: Round, county: Unit, rival: Unit
) -> None:
    give(officer, opened, county, "6")
    give(officer, opened, county, "7", version=1)
    untouched = row(county, "6", shown=("6", REASON), version=1)
    answer = signed_in(office_head).post(address("judge", opened.pk), untouched | row(rival, "8"))
    assert answer.status_code == 303
    assert ReviewedPoints.objects.get(unit=county).value == 7


def test_pages_say_that_a_result_is_out_of_date(
    signed_in: SignIn, officer: Actor, office_head: Actor, opened: Round, county: Unit
) -> None:
    judge_all(officer, opened)
    scored(officer, opened)
    give(officer, opened, county, "7", version=1)
    office, head = signed_in(officer), signed_in(office_head)
    score = Score.objects.get(unit=county)
    pages = [
        address("round", opened.pk),
        address("score", score.pk),
        address("leaf", score.leaves.first().pk),
    ]
    for each in pages:
        assert "结果已不是最新" in office.get(each).content.decode()
    opened.refresh_from_db()
    assert "publish-round" not in head.get(address("round", opened.pk)).content.decode()
    assert head.post(address("publish", opened.pk), {"version": opened.version}).status_code == 409


def test_open_judgements_are_listed_and_publication_is_refused(
    signed_in: SignIn, officer: Actor, office_head: Actor, opened: Round, rival: Unit
) -> None:
    give(officer, opened, rival, "6")
    round_ = scored(officer, opened)
    head = signed_in(office_head)
    page = head.get(address("round", round_.pk)).content.decode()
    assert "还有 1 项人工核定没有完成" in page
    assert "丙县“典型经验”" in page
    assert "59.00 至 69.00 分" in page
    assert "publish-round" not in page
    assert head.post(address("publish", round_.pk), {"version": round_.version}).status_code == 422


def test_a_corrected_figure_is_told_before_publication(
    signed_in: SignIn, officer: Actor, opened: Round, county: Unit
) -> None:
    judge_all(officer, opened)
    scored(officer, opened)
    report(officer, county, OCTOBER, trained=250)
    page = signed_in(officer).get(address("round", opened.pk)).content.decode()
    assert "计分后有 1 项数据发生变动" in page
    assert "300 → 350" in page


def test_a_leaf_opens_down_to_its_facts_and_its_reviewer(
    signed_in: SignIn, officer: Actor, office_head: Actor, opened: Round, county: Unit, county_liaison: Actor
) -> None:
    published(officer, office_head, opened)
    unit = signed_in(county_liaison)
    page = unit.get(
        address("leaf", LeafScore.objects.get(score__unit=county, code="1.1").pk)
    ).content.decode()
    assert "按完成率得分" in page
    assert "由 2 个月的数据汇总" in page
    assert opened.scheme.digest in page
    page = unit.get(address("leaf", LeafScore.objects.get(score__unit=county, code="2").pk)).content.decode()
    assert REASON in page
    assert officer.name in page


def test_the_replay_says_whether_it_is_the_same(
    signed_in: SignIn, officer: Actor, office_head: Actor, opened: Round, county: Unit, county_liaison: Actor
) -> None:
    round_ = published(officer, office_head, opened)
    unit = signed_in(county_liaison)
    assert "按冻结数据重新计算，结果一致。" in unit.get(address("replay", round_.pk)).content.decode()
    Score.objects.filter(unit=county).update(total_hundredths=9999)
    page = unit.get(address("replay", round_.pk)).content.decode()
    assert "结果不一致" in page
    assert "丙县的总分" not in page
    assert "丙县的总分" in signed_in(officer).get(address("replay", round_.pk)).content.decode()


def test_english_readers_get_english_sentences(
    signed_in: SignIn, officer: Actor, office_head: Actor, opened: Round, county: Unit, county_liaison: Actor
) -> None:
    published(officer, office_head, opened)
    leaf = LeafScore.objects.get(score__unit=county, code="1.2")
    unit = signed_in(county_liaison)
    unit.cookies["django_language"] = "en"
    page = unit.get(address("leaf", leaf.pk), headers={"Accept-Language": "en"}).content.decode()
    assert "full mark 30" in page
    assert leaf.sentence not in page


def test_the_workbook_holds_ranks_and_sentences_of_what_one_may_see(
    signed_in: SignIn, officer: Actor, office_head: Actor, opened: Round, county: Unit, county_liaison: Actor
) -> None:
    round_ = published(officer, office_head, opened)
    for actor, units in ((officer, {"丙县", "丁县"}), (county_liaison, {"丙县"})):
        answer = signed_in(actor).get(address("workbook", round_.pk))
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        ranking = [[cell.value for cell in line] for line in book["考核结果"].iter_rows(min_row=5)]
        assert {line[1] for line in ranking if line[1]} == units
        assert str(ranking[-1][0]).startswith("填表人：")
        assert round_.result_digest in book["考核结果"]["A3"].value
        details = [line[0].value for line in book["得分说明"].iter_rows(min_row=4)]
        assert set(details) == units


def test_a_round_is_taken_back_from_its_page(signed_in: SignIn, officer: Actor, opened: Round) -> None:
    office = signed_in(officer)
    assert "drop-round" in office.get(address("round", opened.pk)).content.decode()
    sent = {"version": opened.version, "reason": "月份选错了"}
    assert office.post(address("drop", opened.pk), {"version": opened.version}).status_code == 422
    assert office.post(address("drop", opened.pk), sent)["Location"] == address("index")
    assert office.get(address("round", opened.pk)).status_code == 404
    assert opened.name not in office.get(address("index")).content.decode().split("<table")[-1]


def test_who_finds_what(
    signed_in: SignIn,
    officer: Actor,
    opened: Round,
    county: Unit,
    everybody: dict[Role, Actor],
    visitor: Client,
) -> None:
    judge_all(officer, opened)
    scored(officer, opened)
    score = Score.objects.get(unit=county)
    pages = [
        address("round", opened.pk), address("replay", opened.pk), address("workbook", opened.pk),
        address("score", score.pk), address("leaf", score.leaves.first().pk),
    ]  # fmt: skip
    for role, actor in everybody.items():
        expected = 200 if role in {Role.OFFICE_OFFICER, Role.OFFICE_HEAD} else 404
        client = signed_in(actor)
        for each in pages:
            assert client.get(each).status_code == expected, (role, each)
        if expected == 404:
            assert client.get(address("judge", opened.pk)).status_code == 403
            assert client.get(address("open")).status_code == 403
            assert client.post(address("score_round", opened.pk), {"version": 1}).status_code == 403
            assert client.post(address("publish", opened.pk), {"version": 1}).status_code == 403
            assert (
                client.post(address("drop", opened.pk), {"version": 1, "reason": REASON}).status_code == 403
            )
    for each in pages:
        assert visitor.get(each).status_code == 302


def test_pages_do_not_grow_in_queries(
    signed_in: SignIn,
    officer: Actor,
    opened: Round,
    city_unit: Unit,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for number in range(12):
        make_county(f"第{number}县区", city_unit)
    judge_all(officer, opened)
    scored(officer, opened)
    client = signed_in(officer)
    score = Score.objects.first()
    assert score is not None
    for each, most in (
        (address("round", opened.pk), 26),
        (address("judge", opened.pk), 18),
        (address("score", score.pk), 22),
        (address("index"), 16),
    ):
        with django_assert_max_num_queries(most):
            assert client.get(each).status_code == 200
