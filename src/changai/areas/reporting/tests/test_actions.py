from datetime import date
from decimal import Decimal

import pytest

from changai.areas.evidence.models import EvidenceFile
from changai.areas.facts.models import Fact
from changai.areas.registers.training.models import TrainingClass
from changai.areas.reporting import actions
from changai.areas.reporting.actions import CellEdit, FormEntry
from changai.areas.reporting.models import Form, Obligation, Report, Submission
from changai.areas.reporting.queries import marks_of
from changai.areas.reporting.rules.snapshots import digest_of
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OCTOBER,
    OFFICER,
    OPENED,
    TOO_LATE,
    accept,
    actor_of,
    fill,
    head_of,
    liaison_of,
    make_claim,
    make_field,
    make_form,
    make_office,
    make_report,
    make_unit,
    send_back,
    sign,
    submit,
)
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved
from changai.foundation.actors import MACHINE, Role
from changai.foundation.audit.models import AuditEvent
from changai.foundation.notices.models import Notice

pytestmark = pytest.mark.django_db


# --- forms ---


def test_a_form_is_composed_issued_and_stopped_by_the_office() -> None:
    field = make_field()
    form = make_form(field, issued=False)

    actions.edit_form(
        OFFICER, form.pk, FormEntry("台账", ("county", "member"), [field.pk]), version=1, at=OPENED
    )
    actions.issue_form(OFFICER, form.pk, at=OPENED)
    actions.retire_form(OFFICER, form.pk, at=OPENED)

    form.refresh_from_db()
    assert (form.name, form.levels, form.issued_at, form.is_closed) == (
        "台账",
        ["county", "member"],
        OPENED,
        True,
    )
    for again in (actions.issue_form, actions.retire_form):
        with pytest.raises(RecordMoved):
            again(OFFICER, form.pk, at=OPENED)
    with pytest.raises(RecordMoved):
        actions.edit_form(OFFICER, form.pk, FormEntry("台账", ("county",), []), version=1, at=OPENED)


def test_a_form_asks_only_what_units_or_registers_know() -> None:
    counted = make_field(source="ledger", source_key="ledger.late")

    with pytest.raises(Invalid) as refused:
        actions.create_form(OFFICER, FormEntry("", ("nowhere",), [counted.pk], due_day=31), at=OPENED)
    assert len(refused.value.faults) == 4
    nowhere = make_field(source="register", source_key="training.nothing")
    with pytest.raises(Invalid):
        actions.create_form(OFFICER, FormEntry("台账", ("county",), [nowhere.pk]), at=OPENED)
    with pytest.raises(NotAllowed):
        actions.create_form(liaison_of(make_unit()), FormEntry("台账", ("county",), []), at=OPENED)
    with pytest.raises(NotVisible):
        actions.issue_form(OFFICER, 0, at=OPENED)


# --- opening ---


def test_opening_a_month_makes_one_obligation_and_one_prefilled_report_a_unit() -> None:
    unit, other = make_unit(), make_unit()
    make_unit(closed_on=date(2026, 6, 30))
    make_unit(level="member")
    claim = make_claim(unit)
    asked, known = make_field(), make_field(source="register", source_key="training.persons")
    TrainingClass.objects.create(
        unit=unit, title="焊工班", kind="skill", held_on=date(2026, 10, 8), hours=24, persons=40,
        entered_by_name="x", entered_at=OPENED,
    )  # fmt: skip

    period = actions.open_period(OFFICER, make_form(asked, known).pk, month=OCTOBER, at=OPENED)

    assert period.due_on == date(2026, 11, 5)
    assert set(period.obligations.values_list("unit_id", flat=True)) == {unit.pk, other.pk}
    report = Report.objects.get(obligation__unit=unit)
    line = report.task_lines.get()
    assert (line.claim, line.last_percent) == (claim, None)
    assert 80 < line.scheduled_percent < 90
    figure = report.figure_lines.get(field=known)
    assert (figure.prefilled_value, figure.value) == (Decimal(40), None)
    assert figure.prefilled_from
    assert figure.prefilled_address
    assert report.figure_lines.get(field=asked).prefilled_value is None
    assert Notice.objects.filter(role=Role.UNIT_LIAISON).count() == 2


