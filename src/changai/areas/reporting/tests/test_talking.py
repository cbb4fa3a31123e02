"""Comments on cells, who else is on the sheet, and what a cell said in the months before."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.reporting import actions, queries
from changai.areas.reporting.actions import CellEdit
from changai.areas.reporting.models import Report
from changai.areas.reporting.rules.cells import parse_cell
from changai.areas.reporting.rules.series import spark_points
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OCTOBER,
    OFFICER,
    accept,
    actor_of,
    head_of,
    liaison_of,
    make_claim,
    make_field,
    make_form,
    make_report,
    make_unit,
    sign,
)
from changai.areas.reporting.tests.test_views import at, signed_in
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved
from changai.foundation.actors import Role
from changai.foundation.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> Report:
    unit = make_unit()
    make_claim(unit)
    return make_report(unit, make_form(make_field()))


def percent_of(report: Report) -> str:
    return f"task:{report.task_lines.get().claim_id}:percent"


def ask(client: Client, report: Report, **asked: Any) -> Any:
    body = json.dumps({"seen": 0, "cell": ""} | asked)
    return client.post(at("live", report.pk), body, content_type="application/json")


# --- comments ---


def test_the_unit_and_the_office_talk_about_a_cell_until_it_is_settled(report: Report) -> None:
    unit, ref = report.obligation.unit, percent_of(report)
    liaison = liaison_of(unit)

    actions.comment_cell(OFFICER, report.pk, cell=ref, words=" 与台账不符？ ", at=IN_TIME)
    assert (
        "办公室甲批注2026年10月月报“推进技能培训”：与台账不符？"
        in Notice.objects.get(unit_id=unit.pk, role=Role.UNIT_LIAISON, sentence__contains="批注").sentence
    )
    actions.comment_cell(liaison, report.pk, cell=ref, words="已按台账更正", at=IN_TIME)
    answer = Notice.objects.get(sentence__contains="已按台账更正")
    assert answer.sentence.startswith(unit.short_name)
    assert (answer.person_id, answer.role) == (OFFICER.person_id, "")
    assert queries.open_threads(report) == {ref: 2}

    actions.settle_thread(OFFICER, report.pk, cell=ref, at=IN_TIME)
    assert queries.open_threads(report) == {}
    with pytest.raises(RecordMoved):
        actions.settle_thread(OFFICER, report.pk, cell=ref, at=IN_TIME)
    actions.comment_cell(liaison, report.pk, cell=ref, words="再请看一下", at=IN_TIME)
    thread = queries.thread_of(report, ref)
    assert thread is not None
    assert [(said.by_name, said.is_of_unit) for said in thread.comments.all()] == [
        ("办公室甲", False),
        ("联络员乙", True),
        ("联络员乙", True),
    ]
    assert thread.closed_at is None


def test_who_may_not_comment_is_refused_and_so_is_what_is_no_comment(report: Report) -> None:
    ref = percent_of(report)
    for actor, refusal in ((liaison_of(make_unit()), NotVisible), (actor_of(Role.INSPECTOR), NotAllowed)):
        with pytest.raises(refusal):
            actions.comment_cell(actor, report.pk, cell=ref, words="请核对", at=IN_TIME)
    wrong = ((ref, "  "), (ref, "长" * 501), ("task:0:percent", "请核对"))
    for cell, words in (*wrong, (ref.replace("percent", "evidence"), "请核对")):
        with pytest.raises(Invalid):
            actions.comment_cell(OFFICER, report.pk, cell=cell, words=words, at=IN_TIME)
    report.obligation.period.closed_at = IN_TIME
    report.obligation.period.save()
    with pytest.raises(RecordMoved, match="已关闭"):
        actions.comment_cell(OFFICER, report.pk, cell=ref, words="请核对", at=IN_TIME)


def test_the_page_of_a_cell_works_without_script(report: Report) -> None:
    ref = percent_of(report)
    office, unit = signed_in(Role.OFFICE_OFFICER), signed_in(Role.UNIT_LIAISON, report.obligation.unit)

    assert "还没有批注" in office.get(at("cell", report.pk, ref)).text
    said = office.post(at("comment", report.pk, ref), {"words": "与台账不符"}, follow=True)
    assert "与台账不符" in said.text
    assert "已批注" in said.text
    page = unit.get(at("sheet", report.pk)).text
    assert 'data-open="1"' in page
    assert at("cell", report.pk, ref) in page
    assert "已了结" in unit.post(at("settle", report.pk, ref), follow=True).text
    assert "与台账不符" not in signed_in(Role.LEADER).get(at("cell", report.pk, ref)).text
    assert office.get(at("cell", report.pk, "task:0:percent")).status_code == 404
    assert office.get(at("cell", report.pk, "elsewhere")).status_code == 404


def test_the_reviewer_finds_the_open_comments_beside_the_cells(report: Report) -> None:
    ref = percent_of(report)
    sign(report)
    actions.comment_cell(liaison_of(report.obligation.unit), report.pk, cell=ref, words="已核", at=IN_TIME)
    for page in ("review", "report"):
        shown = signed_in(Role.OFFICE_OFFICER).get(at(page, report.pk)).text
        assert "完成进度 批注和历次内容，1 条未了结" in shown
    assert "cell-talk" not in signed_in(Role.INSPECTOR).get(at("report", report.pk)).text


def test_the_panel_is_the_same_page_without_its_frame(report: Report) -> None:
    client = signed_in(Role.UNIT_LIAISON, report.obligation.unit)
    address = at("comment", report.pk, percent_of(report))
    panel = client.post(address, {"words": "请核"}, headers={"x-panel": "1"}, follow=True).text
    assert "<html" not in panel
    assert "已批注" in panel


# --- the months before ---


def test_a_cell_tells_twelve_months_and_who_entered_them() -> None:
    unit, field = make_unit(), make_field()
    make_claim(unit)
    form = make_form(field)
    for number in range(14, 0, -1):
        accept(sign(make_report(unit, form, month=OCTOBER.plus(-number))))
    report = make_report(unit, form)

    months = queries.earlier_months(report, parse_cell(f"figure:{field.pk}:value"))

    assert len(months) == 12
    assert months[0].month == OCTOBER.plus(-1).first_on
    assert {(month.value, month.by_name, month.at) for month in months} == {(Decimal(5), "联络员乙", IN_TIME)}
    page = signed_in(Role.UNIT_LIAISON, unit).get(at("cell", report.pk, f"figure:{field.pk}:value")).text
    assert "<polyline" in page
    assert "style=" not in page.partition("cell-panel")[2]


@given(
    st.lists(st.none() | st.decimals(-(10**9), 10**9, places=2), max_size=14),
    st.integers(10, 400),
    st.integers(10, 90),
)
def test_every_value_has_its_place_in_the_line(values: list[Decimal | None], width: int, height: int) -> None:
    points = spark_points(values, width=width, height=height)
    known = [value for value in values if value is not None]
    assert len(points) == len(known)
    assert all(0 <= x <= width and 0 <= y <= height for x, y in points)
    assert [x for x, _y in points] == sorted(x for x, _y in points)
    for (_x, y), value in zip(points, known, strict=True):
        if min(known) < max(known):
            assert (y == 0) >= (value == max(known))
            assert (y == height) >= (value == min(known))


# --- others on the sheet ---


def test_two_people_on_one_sheet_see_each_other_and_what_they_wrote(report: Report) -> None:
    unit, ref = report.obligation.unit, percent_of(report)
    liaison, head = signed_in(Role.UNIT_LIAISON, unit), signed_in(Role.UNIT_HEAD, unit)

    assert ask(liaison, report, cell=ref).json()["people"] == []
    first = ask(head, report).json()
    assert [one["cell"] for one in first["people"]] == [ref]
    assert first["changes"] == []
    actions.save_cells(liaison_of(unit), report.pk, cells=[CellEdit(ref, "60")], at=timezone.now())
    second = ask(head, report, seen=first["seen"]).json()
    assert [(one["ref"], one["value"], one["version"], one["by"]) for one in second["changes"]] == [
        (ref, "60", 1, "联络员乙")
    ]
    assert "联络员乙" in second["changes"][0]["sentence"]
    assert ask(head, report, seen=second["seen"]).json()["changes"] == []
    assert second["lock"] == ""


def test_who_left_is_gone_and_a_locked_sheet_says_so(report: Report) -> None:
    unit = report.obligation.unit
    now = timezone.now()
    actor = actor_of(Role.UNIT_HEAD, unit, "负责人丙")
    actions.note_visit(actor, report, cell="", at=now - timedelta(minutes=1))
    client = signed_in(Role.UNIT_LIAISON, unit)
    assert ask(client, report).json()["people"] == []
    sign(report)
    answer = ask(client, report).json()
    assert "已审签报出" in answer["lock"]
    assert ask(signed_in(Role.UNIT_LIAISON, make_unit()), report).status_code == 404
    assert client.post(at("live", report.pk), "{", content_type="application/json").status_code == 422


def test_an_open_sheet_asks_little_and_writes_less(
    report: Report, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(Role.UNIT_LIAISON, report.obligation.unit)
    ask(client, report)
    with django_assert_max_num_queries(9) as asked:
        ask(client, report)
    assert not [one["sql"] for one in asked if one["sql"].startswith(("INSERT", "UPDATE"))]


def test_asking_by_itself_keeps_no_session_alive(report: Report) -> None:
    client = signed_in(Role.UNIT_LIAISON, report.obligation.unit)
    ask(client, report)
    session = client.session
    session["seen_at"] = (timezone.now() - timedelta(minutes=20)).timestamp()
    session.save()
    client.post(
        at("live", report.pk), json.dumps({"seen": 0}), content_type="application/json",
        headers={"x-background": "1"},
    )  # fmt: skip
    assert client.session["seen_at"] == session["seen_at"]
    ask(client, report)
    assert client.session["seen_at"] > session["seen_at"]


def test_the_head_reads_whose_change_it_was(report: Report) -> None:
    ref = percent_of(report)
    for actor, typed in ((liaison_of(report.obligation.unit), "60"), (head_of(report.obligation.unit), "65")):
        actions.save_cells(actor, report.pk, cells=[CellEdit(ref, typed)], at=IN_TIME)
    page = signed_in(Role.UNIT_HEAD, report.obligation.unit).get(at("cell", report.pk, ref)).text
    assert page.index("负责人丙") < page.index("联络员乙")
    assert "本月改动" not in signed_in(Role.OFFICE_OFFICER).get(at("cell", report.pk, ref)).text
