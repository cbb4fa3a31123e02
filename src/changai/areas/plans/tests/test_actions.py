from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.reference import SPEECH

from changai.areas.evidence.models import EvidenceFile
from changai.areas.organisations.models import Unit
from changai.areas.plans import actions
from changai.areas.plans.actions.corrections import TextLost, check_text
from changai.areas.plans.models import Clause, Measure, Plan
from changai.areas.plans.queries import draft_of, plan_text
from changai.areas.plans.tests.make import AT, TEXT, assign, make_plan, measure_saying
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved, Unreadable
from changai.foundation.actors import MACHINE, Actor
from changai.foundation.audit.models import AuditEvent


@pytest.fixture
def plan(officer: Actor) -> Plan:
    return make_plan(officer)


def _clause(plan: Plan, heading: str) -> Clause:
    return plan.clauses.get(heading=heading)


def _state(plan: Plan) -> tuple[object, ...]:
    """Everything a correction may change."""
    plan.refresh_from_db()
    measures = [
        (m.pk, m.clause_id, m.text, m.quantities, m.dates, m.is_dropped, m.due_on, m.target_value,
         sorted(m.assignments.values_list("unit_id", "part")))
        for m in plan.measures.order_by("position", "pk")
    ]  # fmt: skip
    return (draft_of(plan), measures)


def test_an_upload_keeps_every_character_and_proposes_the_tree(plan: Plan, officer: Actor) -> None:
    assert plan_text(plan) == TEXT
    assert plan.title == "示范市产业工人队伍建设改革2026年工作要点"
    assert list(plan.clauses.values_list("level", "label", "heading")) == [
        (0, "一、", "加强思想引领"), (1, "（一）", "开展宣讲"), (1, "（二）", "选树典型"),
        (0, "二、", "提升技能素质"), (1, "（一）", "开展培训"), (1, "（二）", "组织竞赛"),
        (0, "三、", "工作要求"),
    ]  # fmt: skip
    assert plan.measures.count() == 7
    assert plan.source_file is not None
    assert plan.source_file.unit_id == officer.unit_id
    assert AuditEvent.objects.filter(act="plan.upload", object_id=str(plan.pk)).exists()


def test_an_upload_prefills_target_and_deadline(plan: Plan) -> None:
    talks = measure_saying(plan, "不少于20场")
    assert (talks.target_value, talks.target_unit, talks.due_on) == (Decimal(20), "场", None)
    assert measure_saying(plan, "宣讲团").due_on == date(2026, 6, 30)


@pytest.mark.skipif(not SPEECH.exists(), reason=f"{SPEECH} is not on this machine")
def test_a_real_paper_comes_in_whole(officer: Actor) -> None:
    text = SPEECH.read_text(encoding="utf-8")
    plan = make_plan(officer, text=text)
    assert plan_text(plan) == text
    tops = list(plan.clauses.filter(level=0))
    assert len(tops) == 3


def test_the_same_text_is_taken_in_once(plan: Plan, officer: Actor) -> None:
    with pytest.raises(Invalid, match="已录入的《2026年工作要点》内容完全相同"):
        make_plan(officer, text=TEXT.replace("\n", "\r\n"), name="又一份")
    assert Plan.objects.count() == 1