def test_what_was_sent_last_month_stands_in_the_next_sheet() -> None:
    unit, field = make_unit(), make_field()
    make_claim(unit)
    form = make_form(field)
    accept(sign(make_report(unit, form, month=OCTOBER.plus(-1))))

    report = make_report(unit, form)

    line = report.task_lines.get()
    assert (line.last_percent, line.last_text) == (Decimal(80), "已办班三期。")
    assert report.figure_lines.get().last_value == 5


def test_a_month_opens_once_and_only_for_an_issued_form() -> None:
    make_unit()
    form = make_form()
    actions.open_period(MACHINE, form.pk, month=OCTOBER, at=OPENED)

    with pytest.raises(RecordMoved, match="已经开启"):
        actions.open_period(OFFICER, form.pk, month=OCTOBER, at=OPENED)
    for wrong in (make_form(issued=False), make_form(levels=("enterprise",))):
        with pytest.raises(Invalid):
            actions.open_period(OFFICER, wrong.pk, month=OCTOBER, at=OPENED)
    actions.retire_form(OFFICER, form.pk, at=OPENED)
    with pytest.raises(Invalid, match="停用"):
        actions.open_period(OFFICER, form.pk, month=OCTOBER.plus(1), at=OPENED)


def test_opening_for_many_units_takes_few_queries_a_unit(django_assert_max_num_queries: object) -> None:
    units = [make_unit() for _ in range(20)]
    for unit in units:
        make_claim(unit)
    form = make_form(make_field())

    with django_assert_max_num_queries(20 + 30):  # a notice a unit, the rest at once  # type: ignore[operator]
        actions.open_period(OFFICER, form.pk, month=OCTOBER, at=OPENED)


# --- filling ---


def test_cells_are_saved_one_by_one_and_a_wrong_one_does_not_keep_the_others_out() -> None:
    unit, field = make_unit(), make_field(maximum=Decimal(100))
    claim = make_claim(unit)
    report = make_report(unit, make_form(field))

    outcome = actions.save_cells(
        liaison_of(unit), report.pk, at=IN_TIME,
        cells=[
            CellEdit(f"task:{claim.pk}:percent", "８０％"),
            CellEdit(f"task:{claim.pk}:progress", "已办班"),
            CellEdit(f"figure:{field.pk}:value", "1,200"),
            CellEdit(f"task:{claim.pk}:problems", "长" * 1001),
            CellEdit("task:0:percent", "5"),
            CellEdit("elsewhere", "5"),
        ],
    )  # fmt: skip

    assert [(one.state, one.value) for one in outcome.saved] == [
        ("saved", "80"),
        ("saved", "已办班"),
        ("warning", "1200"),
    ]
    assert [one.state for one in outcome.refused] == ["invalid"] * 3
    assert outcome.version == 2
    line = report.task_lines.get()
    assert (line.percent, line.progress, line.problems) == (Decimal(80), "已办班", "")


def test_two_people_on_one_sheet_do_not_overwrite_each_other() -> None:
    unit = make_unit()
    claim = make_claim(unit)
    report = make_report(unit)
    ref = f"task:{claim.pk}:percent"
    actions.save_cells(liaison_of(unit), report.pk, cells=[CellEdit(ref, "60", was="")], at=IN_TIME)

    outcome = actions.save_cells(head_of(unit), report.pk, cells=[CellEdit(ref, "70", was="")], at=IN_TIME)

    assert [(one.state, one.value) for one in outcome.refused] == [("conflict", "60")]
    assert outcome.refused[0].sentence == (
        "联络员乙 已于 10:00 修改了同一条记录。您的内容已保留在下方，请对照后选择保留哪一项。"
    )
    assert report.task_lines.get().percent == 60
    again = actions.save_cells(head_of(unit), report.pk, cells=[CellEdit(ref, "70", was="60%")], at=IN_TIME)
    assert again.saved[0].state == "saved"


