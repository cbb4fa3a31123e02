import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from changai.areas.organisations.models import Unit
from changai.areas.plans import actions
from changai.areas.plans.exports import plan_json
from changai.areas.plans.models import Plan
from changai.areas.plans.tests.make import AT, TEXT, assign, make_plan, measure_saying
from changai.documents.intake.outline import propose
from changai.foundation.actors import Actor, Role

Browser = Callable[[Actor], Client]


@pytest.fixture
def plan(officer: Actor) -> Plan:
    return make_plan(officer)


def _page(client: Client, name: str, *arguments: object, **parameters: object) -> str:
    answer = client.get(reverse(name, args=arguments), parameters)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def _correct(client: Client, plan: Plan, **fields: object) -> int:
    plan.refresh_from_db()
    given = {"version": plan.version, "once": ""} | fields
    return client.post(reverse("plans:correct", args=[plan.pk]), given).status_code


UPLOAD = {
    "name": "2026年要点", "kind": "yearly", "year": "2026", "document_number": "", "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
}  # fmt: skip


def test_an_officer_uploads_and_comes_to_the_correction_page(officer: Actor, signed_in: Browser) -> None:
    client = signed_in(officer)
    assert "还没有方案" in _page(client, "plans:index")
    assert 'type="file"' in _page(client, "plans:upload")
    file = SimpleUploadedFile("要点.txt", TEXT.encode("gb18030"))
    answer = client.post(reverse("plans:upload"), UPLOAD | {"file": file}, follow=True)
    words = answer.content.decode()
    assert answer.status_code == 200
    assert "条目 7 条，任务 7 项" in words
    assert "加强思想引领" in words
    assert Plan.objects.get().source_file.name == "要点.txt"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("坏.docx", b"PK\x03\x04 broken", "坏.docx"),
        ("要点.pdf", b"%PDF-1.4", "只接收 .docx 和 .txt"),
        ("空.txt", b"", "文件为空"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_beside_the_form(
    officer: Actor, signed_in: Browser, name: str, content: bytes, sentence: str
) -> None:
    file = SimpleUploadedFile(name, content)
    answer = signed_in(officer).post(reverse("plans:upload"), UPLOAD | {"file": file})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Plan.objects.exists()


def test_the_same_file_again_names_the_earlier_plan(plan: Plan, officer: Actor, signed_in: Browser) -> None:
    file = SimpleUploadedFile("又.txt", TEXT.encode())
    answer = signed_in(officer).post(reverse("plans:upload"), UPLOAD | {"file": file, "name": "又一份"})
    assert answer.status_code == 422
    assert "已录入的《2026年工作要点》" in answer.content.decode()


def test_a_span_that_ends_before_it_begins_is_told_at_the_field(officer: Actor, signed_in: Browser) -> None:
    file = SimpleUploadedFile("要点.txt", TEXT.encode())
    given = UPLOAD | {"file": file, "ends_on": "2025-01-01"}
    answer = signed_in(officer).post(reverse("plans:upload"), given)
    assert answer.status_code == 422
    assert "早于起始日期" in answer.content.decode()


def test_who_may_open_what(
    plan: Plan, everybody: dict[Role, Actor], signed_in: Browser, visitor: Client
) -> None:
    wanted = {
        Role.OFFICE_OFFICER: 200, Role.OFFICE_HEAD: 200, Role.UNIT_LIAISON: 404, Role.UNIT_HEAD: 404,
        Role.COUNTY_REVIEWER: 404, Role.INSPECTOR: 404, Role.LEADER: 404, Role.SYSTEM_ADMINISTRATOR: 404,
        Role.SECURITY_ADMINISTRATOR: 404, Role.AUDIT_ADMINISTRATOR: 404,
    }  # fmt: skip
    address = reverse("plans:plan", args=[plan.pk])
    assert {role: signed_in(actor).get(address).status_code for role, actor in everybody.items()} == wanted
    assert visitor.get(address).status_code == 302
    desk = reverse("plans:draft", args=[plan.pk])
    assert signed_in(everybody[Role.LEADER]).get(desk).status_code == 403


def test_the_correction_page_shows_text_tree_and_measures(
    plan: Plan, officer: Actor, signed_in: Browser
) -> None:
    clause = plan.clauses.get(heading="开展宣讲")
    words = _page(signed_in(officer), "plans:draft", plan.pk, clause=clause.pk)
    assert f'id="source-{clause.pk}" class="source is-chosen"' in words
    for said in ("并入上一条", "升一级", "不少于20场", "从此处起拆为新条", "将原文中的一句列为任务"):
        assert said in words
    outside = _page(signed_in(officer), "plans:draft", plan.pk, clause="preamble")
    assert "从此处起列为第一条" in outside
    assert "此句及以前列为最后一条" in _page(signed_in(officer), "plans:draft", plan.pk, clause="closing")


def test_every_correction_is_a_button(plan: Plan, officer: Actor, signed_in: Browser) -> None:
    client = signed_in(officer)
    clause, talks = plan.clauses.get(heading="开展宣讲"), measure_saying(plan, "20场")
    second = measure_saying(plan, "宣讲团")
    assert _correct(client, plan, act="promote", clause=clause.pk) == 303
    assert _correct(client, plan, act="demote", clause=clause.pk) == 303
    assert _correct(client, plan, act="drop", measure=second.pk, clause=clause.pk) == 303
    assert _correct(client, plan, act="restore", measure=second.pk, clause=clause.pk) == 303
    assert _correct(client, plan, act="edit_measure", measure=talks.pk, text="宣讲20场") == 303
    assert _correct(client, plan, act="split_measure", measure=talks.pk, offset=2) == 303
    assert _correct(client, plan, act="merge_measure", measure=second.pk) == 303
    assert _correct(client, plan, act="split", clause=clause.pk, offset=clause.text.index("6月")) == 303
    assert _correct(client, plan, act="merge", clause=clause.pk) == 303
    assert _correct(client, plan, act="add_clause", source="closing", offset=3) == 303
    top = plan.clauses.get(heading="工作要求")
    measure_saying(plan, "明确专人").delete()
    assert _correct(client, plan, act="add_measure", clause=top.pk, text="各单位要明确专人负责。") == 303
    assert plan.corrections.count() == 11
    assert _correct(client, plan, act="undo") == 303
    assert plan.corrections.count() == 10


def test_a_correction_that_names_nothing_is_refused(plan: Plan, officer: Actor, signed_in: Browser) -> None:
    client = signed_in(officer)
    assert _correct(client, plan, act="promote") == 422
    assert _correct(client, plan, act="dance") == 422
    assert _correct(client, plan, act="split", clause=plan.clauses.all()[1].pk) == 422
    assert _correct(client, plan, act="merge_measure") == 422
    assert _correct(client, plan, act="undo") == 422
    stale = client.post(reverse("plans:correct", args=[plan.pk]), {"act": "undo", "version": 99})
    assert stale.status_code == 409


def test_nothing_changes_by_get(plan: Plan, officer: Actor, signed_in: Browser) -> None:
    client = signed_in(officer)
    for name in ("plans:correct", "plans:discard"):
        assert client.get(reverse(name, args=[plan.pk])).status_code == 405


def test_measures_are_assigned_one_by_one(
    plan: Plan, officer: Actor, unit_a: Unit, county: Unit, signed_in: Browser
) -> None:
    client = signed_in(officer)
    measure = measure_saying(plan, "20场")
    words = _page(client, "plans:assign", measure.pk)
    assert "第 1 项任务（共 7 项）" in words
    assert 'value="20.00"' in words
    given = {
        "version": "1", "lead_ids": [str(unit_a.pk)], "support_ids": ["g:各县区"], "target_value": "20",
        "target_unit": "场", "completion_mark": "印发总结", "due_on": "2026-11-30", "next": "1",
    }  # fmt: skip
    answer = client.post(reverse("plans:assign", args=[measure.pk]), given)
    assert answer.status_code == 303
    assert answer["Location"] == reverse("plans:assign", args=[measure_saying(plan, "宣讲团").pk])
    parts = set(measure.assignments.values_list("unit_id", "part"))
    assert parts == {(unit_a.pk, "lead"), (county.pk, "support")}
    refused = client.post(
        reverse("plans:assign", args=[measure.pk]), given | {"due_on": "2027-01-01", "version": "2"}
    )
    assert refused.status_code == 422
    assert "方案期限之内" in refused.content.decode()
    assert client.post(reverse("plans:assign", args=[measure.pk]), given).status_code == 409


def test_measures_are_assigned_together(plan: Plan, officer: Actor, unit_a: Unit, signed_in: Browser) -> None:
    client = signed_in(officer)
    ids = list(plan.measures.values_list("pk", flat=True)[:3])
    address = reverse("plans:breakdown", args=[plan.pk])
    answer = client.post(address, {"measure": ids, "lead_ids": [unit_a.pk], "due_on": "2026-09-30"})
    assert answer.status_code == 303
    assert plan.measures.filter(assignments__unit=unit_a, due_on=date(2026, 9, 30)).count() == 3
    refused = client.post(address, {"lead_ids": [unit_a.pk]})
    assert refused.status_code == 422
    assert "请先勾选任务" in refused.content.decode()
    empty = client.post(address, {"measure": ids})
    assert empty.status_code == 422
    assert "请至少填写一项" in empty.content.decode()


def test_gaps_are_named_and_lead_to_their_rows(
    plan: Plan, officer: Actor, office_head: Actor, unit_a: Unit, unit_b: Unit, signed_in: Browser
) -> None:
    assign(officer, measure_saying(plan, "20场"), leads=[unit_a, unit_b])
    client = signed_in(officer)
    words = _page(client, "plans:breakdown", plan.pk, gap="leads")
    assert "不少于20场" in words
    assert "宣讲团" not in words
    listed = _page(client, "plans:checklist", plan.pk)
    assert "6 项" in listed
    assert "由办公室负责人下达" in listed
    assert "确认下达" in _page(signed_in(office_head), "plans:checklist", plan.pk)


def test_higher_clauses_are_found_and_linked(
    plan: Plan, officer: Actor, office_head: Actor, signed_in: Browser
) -> None:
    higher = make_plan(officer, text="省实施方案\n一、广泛宣讲\n要开展宣讲。\n", name="省实施方案")
    actions.issue_plan(office_head, higher.pk, version=1, at=AT)
    measure, client = measure_saying(plan, "20场"), signed_in(officer)
    assert "省实施方案：一、广泛宣讲" in _page(client, "plans:assign", measure.pk, q="宣讲 省")
    assert "没有找到" in _page(client, "plans:assign", measure.pk, q="航天")
    clause = higher.clauses.get()
    answer = client.post(reverse("plans:link", args=[measure.pk]), {"clause": [clause.pk], "version": 1})
    assert answer.status_code == 303
    assert list(measure.higher_clauses.all()) == [clause]
    assert client.post(reverse("plans:link", args=[measure.pk]), {"version": ""}).status_code == 422


def test_an_issued_plan_is_read_by_units_and_no_longer_corrected(
    plan: Plan, officer: Actor, office_head: Actor, liaison: Actor, unit_a: Unit, signed_in: Browser
) -> None:
    assign(officer, measure_saying(plan, "20场"), leads=[unit_a])
    actions.issue_plan(office_head, plan.pk, version=1, at=AT)
    words = _page(signed_in(liaison), "plans:plan", plan.pk)
    assert "1-1-1" in words
    assert "甲局" in words
    assert "认领情况" not in words
    assert "2026年工作要点" in _page(signed_in(liaison), "plans:index")
    assert signed_in(officer).get(reverse("plans:draft", args=[plan.pk])).status_code == 409
    assert "认领情况" in _page(signed_in(officer), "plans:plan", plan.pk)


def test_the_list_is_filtered_sorted_and_empty_in_words(
    plan: Plan, officer: Actor, liaison: Actor, signed_in: Browser
) -> None:
    client = signed_in(officer)
    assert "没有符合条件的方案" in _page(client, "plans:index", q="航天")
    assert "2026年工作要点" in _page(
        client, "plans:index", q="工作", year="2026", kind="yearly", status="draft", sort="-count"
    )
    assert "还没有下达的方案" in _page(signed_in(liaison), "plans:index")


def test_a_draft_is_named_anew_and_discarded(plan: Plan, officer: Actor, signed_in: Browser) -> None:
    client = signed_in(officer)
    assert "2026年工作要点" in _page(client, "plans:edit", plan.pk)
    given = {**UPLOAD, "name": "新名称", "version": 1}
    assert client.post(reverse("plans:edit", args=[plan.pk]), given).status_code == 303
    assert (
        client.post(reverse("plans:edit", args=[plan.pk]), given | {"name": "", "version": 2}).status_code
        == 422
    )
    assert client.post(reverse("plans:discard", args=[plan.pk]), {"version": "x"}).status_code == 422
    assert client.post(reverse("plans:discard", args=[plan.pk]), {"version": 2}).status_code == 303
    assert not Plan.objects.exists()


def test_the_breakdown_is_a_workbook(plan: Plan, officer: Actor, unit_a: Unit, signed_in: Browser) -> None:
    assign(officer, measure_saying(plan, "20场"), leads=[unit_a])
    answer = signed_in(officer).get(reverse("plans:export", args=[plan.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert any("任务分解表" in str(row) for row in rows[:2])
    first = next(row for row in rows if row and row[0] == 1)
    assert "甲局" in first
    assert 20 in first
    assert len([row for row in rows if row and isinstance(row[0], int)]) == 7


def test_the_stored_plan_as_json_is_the_proposal_until_it_is_corrected(plan: Plan) -> None:
    stored, proposed = plan_json(plan), propose(TEXT, year=2026).as_json()
    assert stored.keys() == proposed.keys()

    def skeleton(clauses: list[dict[str, object]]) -> list[object]:
        return [
            (c["label"], c["heading"], c["text"], [m["text"] for m in c["measures"]], skeleton(c["children"]))  # type: ignore[attr-defined,arg-type,index]
            for c in clauses
        ]

    assert skeleton(stored["clauses"]) == skeleton(proposed["clauses"])
    assert stored["closing"] == proposed["closing"]


def test_pages_ask_the_database_a_bounded_number_of_times(
    plan: Plan,
    officer: Actor,
    unit_a: Unit,
    signed_in: Browser,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for measure in plan.measures.all():
        assign(officer, measure, leads=[unit_a])
    client = signed_in(officer)
    for name in ("plans:plan", "plans:draft", "plans:breakdown", "plans:checklist"):
        with django_assert_max_num_queries(26):  # type: ignore[attr-defined]
            _page(client, name, plan.pk)