@pytest.mark.parametrize(
    ("file_name", "content"), [("坏.docx", b"PK\x03\x04 no archive"), ("空.txt", b" \r\n\xe3\x80\x80")]
)
def test_an_unreadable_or_empty_file_leaves_nothing(officer: Actor, file_name: str, content: bytes) -> None:
    with pytest.raises(Unreadable, match=file_name):
        actions.upload_plan(
            officer, name="坏文件", kind="yearly", year=2026, starts_on=date(2026, 1, 1),
            ends_on=date(2026, 12, 31), file_name=file_name, content=content, at=AT,
        )  # fmt: skip
    assert not Plan.objects.exists()
    assert not EvidenceFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "ends_on", "sentence"),
    [
        ("长" * 201, date(2026, 12, 31), "方案名称"),
        (" ", date(2026, 12, 31), "方案名称"),
        ("要点", date(2025, 12, 31), "早于起始日期"),
    ],
)
def test_wrong_fields_are_refused(officer: Actor, name: str, ends_on: date, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        actions.upload_plan(
            officer, name=name, kind="yearly", year=2026, starts_on=date(2026, 1, 1), ends_on=ends_on,
            file_name="a.txt", content=TEXT.encode(), at=AT,
        )  # fmt: skip


def test_a_plan_without_a_name_is_called_as_its_title_says(officer: Actor) -> None:
    assert make_plan(officer, name="").name == "示范市产业工人队伍建设改革2026年工作要点"


def test_a_paper_without_a_title_is_called_as_its_file(officer: Actor) -> None:
    plan = make_plan(officer, name="", text="各单位要在6月底前开展培训200人次。\n")
    assert plan.name == "要点"


def test_only_the_office_takes_in_plans(liaison: Actor) -> None:
    with pytest.raises(NotAllowed):
        make_plan(liaison)


def test_a_plan_is_taken_in_for_a_unit(officer: Actor) -> None:
    with pytest.raises(NotAllowed):
        make_plan(MACHINE)


def test_a_clause_that_does_not_exist_is_not_visible(officer: Actor) -> None:
    with pytest.raises(NotVisible):
        actions.merge_clause(officer, 0, version=1, at=AT)


def test_a_draft_does_not_exist_for_units(plan: Plan, liaison: Actor) -> None:
    with pytest.raises(NotVisible):
        actions.promote_clause(liaison, _clause(plan, "开展宣讲").pk, version=plan.version, at=AT)


def test_merging_moves_the_measures_and_undo_brings_all_back(plan: Plan, officer: Actor) -> None:
    before = _state(plan)
    clause = _clause(plan, "选树典型")
    actions.merge_clause(officer, clause.pk, version=plan.version, at=AT)
    assert not plan.clauses.filter(pk=clause.pk).exists()
    assert measure_saying(plan, "优秀产业工人").clause.heading == "开展宣讲"
    assert plan_text(Plan.objects.get(pk=plan.pk)) == TEXT
    assert (
        actions.undo_correction(officer, plan.pk, version=plan.version + 1, at=AT)
        == "“（二）选树典型”并入上一条"
    )
    assert _state(plan) == before


def test_merging_the_first_clause_takes_its_measures_out(officer: Actor) -> None:
    plan = make_plan(officer, text="一、要做好甲。\n二、要做好乙。\n")
    before = _state(plan)
    first = plan.clauses.get(position=1)
    actions.merge_clause(officer, first.pk, version=plan.version, at=AT)
    plan.refresh_from_db()
    assert plan.preamble.startswith("一、")
    assert [m.text for m in plan.measures.all()] == ["要做好乙"]
    actions.undo_correction(officer, plan.pk, version=plan.version, at=AT)
    assert _state(plan) == before


def test_splitting_recognises_a_label_and_moves_the_measures_behind(plan: Plan, officer: Actor) -> None:
    clause = _clause(plan, "开展宣讲")
    before = _state(plan)
    made = actions.split_clause(
        officer, clause.pk, offset=clause.text.index("6月底"), version=plan.version, at=AT
    )
    assert [c.pk for c in plan.clauses.filter(position__lte=3)][1:] == [clause.pk, made]
    assert measure_saying(plan, "宣讲团").clause_id == made
    assert measure_saying(plan, "20场").clause_id == clause.pk
    plan.refresh_from_db()
    actions.undo_correction(officer, plan.pk, version=plan.version, at=AT)
    assert _state(plan) == before


def test_a_split_part_with_a_label_gets_it(officer: Actor) -> None:
    plan = make_plan(officer, text="一、总则\n要做好甲。\n  其他事项\n要做好乙。\n")
    clause = plan.clauses.get(position=1)
    made = actions.split_clause(officer, clause.pk, offset=clause.text.index("  其他"), version=1, at=AT)
    assert Clause.objects.get(pk=made).text.startswith("其他事项")
    actions.merge_clause(officer, made, version=2, at=AT)
    with pytest.raises(Invalid, match="不在该条文字之内"):
        actions.split_clause(officer, clause.pk, offset=-1, version=3, at=AT)


def test_a_clause_can_be_taken_from_preamble_and_closing(plan: Plan, officer: Actor) -> None:
    offset = plan.preamble.index("为做好")
    made = actions.add_clause(officer, plan.pk, source="preamble", offset=offset, version=1, at=AT)
    assert plan.clauses.get(pk=made).position == 1
    last = actions.add_clause(officer, plan.pk, source="closing", offset=len(plan.closing), version=2, at=AT)
    assert plan.clauses.order_by("position").last().pk == last  # type: ignore[union-attr]
    assert plan_text(Plan.objects.get(pk=plan.pk)) == TEXT


def test_relevelling_takes_the_branch_along(plan: Plan, officer: Actor) -> None:
    clause = _clause(plan, "提升技能素质")
    actions.demote_clause(officer, clause.pk, version=1, at=AT)
    assert list(plan.clauses.values_list("level", flat=True)) == [0, 1, 1, 1, 2, 2, 0]
    actions.promote_clause(officer, clause.pk, version=2, at=AT)
    assert list(plan.clauses.values_list("level", flat=True)) == [0, 1, 1, 0, 1, 1, 0]


def test_two_officers_at_once_are_told_plainly(plan: Plan, officer: Actor) -> None:
    actions.demote_clause(officer, _clause(plan, "提升技能素质").pk, version=1, at=AT)
    sentence = f"{officer.name}已于1月5日 09:30修改了同一条记录，请刷新后再操作。"
    with pytest.raises(RecordMoved) as refusal:
        actions.demote_clause(officer, _clause(plan, "组织竞赛").pk, version=1, at=AT)
    assert refusal.value.sentence == sentence


def test_measures_are_dropped_and_restored(plan: Plan, officer: Actor) -> None:
    ids = list(plan.measures.values_list("pk", flat=True)[:2])
    assert actions.drop_measures(officer, plan.pk, measure_ids=ids, version=1, at=AT) == 2
    assert plan.measures.filter(is_dropped=True).count() == 2
    with pytest.raises(Invalid, match="请先选择任务"):
        actions.drop_measures(officer, plan.pk, measure_ids=ids, version=2, at=AT)
    assert actions.restore_measures(officer, plan.pk, measure_ids=ids[:1], version=2, at=AT) == 1
    actions.undo_correction(officer, plan.pk, version=3, at=AT)
    actions.undo_correction(officer, plan.pk, version=4, at=AT)
    assert not plan.measures.filter(is_dropped=True).exists()
    with pytest.raises(Invalid, match="没有可以撤销"):
        actions.undo_correction(officer, plan.pk, version=5, at=AT)


def test_a_measure_is_worded_anew_with_its_figures(plan: Plan, officer: Actor) -> None:
    measure = measure_saying(plan, "优秀产业工人")
    actions.edit_measure(officer, measure.pk, text=" 选树优秀产业工人120名 ", version=1, at=AT)
    measure.refresh_from_db()
    assert measure.text == "选树优秀产业工人120名"
    assert measure.quantities[0]["low"] == "120"
    with pytest.raises(Invalid, match="不能为空"):
        actions.edit_measure(officer, measure.pk, text=" ", version=2, at=AT)


def test_a_measure_is_split_and_merged_again(plan: Plan, officer: Actor, unit_a: Unit) -> None:
    measure = measure_saying(plan, "校企合作")
    assign(officer, measure, leads=[unit_a])
    before = _state(plan)
    order = list(plan.measures.values_list("pk", flat=True))
    offset = measure.text.index("推进")
    made = actions.split_measure(officer, measure.pk, offset=offset, version=1, at=AT)
    order.insert(order.index(measure.pk) + 1, made)
    assert list(plan.measures.values_list("pk", flat=True)) == order
    assert Measure.objects.get(pk=made).text == "推进校企合作。"
    actions.merge_measure(officer, made, version=2, at=AT)
    assert measure_saying(plan, "校企合作").text.endswith("推进校企合作。")
    actions.undo_correction(officer, plan.pk, version=3, at=AT)
    actions.undo_correction(officer, plan.pk, version=4, at=AT)
    assert _state(plan) == before


def test_a_merged_measure_gives_its_units_to_one_without(plan: Plan, officer: Actor, unit_a: Unit) -> None:
    assign(officer, measure_saying(plan, "培训台账"), leads=[unit_a])
    actions.merge_measure(officer, measure_saying(plan, "培训台账").pk, version=1, at=AT)
    merged = measure_saying(plan, "培训台账")
    assert "校企合作" in merged.text
    assert [assigned.unit_id for assigned in merged.assignments.all()] == [unit_a.pk]
    actions.undo_correction(officer, plan.pk, version=2, at=AT)
    assert measure_saying(plan, "培训台账").assignments.get().unit_id == unit_a.pk
    assert not measure_saying(plan, "校企合作").assignments.exists()


def test_the_first_measure_of_a_clause_cannot_be_merged_nor_split_at_its_edge(
    plan: Plan, officer: Actor
) -> None:
    measure = measure_saying(plan, "优秀产业工人")
    with pytest.raises(Invalid, match="之前没有任务"):
        actions.merge_measure(officer, measure.pk, version=1, at=AT)
    with pytest.raises(Invalid, match="没有可拆出"):
        actions.split_measure(officer, measure.pk, offset=0, version=1, at=AT)


def test_a_sentence_of_the_clause_becomes_a_measure_in_its_place(plan: Plan, officer: Actor) -> None:
    clause = _clause(plan, "开展宣讲")
    talks = measure_saying(plan, "20场")
    actions.drop_measures(officer, plan.pk, measure_ids=[measure_saying(plan, "宣讲团").pk], version=1, at=AT)
    made = actions.add_measure(officer, clause.pk, text="6月底前完成宣讲团组建。", version=2, at=AT)
    order = list(plan.measures.filter(is_dropped=False).values_list("pk", flat=True))
    assert order.index(made) == order.index(talks.pk) + 1
    assert Measure.objects.get(pk=made).due_on == date(2026, 6, 30)
    with pytest.raises(Invalid, match="没有这段文字"):
        actions.add_measure(officer, clause.pk, text="从未写过的话", version=3, at=AT)
    with pytest.raises(Invalid, match="已列为任务"):
        actions.add_measure(officer, clause.pk, text="6月底前完成宣讲团组建。", version=3, at=AT)


def test_a_measure_added_to_a_clause_without_any_stands_between_its_neighbours(
    plan: Plan, officer: Actor
) -> None:
    clause = _clause(plan, "加强思想引领")
    made = actions.add_measure(officer, clause.pk, text="加强思想引领", version=1, at=AT)
    assert plan.measures.order_by("position").first().pk == made  # type: ignore[union-attr]


def test_a_step_that_loses_text_keeps_nothing(plan: Plan) -> None:
    Clause.objects.filter(plan=plan, position=2).update(text="")
    with pytest.raises(TextLost):
        check_text(plan)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_row_of_corrections_keeps_the_text_and_can_be_undone(officer: Actor, data: st.DataObject) -> None:
    Plan.objects.all().delete()
    plan = make_plan(officer)
    states = []
    for _ in range(data.draw(st.integers(1, 7))):
        clause = data.draw(st.sampled_from(sorted(plan.clauses.values_list("pk", flat=True))))
        measures = sorted(plan.measures.filter(is_dropped=False).values_list("pk", flat=True)) or [0]
        measure = data.draw(st.sampled_from(measures))
        offset = data.draw(st.integers(0, 30))
        plan.refresh_from_db()
        named = {"version": plan.version, "at": AT}
        corrections: list[Callable[[], object]] = [
            partial(actions.merge_clause, officer, clause, **named),
            partial(actions.split_clause, officer, clause, offset=offset, **named),
            partial(actions.promote_clause, officer, clause, **named),
            partial(actions.demote_clause, officer, clause, **named),
            partial(actions.merge_measure, officer, measure, **named),
            partial(actions.split_measure, officer, measure, offset=offset, **named),
            partial(actions.add_clause, officer, plan.pk, source="preamble", offset=offset, **named),
            partial(actions.add_clause, officer, plan.pk, source="closing", offset=offset, **named),
        ]
        before = _state(plan)
        try:
            data.draw(st.sampled_from(corrections))()
        except (Invalid, NotVisible):
            assert _state(plan) == before
            continue
        states.append(before)
        plan.refresh_from_db()
        assert plan_text(plan) == TEXT
        assert draft_of(plan).is_well_formed()
    while states:
        plan.refresh_from_db()
        actions.undo_correction(officer, plan.pk, version=plan.version, at=AT)
        assert _state(plan) == states.pop()


def test_an_assignment_sets_units_target_and_deadline(
    plan: Plan, officer: Actor, unit_a: Unit, unit_b: Unit
) -> None:
    measure = measure_saying(plan, "20场")
    actions.assign_measure(
        officer, measure.pk, lead_ids=[unit_a.pk], support_ids=[unit_b.pk], target_value=Decimal(30),
        target_unit="场", completion_mark="印发总结", due_on=date(2026, 10, 31), version=1, at=AT,
    )  # fmt: skip
    measure.refresh_from_db()
    assert (measure.target_value, measure.due_on, measure.version) == (Decimal(30), date(2026, 10, 31), 2)
    assert list(measure.assignments.values_list("unit_id", "part")) == [
        (unit_a.pk, "lead"),
        (unit_b.pk, "support"),
    ]
    with pytest.raises(RecordMoved, match=officer.name):
        actions.link_clauses(officer, measure.pk, clause_ids=[], version=1, at=AT)


def test_wrong_assignments_are_refused(plan: Plan, officer: Actor, unit_a: Unit) -> None:
    measure = measure_saying(plan, "20场")

    def give(**changed: object) -> None:
        fields = {"lead_ids": [unit_a.pk], "support_ids": [], "target_value": Decimal(1), "target_unit": "场"}
        fields |= {"completion_mark": "", "due_on": None} | changed
        actions.assign_measure(officer, measure.pk, version=1, at=AT, **fields)  # type: ignore[arg-type]

    with pytest.raises(Invalid, match="既牵头又配合"):
        give(support_ids=[unit_a.pk])
    with pytest.raises(Invalid, match="不能为负数"):
        give(target_value=Decimal(-1))
    with pytest.raises(Invalid, match="目标值的单位"):
        give(target_unit=" ")
    with pytest.raises(Invalid, match="方案期限之内"):
        give(due_on=date(2027, 1, 1))
    Unit.objects.filter(pk=unit_a.pk).update(closed_on=date(2025, 12, 31))
    with pytest.raises(Invalid, match="已撤销的单位"):
        give()
    actions.drop_measures(officer, plan.pk, measure_ids=[measure.pk], version=1, at=AT)
    with pytest.raises(Invalid, match="请先恢复"):
        give()


def test_several_measures_are_assigned_at_once_and_empty_fields_stay(
    plan: Plan, officer: Actor, unit_a: Unit, unit_b: Unit, county: Unit
) -> None:
    talks, training = measure_saying(plan, "20场"), measure_saying(plan, "校企合作")
    assign(officer, talks, leads=[unit_a], supports=[unit_b])
    ids = [talks.pk, training.pk]
    count = actions.assign_measures(officer, plan.pk, measure_ids=ids, lead_ids=[unit_b.pk, county.pk], at=AT)
    assert count == 2
    assert sorted(talks.assignments.values_list("unit_id", "part")) == [
        (unit_b.pk, "lead"),
        (county.pk, "lead"),
    ]
    actions.assign_measures(
        officer, plan.pk, measure_ids=ids, support_ids=[unit_a.pk], due_on=date(2026, 9, 30), at=AT
    )
    assert talks.assignments.filter(part="lead").count() == 2
    assert set(plan.measures.filter(pk__in=ids).values_list("due_on", flat=True)) == {date(2026, 9, 30)}
    with pytest.raises(Invalid, match="请先勾选"):
        actions.assign_measures(officer, plan.pk, measure_ids=[], lead_ids=[unit_a.pk], at=AT)
    with pytest.raises(Invalid, match="至少填写一项"):
        actions.assign_measures(officer, plan.pk, measure_ids=ids, at=AT)


def test_measures_are_linked_to_clauses_of_issued_plans_only(
    plan: Plan, officer: Actor, office_head: Actor
) -> None:
    higher = make_plan(officer, text="省方案\n一、要做好宣讲。\n", name="省方案")
    measure = measure_saying(plan, "20场")
    clause = higher.clauses.get()
    with pytest.raises(Invalid, match="已下达方案"):
        actions.link_clauses(officer, measure.pk, clause_ids=[clause.pk], version=1, at=AT)
    actions.issue_plan(office_head, higher.pk, version=1, at=AT)
    actions.link_clauses(officer, measure.pk, clause_ids=[clause.pk], version=1, at=AT)
    assert list(measure.higher_clauses.all()) == [clause]


def test_a_draft_is_named_anew_or_discarded(plan: Plan, officer: Actor) -> None:
    fields = {"name": "新名", "kind": "yearly", "year": 2026, "document_number": "示产改〔2026〕1号"}
    span = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    actions.edit_plan(officer, plan.pk, version=1, at=AT, **fields, **span)  # type: ignore[arg-type]
    plan.refresh_from_db()
    assert (plan.name, plan.document_number) == ("新名", "示产改〔2026〕1号")
    span["ends_on"] = date(2026, 3, 31)
    with pytest.raises(Invalid, match="有2项任务的完成时限晚于"):
        actions.edit_plan(officer, plan.pk, version=2, at=AT, **fields, **span)  # type: ignore[arg-type]
    actions.discard_plan(officer, plan.pk, version=2, at=AT)
    assert not Plan.objects.exists()
    assert make_plan(officer).pk


def test_issuing_numbers_the_measures_and_freezes_the_plan(
    plan: Plan, officer: Actor, office_head: Actor
) -> None:
    dropped = measure_saying(plan, "培训台账")
    actions.drop_measures(officer, plan.pk, measure_ids=[dropped.pk], version=1, at=AT)
    with pytest.raises(NotAllowed):
        actions.issue_plan(officer, plan.pk, version=2, at=AT)
    issued = actions.issue_plan(office_head, plan.pk, version=2, at=AT)
    assert (issued.status, issued.issued_by_name) == ("issued", office_head.name)
    assert list(plan.measures.values_list("code", "is_dropped")) == [
        ("1-1-1", False), ("1-1-2", False), ("1-2-1", False), ("2-1-1", False), ("", True), ("2-2-1", False),
        ("3-1", False),
    ]  # fmt: skip
    assert measure_saying(plan, "20场").due_on == plan.ends_on
    version = issued.version
    with pytest.raises(RecordMoved, match="方案已下达"):
        actions.undo_correction(officer, plan.pk, version=version, at=AT)
    with pytest.raises(RecordMoved, match="方案已下达"):
        assign(officer, measure_saying(plan, "20场"))
    with pytest.raises(RecordMoved, match="方案已下达"):
        actions.issue_plan(office_head, plan.pk, version=version, at=AT + timedelta(days=1))


def test_a_plan_without_measures_is_not_issued(officer: Actor, office_head: Actor) -> None:
    plan = make_plan(officer, text="今天天气晴朗\n\n一、这是说明。\n")
    plan.measures.all().delete()
    with pytest.raises(Invalid, match="没有任务"):
        actions.issue_plan(office_head, plan.pk, version=1, at=AT)