def test_saving_the_same_again_conflicts_with_nobody_and_changes_no_version() -> None:
    unit = make_unit()
    claim = make_claim(unit)
    report = make_report(unit)
    edit = CellEdit(f"task:{claim.pk}:percent", "60", was="")
    first = actions.save_cells(liaison_of(unit), report.pk, cells=[edit], at=IN_TIME)

    second = actions.save_cells(liaison_of(unit), report.pk, cells=[edit], at=IN_TIME)

    assert second.version == first.version
    assert not second.refused


def test_a_figure_of_a_register_is_confirmed_not_typed() -> None:
    unit, field = make_unit(), make_field(source="register", source_key="training.persons")
    report = make_report(unit, make_form(field))
    ref = f"figure:{field.pk}:value"

    typed = actions.save_cells(liaison_of(unit), report.pk, cells=[CellEdit(ref, "9")], at=IN_TIME)
    assert "名册自动取数" in typed.refused[0].sentence
    TrainingClass.objects.create(
        unit=unit, title="焊工班", kind="skill", held_on=date(2026, 10, 30), hours=24, persons=12,
        entered_by_name="x", entered_at=OPENED,
    )  # fmt: skip
    actions.confirm_prefilled(liaison_of(unit), report.pk, at=IN_TIME)

    line = report.figure_lines.get()
    assert (line.value, line.prefilled_value) == (Decimal(12), Decimal(12))


def test_a_register_that_moved_after_the_confirmation_has_to_be_confirmed_again() -> None:
    unit, field = make_unit(), make_field(source="register", source_key="training.persons")
    report = fill(make_report(unit, make_form(field)))
    TrainingClass.objects.create(
        unit=unit, title="焊工班", kind="skill", held_on=date(2026, 10, 30), hours=24, persons=12,
        entered_by_name="x", entered_at=OPENED,
    )  # fmt: skip

    with pytest.raises(Invalid) as refused:
        submit(report)
    assert "名册现为 12，上次核对为 0" in refused.value.faults[0]


def test_a_month_without_change_is_one_click_and_keeps_what_was_typed() -> None:
    unit = make_unit()
    claim, kept = make_claim(unit), make_claim(unit)
    flow, stock = make_field(), make_field(gathering="last")
    form = make_form(flow, stock)
    accept(sign(make_report(unit, form, month=OCTOBER.plus(-1))))
    report = make_report(unit, form)
    liaison = liaison_of(unit)
    actions.save_cells(liaison, report.pk, cells=[CellEdit(f"task:{kept.pk}:percent", "95")], at=IN_TIME)

    actions.report_no_change(liaison, report.pk, at=IN_TIME)

    line = report.task_lines.get(claim=claim)
    assert (line.percent, line.progress, line.problems) == (Decimal(80), "已办班三期。", "师资不足。")
    assert report.task_lines.get(claim=kept).percent == 95
    assert report.figure_lines.get(field=flow).value == 0
    assert report.figure_lines.get(field=stock).value == 5
    submit(report)


def test_one_evidence_file_serves_many_lines() -> None:
    unit, field = make_unit(), make_field()
    claim = make_claim(unit)
    report = make_report(unit, make_form(field))
    liaison = liaison_of(unit)
    values = {"digest": "a" * 64, "kind": "pdf", "size_bytes": 1, "added_by_name": "x", "added_at": OPENED}
    file = EvidenceFile.objects.create(unit=unit, name="通知.pdf", **values)
    foreign = EvidenceFile.objects.create(unit=make_unit(parent=unit), name="别的.pdf", **values)

    for line in (f"task:{claim.pk}", f"figure:{field.pk}"):
        actions.attach_evidence(liaison, report.pk, line=line, evidence_id=file.pk, at=IN_TIME)
    actions.detach_evidence(liaison, report.pk, line=f"figure:{field.pk}", evidence_id=file.pk, at=IN_TIME)

    assert report.task_lines.get().evidence.get() == file
    assert not report.figure_lines.get().evidence.exists()
    for line, evidence_id, refusal in (
        ("task:0", file.pk, Invalid),
        (f"task:{claim.pk}", foreign.pk, Invalid),
        (f"task:{claim.pk}", 0, NotVisible),
    ):
        with pytest.raises(refusal):
            actions.attach_evidence(liaison, report.pk, line=line, evidence_id=evidence_id, at=IN_TIME)


