"""The life of a rule: written with test values, tried on history, switched on, replaced, switched off."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from changai.areas.facts.tests.make import make_fact
from changai.areas.reporting import queries
from changai.areas.reporting.actions import (
    CellEdit,
    RuleEntry,
    check_report,
    create_check,
    discard_check,
    edit_check,
    install_default_checks,
    save_cells,
    sign_report,
    submit_report,
    switch_off_check,
    switch_on_check,
    try_check,
)
from changai.areas.reporting.models import CheckHit, CheckRule, CheckVersion, FigureLine, Report
from changai.areas.reporting.rules.default_checks import DEFAULTS
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OCTOBER,
    OFFICER,
    OPENED,
    Field,
    accept,
    head_of,
    liaison_of,
    make_claim,
    make_field,
    make_form,
    make_report,
    make_unit,
    switch_on,
)
from changai.core.checks import (
    AgainstLedger,
    Compare,
    Known,
    NeverFalls,
    OwnHistory,
    PartOfWhole,
    Peers,
    RollUp,
    Rule,
    Severity,
    faults_of,
)
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved

pytestmark = pytest.mark.django_db
D = Decimal
WITHIN = {"passes": {"part": "5", "whole": "5"}, "fails": {"part": "6", "whole": "5"}}


def contract(severity: str = "block") -> tuple[RuleEntry, Field, Field]:
    signed, due = make_field(unit_of_measure="家"), make_field(unit_of_measure="家")
    kind = PartOfWhole(signed.code, due.code)
    return RuleEntry("已签不超过应签", kind, Severity(severity), "口径", **WITHIN), signed, due


def typed(report: Report, **values: str) -> None:
    edits = [CellEdit(ref.replace("_", ":"), value) for ref, value in values.items()]
    save_cells(liaison_of(report.obligation.unit), report.pk, cells=edits, at=IN_TIME)


def test_a_rule_is_written_tried_and_switched_on_and_then_stops_a_sheet() -> None:
    entry, signed, due = contract()
    report = make_report(make_unit(), make_form(signed, due))
    typed(report, **{f"figure_{signed.pk}_value": "7", f"figure_{due.pk}_value": "5"})
    rule = create_check(OFFICER, entry, at=OPENED)
    assert queries.faults_in(report) == ()
    with pytest.raises(Invalid) as refused:
        switch_on_check(OFFICER, rule.pk, version=1, at=OPENED)
    assert "试运行" in refused.value.faults[0]
    try_check(OFFICER, rule.pk, version=1, at=OPENED)
    switch_on_check(OFFICER, rule.pk, version=2, at=OPENED)

    fault = queries.faults_in(report)[0]

    assert (fault.code, fault.brief, fault.cell) == (rule.code, entry.name, f"figure:{signed.pk}:value")
    assert fault.sentence == f"“{signed.name}”为 7，不应大于“{due.name}” 5，多出 2，请核对。"
    report.refresh_from_db()
    with pytest.raises(Invalid, match="还有 1 处需要补正"):
        submit_report(liaison_of(report.obligation.unit), report.pk, version=report.version, at=IN_TIME)


def test_what_must_be_explained_passes_with_a_reason_and_the_reviewer_reads_it() -> None:
    entry, signed, due = contract("explain")
    form = make_form(signed, due)
    switch_on(entry.kind, "explain", **WITHIN)
    report = make_report(make_unit(), form)
    typed(report, **{f"figure_{signed.pk}_value": "7", f"figure_{due.pk}_value": "5"})
    asked = queries.faults_in(report)[0]
    assert asked.target == f"figure:{signed.pk}:remark"
    assert asked.sentence.endswith("如情况属实，请在“说明”中写明原因。")
    typed(report, **{f"figure_{signed.pk}_remark": "两家企业合同跨区签订"})
    assert queries.faults_in(report) == ()
    assert queries.notes_in(report)[0].explanation == "两家企业合同跨区签订"


def test_test_values_are_run_whenever_a_rule_is_saved() -> None:
    entry, *_fields = contract()
    with pytest.raises(Invalid) as refused:
        create_check(OFFICER, replace(entry, fails=entry.passes), at=OPENED)
    assert refused.value.faults == ("“应查出”的检验值没有查出问题，请核对规则或检验值。",)
    rule = create_check(OFFICER, entry, at=OPENED)
    with pytest.raises(Invalid):
        edit_check(OFFICER, rule.pk, replace(entry, passes=entry.fails), version=1, at=OPENED)
    with pytest.raises(Invalid, match="规则有误"):
        create_check(OFFICER, replace(entry, kind=PartOfWhole("gone", "away")), at=OPENED)


def test_only_the_office_writes_rules_and_nobody_overwrites_another() -> None:
    entry, *_fields = contract()
    with pytest.raises(NotAllowed):
        create_check(liaison_of(make_unit()), entry, at=OPENED)
    rule = create_check(OFFICER, entry, at=OPENED)
    edit_check(OFFICER, rule.pk, entry, version=1, at=OPENED)
    for act in (edit_check, discard_check, try_check, switch_on_check):
        arguments = (entry,) if act is edit_check else ()
        with pytest.raises(RecordMoved):
            act(OFFICER, rule.pk, *arguments, version=1, at=OPENED)
    with pytest.raises(NotVisible):
        try_check(OFFICER, 0, version=1, at=OPENED)


def test_versions_follow_each_other_and_the_trial_belongs_to_the_wording() -> None:
    entry, signed, due = contract()
    make_form(signed, due)
    rule = switch_on(entry.kind, **WITHIN)
    edit_check(OFFICER, rule.pk, entry, version=3, at=IN_TIME)
    try_check(OFFICER, rule.pk, version=4, at=IN_TIME)
    edit_check(OFFICER, rule.pk, entry, version=5, at=IN_TIME)
    with pytest.raises(Invalid):
        switch_on_check(OFFICER, rule.pk, version=6, at=IN_TIME)
    try_check(OFFICER, rule.pk, version=6, at=IN_TIME)
    switch_on_check(OFFICER, rule.pk, version=7, at=IN_TIME)

    first, second = CheckVersion.objects.filter(rule=rule).order_by("number")
    assert (first.is_in_force, first.off_reason, second.is_in_force) == (False, "由新版本替代", True)
    with pytest.raises(Invalid, match="写明停用"):
        switch_off_check(OFFICER, rule.pk, reason=" ", version=8, at=IN_TIME)
    switch_off_check(OFFICER, rule.pk, reason="误报太多", version=8, at=IN_TIME)
    with pytest.raises(RecordMoved, match="没有启用"):
        switch_off_check(OFFICER, rule.pk, reason="误报太多", version=9, at=IN_TIME)
    for act in (try_check, switch_on_check, discard_check):
        with pytest.raises(RecordMoved, match="草稿"):
            act(OFFICER, rule.pk, version=9, at=IN_TIME)
    assert queries.rules_in_force() == []


def test_a_draft_is_thrown_away_and_with_it_a_rule_that_was_nothing_else() -> None:
    entry, signed, due = contract()
    make_form(signed, due)
    rule = switch_on(entry.kind, **WITHIN)
    edit_check(OFFICER, rule.pk, entry, version=3, at=IN_TIME)
    discard_check(OFFICER, rule.pk, version=4, at=IN_TIME)
    assert [version.number for version in queries.check_for(OFFICER, rule.pk).versions.all()] == [1]
    fresh = create_check(OFFICER, entry, at=IN_TIME)
    discard_check(OFFICER, fresh.pk, version=1, at=IN_TIME)
    with pytest.raises(NotVisible):
        queries.check_for(OFFICER, fresh.pk)


def test_a_rule_whose_figures_no_form_asks_together_is_not_switched_on() -> None:
    entry, signed, due = contract()
    make_form(signed)
    make_form(due, levels=("member",))
    rule = create_check(OFFICER, entry, at=OPENED)
    try_check(OFFICER, rule.pk, version=1, at=OPENED)
    with pytest.raises(Invalid) as refused:
        switch_on_check(OFFICER, rule.pk, version=2, at=OPENED)
    assert "没有一张同时含有" in refused.value.faults[0]


def test_totals_that_go_in_circles_are_not_switched_on() -> None:
    one, two, three = (make_field() for _ in range(3))
    make_form(one, two, three)
    cases = {"passes": {"left": "1 2", "right": "3"}, "fails": {"left": "1 2", "right": "4"}}
    switch_on(Compare((one.code, two.code), "=", (three.code,)), **cases)
    entry = RuleEntry(
        "循环", Compare((three.code, two.code), "=", (one.code,)), Severity.BLOCK, "测试", **cases
    )
    rule = create_check(OFFICER, entry, at=OPENED)
    try_check(OFFICER, rule.pk, version=1, at=OPENED)
    with pytest.raises(Invalid) as refused:
        switch_on_check(OFFICER, rule.pk, version=2, at=OPENED)
    assert "循环合计" in refused.value.faults[0]


# --- what rules read around a sheet ---


def one_rule(kind: Any, **cases: dict[str, str]) -> None:
    switch_on(kind, "note", **cases)


def sentences(report: Report) -> list[str]:
    return [fault.sentence for fault in queries.notes_in(report)]


def test_earlier_months_are_the_accepted_figures() -> None:
    unit, field = make_unit(), make_field(name="累计会员")
    form = make_form(field)
    one_rule(NeverFalls(field.code), passes={"last": "5", "value": "5"}, fails={"last": "5", "value": "4"})
    run = "9 10 11 9 10 11 9 10"
    one_rule(OwnHistory(field.code), passes={"past": run, "value": "10"}, fails={"past": run, "value": "99"})
    for back in range(1, 9):
        make_fact(unit, field, 100 + back, month=OCTOBER.plus(-back))
    report = make_report(unit, form)
    typed(report, **{f"figure_{field.pk}_value": "40"})
    told = sentences(report)
    assert "“累计会员”是累计数，2026年9月为 101，本期为 40，减少 61" in told[0]
    assert "本单位前 8 期一般在 104.5 左右" in told[1]


def test_peers_are_units_of_the_level_that_have_sent() -> None:
    field = make_field(name="入会")
    form = make_form(field, levels=("county", "member"))
    run = "50 51 52 53 54 55 56 57"
    one_rule(Peers(field.code), passes={"peers": run, "value": "53"}, fails={"peers": run, "value": "5"})
    own, stranger, *peers = make_unit(), make_unit(level="member"), *(make_unit() for _ in range(8))
    for place, unit in enumerate(peers):
        sign_with(make_report(unit, form), str(50 + place))
    sign_with(make_report(stranger, form), "5")
    report = make_report(own, form)
    typed(report, **{f"figure_{field.pk}_value": "5"})
    assert "8 个同类单位" in sentences(report)[0]
    typed(report, **{f"figure_{field.pk}_value": "53"})
    assert sentences(report) == []


def sign_with(report: Report, value: str) -> None:
    FigureLine.objects.filter(report=report).update(value=Decimal(value))
    report.status = Report.Status.SIGNED
    report.save(update_fields=["status"])


def test_a_county_is_the_sum_of_its_townships() -> None:
    county, field = make_unit(), make_field(name="驿站")
    towns = [make_unit(name, parent=county, level="sub") for name in ("东镇", "西镇")]
    form = make_form(field, levels=("county", "sub"))
    one_rule(
        RollUp(field.code, "below"),
        passes={"value": "3", "parts": "1 2"},
        fails={"value": "4", "parts": "1 2"},
    )
    report = make_report(county, form)
    typed(report, **{f"figure_{field.pk}_value": "9"})
    sign_with(make_report(towns[0], form), "3")
    assert sentences(report) == []
    sign_with(make_report(towns[1], form), "5")
    fault = queries.notes_in(report)[0]
    assert fault.sentence == "“驿站”为 9，2 个下级单位合计 8，相差 1，请核对。"
    assert [(entry.name, entry.value) for entry in fault.entries] == [("东镇", 3), ("西镇", 5)]


def test_a_typed_figure_is_compared_with_the_task_ledger_by_name() -> None:
    unit, field = make_unit(), make_field(name="办结任务")
    make_form(field)
    one_rule(
        AgainstLedger(field.code, "tasks.done"),
        passes={"value": "1", "ledger": "1"}, fails={"value": "2", "ledger": "1"},
    )  # fmt: skip
    make_claim(unit, text="建工匠学院", due_on=OCTOBER.last_on, completed_on=OCTOBER.first_on)
    make_claim(unit, text="办技能竞赛", due_on=OCTOBER.last_on)
    report = make_report(unit)
    typed(report, **{f"figure_{field.pk}_value": "2"})
    fault = next(fault for fault in queries.notes_in(report) if fault.cell.startswith("figure"))
    assert fault.sentence == "“办结任务”月报为 2，台账为 1，差 1，可能是办技能竞赛 1（未办结），请核对。"
    assert fault.entries[0].address.startswith("/tasks/")


# --- trial and use ---


def test_a_trial_names_the_sheets_it_would_have_caught() -> None:
    entry, signed, due = contract()
    form = make_form(signed, due)
    caught, fine, waiting = make_unit("示范县"), make_unit(), make_unit()
    for unit, value in ((caught, "7"), (fine, "5")):
        report = make_report(unit, form)
        typed(report, **{f"figure_{signed.pk}_value": value, f"figure_{due.pk}_value": "5"})
        Report.objects.filter(pk=report.pk).update(status="accepted")
    make_report(waiting, form)
    rule = create_check(OFFICER, entry, at=IN_TIME)
    trial = try_check(OFFICER, rule.pk, version=1, at=IN_TIME).trial
    assert (trial["sheets"], trial["caught"], trial["first"], trial["last"]) == (2, 1, "2025-12", "2026-11")
    assert (trial["rows"][0]["unit"], trial["rows"][0]["month"]) == ("示范县", "2026年10月")


def test_what_rules_found_is_kept_once_and_what_was_mended_is_known() -> None:
    entry, signed, due = contract("explain")
    form = make_form(signed, due)
    rule = switch_on(entry.kind, "explain", **WITHIN)
    mended, accepted = (make_report(unit, form) for unit in [make_unit(), make_unit()])
    for report in (mended, accepted):
        typed(report, **{f"figure_{signed.pk}_value": "7", f"figure_{due.pk}_value": "5"})
        for _ in range(2):
            check_report(liaison_of(report.obligation.unit), report.pk, at=IN_TIME)
    typed(mended, **{f"figure_{signed.pk}_value": "5"})
    check_report(liaison_of(mended.obligation.unit), mended.pk, at=IN_TIME)
    typed(accepted, **{f"figure_{signed.pk}_remark": "跨区签订两家"})
    accept(_signed(accepted))

    assert CheckHit.objects.filter(code=rule.code).count() == 2
    use = queries.uses_of_rules(IN_TIME.date())[0]
    assert (use.code, use.sheets, use.mended, use.accepted, use.explained) == (rule.code, 2, 1, 1, 1)
    assert not use.is_overridden
    assert queries.hits_of(rule.code).count() == 2


def _signed(report: Report) -> Report:
    report.refresh_from_db()
    done = submit_report(liaison_of(report.obligation.unit), report.pk, version=report.version, at=IN_TIME)
    sign_report(head_of(report.obligation.unit), report.pk, version=done.version, at=IN_TIME)
    return report


def test_what_a_rule_forbids_since_the_signing_is_not_accepted() -> None:
    entry, signed, due = contract()
    form = make_form(signed, due)
    report = make_report(make_unit(), form)
    typed(report, **{f"figure_{signed.pk}_value": "7", f"figure_{due.pk}_value": "5"})
    _signed(report)
    switch_on(entry.kind, **WITHIN)
    with pytest.raises(Invalid, match="有 1 处必须改正，不能采用") as refused:
        accept(report)
    assert "多出 2" in refused.value.faults[0]
    assert [fault.severity for fault in queries.findings_for_review(report)] == ["block"]
    assert not queries.is_clean(report)


# --- the default set ---


@pytest.mark.parametrize("default", DEFAULTS, ids=lambda default: default.seed)
def test_default_rules_are_sound(default: Any) -> None:
    known = {
        "contract_signed": Known("已签集体合同企业数", "家"),
        "contract_due": Known("应签集体合同企业数", "家"),
        "training_certified": Known("培训后取证人数", "人"),
        "training_persons": Known("技能培训人次", "人次"),
        "competition_jobs": Known("竞赛覆盖工种数", "个"),
        "union_members": Known("新就业形态入会人数", "人"),
    }
    rule = Rule(
        "", default.name, default.severity, default.kind, "", default.origin,
        passes=default.passes, fails=default.fails,
    )  # fmt: skip
    assert faults_of(rule, known) == ()


def test_default_rules_are_installed_once_and_only_where_their_figures_are() -> None:
    make_field("contract_signed", unit_of_measure="家")
    make_field("contract_due", unit_of_measure="家")
    installed = install_default_checks(OFFICER, at=OPENED)
    assert {rule.seed for rule in installed} == {
        "contract-within", "contract-rate", "contract-due-moves", "jump"
    }  # fmt: skip
    with pytest.raises(RecordMoved, match="都已在列"):
        install_default_checks(OFFICER, at=OPENED)
    assert CheckRule.objects.count() == 4
