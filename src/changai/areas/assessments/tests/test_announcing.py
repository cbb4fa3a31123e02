"""公布范围: what of a result units are told of others - on pages, in files, in what papers may say."""

import io
from collections.abc import Callable
from itertools import pairwise

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.accounts.tests.make import MOMENT, actor_for
from changai.areas.assessments import queries
from changai.areas.assessments.actions import publish_round
from changai.areas.assessments.models import Round, Score
from changai.areas.assessments.rules import (
    EVERYTHING,
    FIRST_GRADES,
    FIRST_PLACES,
    GRADES,
    NOBODY,
    Announcement,
    Told,
    announcement_fault,
)
from changai.areas.assessments.rules.announcing import SCOPES
from changai.areas.assessments.tests.make import OCTOBER, judge_all, make_county, published, report, scored
from changai.areas.organisations.models import Unit
from changai.core.errors import Invalid
from changai.foundation.actors import Actor, Role

SignIn = Callable[[Actor], Client]
NAMES = ["优秀", "良好", "合格"]
announcements = st.builds(
    Announcement,
    scope=st.sampled_from(["", *SCOPES]),
    places=st.integers(0, 9),
    grades=st.integers(0, 3).map(lambda count: tuple(NAMES[:count])),
)
results = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(1, 8)), st.sampled_from([*NAMES, ""])), max_size=8
)


@given(announcements, results)
def test_the_upper_part_is_an_upper_part(
    announcement: Announcement, units: list[tuple[int | None, str]]
) -> None:
    """Nobody is told of while somebody of a better place is not; level units are told of alike; a sheet is nobody's."""
    told = {(rank, grade): announcement.tells(rank, grade) for rank, grade in units}
    assert Told.SHEET not in told.values()
    if announcement.scope in {"", NOBODY}:
        assert set(told.values()) <= {Told.NOTHING}
    if announcement.scope == GRADES:
        assert set(told.values()) <= {Told.GRADE}
    if announcement.scope == FIRST_PLACES:
        placed = sorted((rank, how) for (rank, _grade), how in told.items() if rank is not None)
        assert all(first[1] >= second[1] for first, second in pairwise(placed))
        assert all(how is Told.NOTHING for (rank, _grade), how in told.items() if rank is None)
    if announcement.scope == FIRST_GRADES:
        by_grade = {grade: how for (_rank, grade), how in told.items()}
        assert by_grade == {grade: announcement.tells(None, grade) for grade in by_grade}
        assert by_grade.get("", Told.NOTHING) is Told.NOTHING


@given(announcements, st.integers(0, 9))
def test_what_is_chosen_is_chosen_whole(announcement: Announcement, ranked: int) -> None:
    fault = announcement_fault(announcement, ranked=ranked, grades=NAMES)
    if not fault and announcement.scope == FIRST_PLACES:
        assert 1 <= announcement.places <= ranked
    if not fault and announcement.scope == FIRST_GRADES:
        assert announcement.tells(1, "优秀") is Told.PLACE
    if announcement.scope in {GRADES, FIRST_GRADES}:
        assert "没有设置等次" in announcement_fault(announcement, ranked=ranked, grades=[])


@pytest.fixture
def done(officer: Actor, office_head: Actor, opened: Round, city_unit: Unit) -> Round:
    """丁县 stands first with 甲县, then 丙县 (excellent, good), 乙县 last."""
    for name, trained in (("甲县", 600), ("乙县", 60)):
        report(officer, make_county(name, city_unit), OCTOBER, trained=trained, target=600, late=0)
    return published(officer, office_head, opened)