# --- sending ---


def test_an_unfinished_sheet_is_refused_with_every_fault() -> None:
    unit = make_unit()
    make_claim(unit)
    report = make_report(unit, make_form(make_field()))

    with pytest.raises(Invalid) as refused:
        submit(report)
    assert str(refused.value) == "还有 3 处需要补正，补正后再提交。"
    assert len(refused.value.faults) == 3
    report.refresh_from_db()
    assert report.status == "draft"


def test_the_signed_sheet_is_frozen_with_its_digest_and_arrives_at_that_moment() -> None:
    unit = make_unit()
    make_claim(unit)
    report = sign(make_report(unit, make_form(make_field())))

    submission = Submission.objects.get()
    assert report.status == "signed"
    assert report.first_arrived_at == report.signed_at == IN_TIME
    assert submission.digest == digest_of(submission.content)
    assert submission.content["tasks"][0]["percent"] == "80"
    assert (submission.number, submission.sent_by_name) == (1, "负责人丙")


def test_the_liaison_submits_and_the_head_signs_not_the_other_way_round() -> None:
    unit = make_unit()
    report = make_report(unit)
    with pytest.raises(NotAllowed):
        actions.submit_report(head_of(unit), report.pk, version=report.version, at=IN_TIME)
    submit(report)
    report.refresh_from_db()
    with pytest.raises(NotAllowed):
        actions.sign_report(liaison_of(unit), report.pk, version=report.version, at=IN_TIME)
    with pytest.raises(NotVisible):
        actions.sign_report(head_of(make_unit()), report.pk, version=report.version, at=IN_TIME)


def test_a_second_submission_and_a_stale_page_are_told_plainly() -> None:
    unit = make_unit()
    report = make_report(unit)
    stale = report.version
    fill(report)
    with pytest.raises(RecordMoved, match="又有改动"):
        actions.submit_report(liaison_of(unit), report.pk, version=stale, at=IN_TIME)
    submit(report)
    with pytest.raises(RecordMoved, match="待本单位负责人审签"):
        submit(report)


def test_the_liaison_takes_it_back_until_it_is_signed() -> None:
    unit = make_unit()
    report = submit(make_report(unit))
    actions.withdraw_report(liaison_of(unit), report.pk, at=IN_TIME)
    report.refresh_from_db()
    assert report.status == "draft"
    sign(report)
    with pytest.raises(RecordMoved):
        actions.withdraw_report(liaison_of(unit), report.pk, at=IN_TIME)


def test_the_head_gives_it_back_with_a_reason() -> None:
    unit = make_unit()
    report = submit(make_report(unit))
    head = head_of(unit)
    with pytest.raises(Invalid):
        actions.send_back_to_liaison(head, report.pk, reason=" ", version=report.version, at=IN_TIME)
    actions.send_back_to_liaison(head, report.pk, reason="数据再核一下", version=report.version, at=IN_TIME)

    report.refresh_from_db()
    assert (report.status, report.declined_reason) == ("draft", "数据再核一下")
    submit(report)
    report.refresh_from_db()
    assert report.declined_reason == ""


def test_a_submitted_sheet_is_locked() -> None:
    unit = make_unit()
    claim = make_claim(unit)
    report = submit(fill(make_report(unit)))

    with pytest.raises(RecordMoved, match="撤回"):
        actions.save_cells(
            liaison_of(unit), report.pk, cells=[CellEdit(f"task:{claim.pk}:percent", "1")], at=IN_TIME
        )


# --- reviewing ---


def test_accepting_turns_figures_into_facts_and_completes_items() -> None:
    unit, field, empty = make_unit(), make_field(), make_field()
    claim = make_claim(unit)
    report = make_report(unit, make_form(field, empty))
    fill(report, percent="100", value="412")
    cells = [CellEdit(f"figure:{empty.pk}:value", ""), CellEdit(f"figure:{empty.pk}:remark", "本县无此项")]
    actions.save_cells(liaison_of(unit), report.pk, cells=cells, at=IN_TIME)
    submitted = submit(report)
    actions.sign_report(head_of(unit), report.pk, version=submitted.version, at=IN_TIME)

    accept(report)

    fact = Fact.objects.get(field=field)
    assert (fact.value, fact.status, fact.month) == (Decimal(412), "REPORTED", date(2026, 10, 1))
    assert (fact.origin_type, fact.origin_id) == ("reporting.report", str(report.pk))
    assert Fact.objects.get(field=empty).status == "NOT_APPLICABLE"
    claim.refresh_from_db()
    assert claim.completed_on == date(2026, 10, 31)
    assert Submission.objects.get().outcome == "accepted"


def test_a_return_names_cells_reason_and_day_and_the_unit_sends_again() -> None:
    unit = make_unit()
    claim = make_claim(unit)
    report = sign(make_report(unit))

    send_back(report, marks={f"task:{claim.pk}:progress": "写明期数和人数"})

    report.refresh_from_db()
    assert (report.status, report.times_returned, report.return_due_on) == ("returned", 1, date(2026, 11, 8))
    assert marks_of(report) == {f"task:{claim.pk}:progress": "写明期数和人数"}
    sign(report, at=TOO_LATE)
    assert report.first_arrived_at == IN_TIME
    accept(report)
    assert [(one.number, one.outcome) for one in report.submissions.all()] == [
        (1, "returned"),
        (2, "accepted"),
    ]


@pytest.mark.parametrize(
    ("reason", "marks", "due_on"),
    [
        ("", {}, date(2026, 11, 8)),
        ("不行", {}, date(2026, 11, 8)),
        ("写得不够具体", {"task:0:progress": "x"}, date(2026, 11, 8)),
        ("写得不够具体", {"percent": ""}, date(2026, 11, 8)),
        ("写得不够具体", {}, date(2026, 11, 2)),
    ],
)
def test_a_return_without_a_reason_a_real_cell_or_time_is_refused(
    reason: str, marks: dict[str, str], due_on: date
) -> None:
    report = sign(make_report(make_unit()))

    with pytest.raises(Invalid):
        actions.return_report(
            OFFICER, report.pk, reason=reason, marks=marks, due_on=due_on, version=report.version, at=IN_TIME
        )
    report.refresh_from_db()
    assert report.status == "signed"


def test_nobody_reviews_the_own_unit_and_a_county_only_what_is_below_it() -> None:
    county = make_unit()
    township = make_unit(parent=county, level="sub")
    office = make_office()
    form = make_form(levels=("county", "sub", "office"))
    own, below, foreign = (make_report(unit, form) for unit in (county, township, office))
    own, below, foreign = sign(own), sign(below), sign(foreign)
    reviewer = actor_of(Role.COUNTY_REVIEWER, county)

    accept(below, actor=reviewer)
    with pytest.raises(NotAllowed, match="不能审核本单位"):
        accept(own, actor=reviewer)
    with pytest.raises(NotVisible):
        accept(foreign, actor=reviewer)
    with pytest.raises(NotAllowed, match="不能审核本单位"):
        accept(foreign, actor=actor_of(Role.OFFICE_OFFICER, office))
    with pytest.raises(NotAllowed):
        accept(own, actor=actor_of(Role.LEADER))


def test_the_second_of_two_reviewers_is_told_what_happened() -> None:
    report = sign(make_report(make_unit()))
    accept(report)

    with pytest.raises(RecordMoved, match="已由办公室甲采用"):
        send_back(report)
    report.refresh_from_db()
    assert report.times_returned == 0