def announced(round_: Round, announcement: Announcement) -> Round:
    Round.objects.filter(pk=round_.pk).update(
        announced=announcement.scope, announced_places=announcement.places, announced_grades=list(announcement.grades)
    )  # fmt: skip
    round_.refresh_from_db()
    return round_


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("announcement", "named", "pointed"),
    [
        (Announcement(), set(), set()),
        (Announcement(NOBODY), set(), set()),
        (Announcement(EVERYTHING), {"甲县", "丁县", "乙县"}, {"甲县", "丁县", "乙县"}),
        (Announcement(FIRST_PLACES, places=1), {"甲县", "丁县"}, {"甲县", "丁县"}),
        (Announcement(GRADES), {"甲县", "丁县", "乙县"}, set()),
    ],
)
def test_no_page_and_no_file_tells_a_unit_more_than_is_announced(
    done: Round,
    county: Unit,
    signed_in: SignIn,
    announcement: Announcement,
    named: set[str],
    pointed: set[str],
) -> None:
    announced(done, announcement)
    actor = actor_for(Role.UNIT_HEAD, county)
    unit, own = signed_in(actor), Score.objects.get(round=done, unit=county)
    others = {"甲县", "丁县", "乙县"}
    shown = queries.standings(actor, done)
    assert {row.name for row in shown.rows} == named | {"丙县"}
    assert {row.name for row in shown.rows if row.total is not None} == pointed | {"丙县"}
    assert [row.name for row in shown.sheets] == ["丙县"]
    pages = [
        *(reverse(f"assessments:{name}", args=[done.pk]) for name in ("round", "replay", "changes")),
        reverse("assessments:index"), reverse("assessments:score", args=[own.pk]),
        reverse("assessments:leaf", args=[own.leaves.first().pk]), "/",
    ]  # fmt: skip
    page = "".join(unit.get(address).content.decode() for address in pages)
    assert {name for name in others if name in page} == named
    hidden = Score.objects.filter(round=done).exclude(unit__name__in=pointed).exclude(unit=county)
    table = openpyxl.load_workbook(
        io.BytesIO(unit.get(reverse("assessments:workbook", args=[done.pk])).content)
    )  # fmt: skip
    cells = [cell.value for sheet in table for row in sheet.iter_rows() for cell in row]
    assert {name for name in others if name in cells} == named
    for score in hidden:
        if not Score.objects.filter(
            round=done, total_hundredths=score.total_hundredths, unit__name__in=[*pointed, "丙县"]
        ):
            assert score.total_hundredths / 100 not in cells
            assert f"{score.total_hundredths / 100:.2f}" not in page
        assert unit.get(reverse("assessments:score", args=[score.pk])).status_code == 404
    assert {row.name for row in queries.announced_table(done).rows} == (
        named | {"丙县"} if announcement.scope in {EVERYTHING, GRADES} else named
    )


@pytest.mark.django_db
def test_where_only_grades_are_told_their_order_betrays_no_place(done: Round, county: Unit) -> None:
    announced(done, Announcement(GRADES))
    Score.objects.filter(round=done).update(grade="合格")
    Unit.objects.filter(name="乙县").update(position=0)
    rows = queries.standings(actor_for(Role.UNIT_HEAD, county), done).rows
    assert rows[0].name == "乙县"
    assert [row.rank for row in rows if row.name != "丙县"] == [None] * 3


@pytest.mark.django_db
def test_the_office_and_leaders_read_everything(done: Round, officer: Actor, leader: Actor) -> None:
    announced(done, Announcement(NOBODY))
    for actor in (officer, leader):
        shown = queries.standings(actor, done)
        assert len(shown.sheets) == len(shown.rows) == 4
        assert shown.has_points


@pytest.mark.django_db
def test_the_head_chooses_and_the_choice_is_remembered(
    opened: Round, officer: Actor, office_head: Actor, signed_in: SignIn
) -> None:
    judge_all(officer, opened)
    round_ = scored(officer, opened)
    head, address = signed_in(office_head), reverse("assessments:publish", args=[round_.pk])
    page = head.get(reverse("assessments:round", args=[round_.pk])).content.decode()
    assert "只公布名次在前的单位" in page
    sent = {"version": round_.version, "announced": "places"}
    answer = head.post(address, sent | {"places": 9})
    assert answer.status_code == 422
    assert "应是 1 至 2 的整数" in answer.content.decode()
    assert head.post(address, sent | {"announced": "everybody"}).status_code == 422
    assert head.post(address, sent | {"places": 1}).status_code == 303
    round_.refresh_from_db()
    assert round_.announcement == Announcement(FIRST_PLACES, places=1)
    assert round_.announcement.words() == "只公布前 1 名"
    assert queries.usual_announcement(round_) == Announcement(FIRST_PLACES, places=1)


@pytest.mark.django_db
def test_a_result_is_not_announced_by_grades_it_does_not_have(
    opened: Round, officer: Actor, office_head: Actor
) -> None:
    judge_all(officer, opened)
    round_ = scored(officer, opened)
    wrong = Announcement(FIRST_GRADES, grades=("无此等次",))
    with pytest.raises(Invalid, match="公布到哪个等次为止"):
        publish_round(office_head, round_.pk, version=round_.version, at=MOMENT, announcement=wrong)
    grades = tuple(queries.grades_of(round_)[:1])
    chosen = Announcement(FIRST_GRADES, grades=grades)
    round_ = publish_round(office_head, round_.pk, version=round_.version, at=MOMENT, announcement=chosen)
    assert round_.announcement == chosen