def test_clean_reports_are_accepted_together_and_one_that_is_not_is_named() -> None:
    clean, unclean = make_unit(), make_unit()
    make_claim(clean)
    make_claim(unclean)
    reports = [sign(make_report(unit)) for unit in (clean, unclean)]
    unclean_report = reports[1]
    chosen = [(report.pk, report.version) for report in reports]
    unclean_report.task_lines.update(percent=Decimal(10))

    with pytest.raises(Invalid):
        actions.accept_reports(OFFICER, [], at=IN_TIME)
    outcomes = actions.accept_reports(OFFICER, [*chosen, (0, 1)], at=IN_TIME)
    again = actions.accept_reports(OFFICER, chosen[:1], at=IN_TIME)

    assert [(one.unit_name, one.refusal[:6]) for one in outcomes] == [
        (clean.short_name, ""),
        (unclean.short_name, "有需要留意之"),
        ("", "没有找到这条"),
    ]
    assert "已由办公室甲采用" in again[0].refusal

    assert [Report.objects.get(pk=report.pk).status for report in reports] == ["accepted", "signed"]


# --- obligations ---


def test_an_exempt_unit_owes_nothing_and_files_nothing() -> None:
    unit = make_unit()
    report = make_report(unit)

    actions.exempt_obligation(OFFICER, report.obligation_id, reason="机构调整", at=IN_TIME)

    assert Obligation.objects.get(period__opened_at__isnull=False).exempted_at == IN_TIME
    with pytest.raises(RecordMoved, match="机构调整"):
        submit(report)
    with pytest.raises(RecordMoved):
        actions.exempt_obligation(OFFICER, report.obligation_id, reason="再来", at=IN_TIME)


def test_an_extension_moves_the_due_day_later() -> None:
    report = make_report(make_unit())
    extend = actions.extend_obligation

    extend(OFFICER, report.obligation_id, due_on=date(2026, 11, 10), reason="防汛", at=IN_TIME)

    assert Obligation.objects.get(period__opened_at__isnull=False).due_on == date(2026, 11, 10)
    with pytest.raises(Invalid, match="晚于"):
        extend(OFFICER, report.obligation_id, due_on=date(2026, 11, 10), reason="防汛", at=IN_TIME)
    with pytest.raises(Invalid, match="原因"):
        extend(OFFICER, report.obligation_id, due_on=date(2026, 11, 12), reason=" ", at=IN_TIME)
    sign(report)
    with pytest.raises(RecordMoved, match="已经报送"):
        extend(OFFICER, report.obligation_id, due_on=date(2026, 11, 12), reason="防汛", at=IN_TIME)
    with pytest.raises(NotVisible):
        extend(OFFICER, 0, due_on=date(2026, 11, 12), reason="防汛", at=IN_TIME)
    with pytest.raises(NotAllowed):
        extend(
            liaison_of(make_unit()), report.obligation_id, due_on=date(2026, 11, 12), reason="x", at=IN_TIME
        )


def test_only_units_that_owe_are_reminded_and_once_a_day() -> None:
    form = make_form()
    missing, arrived, exempt = (make_unit() for _ in range(3))
    make_report(missing, form)
    sign(make_report(arrived, form))
    actions.exempt_obligation(OFFICER, make_report(exempt, form).obligation_id, reason="机构调整", at=IN_TIME)
    period = form.periods.get()
    before = Notice.objects.count()

    assert actions.remind_missing(OFFICER, period.pk, at=IN_TIME) == 1

    reminders = Notice.objects.order_by("pk")[before:]
    assert {(notice.unit_id, notice.role) for notice in reminders} == {
        (missing.pk, "unit_liaison"), (missing.pk, "unit_head")
    }  # fmt: skip
    assert actions.remind_missing(OFFICER, period.pk, at=IN_TIME) == 0


def test_who_was_sent_back_is_reminded_by_its_own_day_and_nobody_of_what_is_locked() -> None:
    units, form = [make_unit(), make_unit()], make_form()
    locked, returned = (make_report(unit, form) for unit in units)
    send_back(sign(returned))
    Obligation.objects.filter(pk=locked.obligation_id).update(locked_at=IN_TIME)
    before = Notice.objects.count()
    assert actions.remind_missing(OFFICER, returned.obligation.period_id, at=TOO_LATE) == 1
    told = Notice.objects.order_by("pk")[before:]
    assert {notice.unit_id for notice in told} == {returned.obligation.unit_id}
    assert told[0].sentence == "10月月报退回后尚未重报，重报期限11月8日，已逾期，请抓紧办理。"


# --- closing ---


def test_closing_counts_every_unit_into_facts() -> None:
    asked = make_field()
    late, missing, due, done = (
        make_field(source=source, source_key=f"{source if source == 'ledger' else 'tasks'}.{key}")
        for source, key in (("ledger", "late"), ("ledger", "missing"), ("task", "due"), ("task", "done"))
    )
    form = make_form(asked)
    tardy, silent, exempt = (make_unit() for _ in range(3))
    make_claim(tardy, due_on=date(2026, 10, 20))
    accept(sign(make_report(tardy, form), at=TOO_LATE), at=TOO_LATE)
    make_report(silent, form)
    actions.exempt_obligation(OFFICER, make_report(exempt, form).obligation_id, reason="机构调整", at=IN_TIME)

    actions.close_period(OFFICER, form.periods.get().pk, at=TOO_LATE)

    facts = {
        (fact.unit_id, fact.field_id): (fact.value, fact.status)
        for fact in Fact.objects.filter(is_current=True)
    }
    assert facts[tardy.pk, asked.pk] == (Decimal(5), "REPORTED")
    assert facts[tardy.pk, late.pk] == (1, "REPORTED")
    assert facts[tardy.pk, due.pk] == (1, "REPORTED")
    assert facts[tardy.pk, done.pk] == (0, "REPORTED")
    assert facts[silent.pk, asked.pk] == (None, "NOT_REPORTED")
    assert facts[silent.pk, missing.pk] == (1, "REPORTED")
    assert facts[exempt.pk, asked.pk] == (None, "NOT_APPLICABLE")
    assert facts[exempt.pk, missing.pk] == (None, "NOT_APPLICABLE")
    record = Obligation.objects.get(unit=tardy).record
    assert (record["standing"], len(record["claims"]), record["progress"]) == ("late", 1, "80.0")


def test_a_month_does_not_close_over_waiting_reports_or_running_days() -> None:
    form = make_form()
    unit = make_unit()
    report = make_report(unit, form)
    period = form.periods.get()
    with pytest.raises(Invalid, match="尚在报送期限内"):
        actions.close_period(OFFICER, period.pk, at=IN_TIME)
    sign(report)
    with pytest.raises(Invalid, match="1 份月报待审核"):
        actions.close_period(OFFICER, period.pk, at=TOO_LATE)
    accept(report)
    actions.close_period(OFFICER, period.pk, at=TOO_LATE)
    with pytest.raises(RecordMoved):
        actions.close_period(OFFICER, period.pk, at=TOO_LATE)
    with pytest.raises(NotVisible):
        actions.close_period(OFFICER, 0, at=TOO_LATE)


def test_nothing_moves_in_a_closed_month() -> None:
    form = make_form()
    report = make_report(make_unit(), form)
    actions.close_period(OFFICER, form.periods.get().pk, at=TOO_LATE)

    with pytest.raises(RecordMoved, match="已关闭"):
        submit(report)


# --- the law ---


def test_audit_lines_name_cells_and_digests_and_hold_no_text() -> None:
    unit = make_unit()
    make_claim(unit)
    sign(make_report(unit))

    lines = AuditEvent.objects.filter(act__startswith="report.")
    assert {line.act for line in lines} == {"report.fill", "report.confirm", "report.submit", "report.sign"}
    assert "已办班" not in str([line.detail for line in lines])
    assert Form.objects.count() == 1
