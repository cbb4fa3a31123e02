"""Corrections: asked, approved by somebody else of the office, with everybody who moved by them."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.facts.models import Fact, Field
from changai.areas.reporting import actions
from changai.areas.reporting.actions import CorrectionEntry
from changai.areas.reporting.models import Correction, FigureLine
from changai.areas.reporting.queries.corrections import corrections_of
from changai.areas.reporting.queries.returning import returns_of
from changai.areas.reporting.rules.corrections import Picture, Standing, places, who_moved
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OCTOBER,
    OFFICER,
    accept,
    actor_of,
    fill,
    head_of,
    liaison_of,
    make_field,
    make_form,
    make_office,
    make_report,
    make_unit,
    sign,
    submit,
)
from changai.areas.reporting.tests.test_views import signed_in
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved
from changai.foundation.actors import Role

HEAD = actor_of(Role.OFFICE_HEAD, name="办公室主任")

# --- the rules ---

VALUES = st.dictionaries(
    st.integers(1, 6),
    st.builds(
        Standing, st.just("单位"), st.sampled_from(["county", "member"]), st.integers(0, 9).map(Decimal)
    ),
)


@given(VALUES, VALUES, st.sampled_from(["more", "less", "neither"]))
def test_whoever_is_not_listed_did_not_move(
    before: dict[int, Standing], after: dict[int, Standing], direction: str
) -> None:
    moved = who_moved(Picture(before, {}), Picture(after, {}), direction)
    listed = {row.unit_id for row in moved}
    old, new = places(before, direction), places(after, direction)

    for unit in {*before, *after}:
        was, now = before.get(unit), after.get(unit)
        same = (was and was.value) == (now and now.value) and old.get(unit) == new.get(unit)
        assert (unit in listed) != same
    assert not who_moved(Picture(before, {}), Picture(before, {}), direction)


@given(VALUES)
def test_places_are_competition_ranks_within_a_kind(values: dict[int, Standing]) -> None:
    found = places(values, "more")
    for unit, place in found.items():
        ahead = [
            one for one in values.values()
            if one.kind == values[unit].kind and one.value > values[unit].value
        ]  # fmt: skip
        assert place == 1 + len(ahead)
    assert places(values, "neither") == {}


# --- with people ---

pytestmark = pytest.mark.django_db


def accepted_city() -> tuple[Field, list[Fact]]:
    """Make a city of three counties with 5, 7 and 9 accepted for October."""
    city = make_unit(level="city")
    field = make_field(direction="more")
    form = make_form(field)
    units = [make_unit(parent=city) for _ in range(3)]
    for unit in units:
        make_report(unit, form)
    for unit, value in zip(units, ("5", "7", "9"), strict=True):
        report = make_report(unit, form)
        submitted = submit(fill(report, value=value))
        actions.sign_report(head_of(unit), report.pk, version=submitted.version, at=IN_TIME)
        accept(report)
    return field, [Fact.objects.get(unit=unit) for unit in units]


def test_a_correction_keeps_the_old_figure_and_lists_who_moved() -> None:
    field, facts = accepted_city()
    entry = CorrectionEntry(Decimal(8), "统计时漏计一期培训班")
    correction = actions.ask_correction(liaison_of(facts[0].unit), facts[0].pk, entry, at=IN_TIME)
    assert Fact.objects.get(pk=facts[0].pk).is_current

    approved = actions.approve_correction(OFFICER, correction.pk, at=IN_TIME)

    old = Fact.objects.get(pk=facts[0].pk)
    assert (old.is_current, old.value) == (False, 5)
    assert approved.new_fact is not None
    assert old.superseded_by == approved.new_fact
    assert approved.new_fact.origin_label.endswith(f"第{correction.pk}号")
    own = {row["unit_id"]: row for row in approved.moved if row["what"] == "本单位"}
    assert (own[facts[0].unit_id]["old_place"], own[facts[0].unit_id]["new_place"]) == (3, 2)
    assert (own[facts[1].unit_id]["old_place"], own[facts[1].unit_id]["new_place"]) == (2, 3)
    assert facts[2].unit_id not in own
    assert FigureLine.objects.get(report__obligation__unit=facts[0].unit).value == 8
    assert corrections_of([facts[0].pk, facts[1].pk]) == {facts[0].pk: approved}
    assert field.pk == approved.field_id


def test_the_sums_above_are_among_what_moved() -> None:
    from changai.areas.organisations.models import UnitVersion

    _field, facts = accepted_city()
    city = facts[0].unit.parent
    for unit in (city, *(fact.unit for fact in facts)):
        UnitVersion.objects.create(
            unit=unit,
            name=unit.name,
            short_name=unit.short_name,
            parent=unit.parent,
            valid_from=date(2020, 1, 1),
        )
    entry = CorrectionEntry(None, "该项本单位不涉及，误填")
    correction = actions.ask_correction(head_of(facts[2].unit), facts[2].pk, entry, at=IN_TIME)
    approved = actions.approve_correction(OFFICER, correction.pk, at=IN_TIME)

    sums = {(row["what"], row["unit_id"]): (row["old"], row["new"]) for row in approved.moved}
    assert city is not None
    assert sums["本月汇总", city.pk] == ("21", "12")
    assert sums["本年累计", city.pk] == ("21", "12")
    assert Fact.objects.get(unit=facts[2].unit, is_current=True).status == "NOT_APPLICABLE"


def test_the_next_sheet_quotes_the_corrected_figure_and_what_was_sent_does_not() -> None:
    _field, facts = accepted_city()
    unit = facts[0].unit
    report = make_report(unit, month=OCTOBER.plus(1))
    assert report.figure_lines.get().last_value == 5
    correction = actions.ask_correction(
        OFFICER, facts[0].pk, CorrectionEntry(Decimal(6), "核查更正数据"), at=IN_TIME
    )

    actions.approve_correction(HEAD, correction.pk, at=IN_TIME)

    assert report.figure_lines.get().last_value == 6
    sent = FigureLine.objects.get(
        report__obligation__period__month=OCTOBER.first_on, report__obligation__unit=unit
    )
    assert sent.report.submissions.get().content["figures"][0]["value"] == "5"


def test_corrections_are_refused_where_they_make_no_sense() -> None:
    _field, facts = accepted_city()
    fact, good = facts[0], CorrectionEntry(Decimal(6), "核查更正数据")
    for wrong in (
        CorrectionEntry(Decimal(5), "核查更正数据"),
        CorrectionEntry(Decimal(6), "错"),
        CorrectionEntry(Decimal("6.5"), "核查更正数据"),
    ):
        with pytest.raises(Invalid):
            actions.ask_correction(OFFICER, fact.pk, wrong, at=IN_TIME)
    with pytest.raises(NotVisible):
        actions.ask_correction(liaison_of(facts[1].unit), fact.pk, good, at=IN_TIME)
    with pytest.raises(NotAllowed):
        actions.ask_correction(actor_of(Role.LEADER), fact.pk, good, at=IN_TIME)
    counted = make_field(source="ledger", source_key="ledger.late")
    other = Fact.objects.create(
        unit=fact.unit, field=counted, month=fact.month, value=1, status="REPORTED", origin_type="t",
        origin_id="1", origin_label="t", accepted_by_name="x", accepted_at=IN_TIME,
    )  # fmt: skip
    with pytest.raises(Invalid, match="先更正来源"):
        actions.ask_correction(OFFICER, other.pk, good, at=IN_TIME)
    correction = actions.ask_correction(OFFICER, fact.pk, good, at=IN_TIME)
    with pytest.raises(RecordMoved, match="已有更正申请"):
        actions.ask_correction(HEAD, fact.pk, good, at=IN_TIME)
    with pytest.raises(NotAllowed, match="另一人"):
        actions.approve_correction(OFFICER, correction.pk, at=IN_TIME)
    with pytest.raises(NotAllowed):
        actions.approve_correction(head_of(fact.unit), correction.pk, at=IN_TIME)
    with pytest.raises(Invalid):
        actions.refuse_correction(HEAD, correction.pk, reason="", at=IN_TIME)
    actions.refuse_correction(HEAD, correction.pk, reason="数据无误", at=IN_TIME)
    with pytest.raises(RecordMoved, match="已由"):
        actions.approve_correction(HEAD, correction.pk, at=IN_TIME)
    again = actions.ask_correction(OFFICER, fact.pk, good, at=IN_TIME)
    actions.approve_correction(HEAD, again.pk, at=IN_TIME)
    with pytest.raises(RecordMoved, match="当前有效"):
        actions.ask_correction(OFFICER, fact.pk, good, at=IN_TIME)


def test_an_unlocked_report_accepted_again_recounts_the_closed_month_and_is_registered() -> None:
    unit, field = make_unit(), make_field()
    returned = make_field(source="ledger", source_key="ledger.returned")
    report = accept(sign(make_report(unit, make_form(field))))
    actions.close_period(OFFICER, report.obligation.period_id, at=IN_TIME)
    assert Fact.objects.get(field=returned, is_current=True).value == 0
    unlocking = actions.unlock_report(
        OFFICER,
        report.pk,
        reason="单位来函更正",
        due_on=date(2026, 11, 9),
        version=report.version,
        at=IN_TIME,
    )
    actions.confirm_unlocking(HEAD, unlocking.pk, at=IN_TIME)
    again = submit(fill(report, value="6"))
    actions.sign_report(head_of(unit), report.pk, version=again.version, at=IN_TIME)
    report.refresh_from_db()
    actions.return_report(
        OFFICER, report.pk, reason="数据仍与台账不符", marks={}, due_on=date(2026, 11, 9),
        version=report.version, at=IN_TIME,
    )  # fmt: skip
    again = submit(report)
    actions.sign_report(head_of(unit), report.pk, version=again.version, at=IN_TIME)

    accept(report)

    assert {row.field_id: (row.old_value, row.new_value) for row in Correction.objects.all()} == {
        field.pk: (5, 6),
        returned.pk: (0, 1),
    }
    assert set(Correction.objects.values_list("kind", "reason")) == {("resent", "单位来函更正")}
    assert Fact.objects.filter(is_current=True).count() == 2


# --- pages ---


def test_the_register_and_its_pages() -> None:
    _field, facts = accepted_city()
    office = make_office()
    liaison = signed_in(Role.UNIT_LIAISON, facts[0].unit)
    officer = signed_in(Role.OFFICE_OFFICER, office)
    address = reverse("reporting:correct", args=[facts[0].pk])

    assert address in liaison.get(reverse("facts:fact", args=[facts[0].pk])).text
    assert liaison.post(address, {"value": "5", "reason": "核查更正数据"}).status_code == 422
    assert liaison.post(address, {"value": "8", "reason": "核查更正数据"}).status_code == 303
    correction = Correction.objects.get()
    shown = reverse("reporting:correction", args=[correction.pk])
    assert "批准更正" not in liaison.get(shown).text
    assert "批准更正" in officer.get(shown).text
    refuse = reverse("reporting:refuse_correction", args=[correction.pk])
    assert officer.post(refuse, {"reason": ""}).status_code == 422
    assert officer.post(reverse("reporting:approve_correction", args=[correction.pk])).status_code == 303
    assert facts[1].unit.name in officer.get(shown).text.partition("受影响的数和名次")[2]
    # A unit reads its own places, never the figures of the others.
    mine = liaison.get(shown).text.partition("受影响的数和名次")[2]
    assert facts[0].unit.name in mine
    assert facts[1].unit.name not in mine
    correction.refresh_from_db()
    assert "更正登记第" in officer.get(reverse("facts:fact", args=[correction.new_fact_id])).text
    listed = reverse("reporting:corrections")
    assert "核查更正数据" in liaison.get(listed, {"status": "approved"}).text
    assert "没有更正" in signed_in(Role.UNIT_LIAISON, facts[1].unit).get(listed).text
    assert officer.get(reverse("reporting:corrections_export")).content[:2] == b"PK"
    assert signed_in(Role.UNIT_LIAISON, facts[1].unit).get(shown).status_code == 404


def test_the_reasons_of_a_month_are_counted_by_group_and_figure() -> None:
    field = make_field()
    form = make_form(field, levels=("county", "member"))
    units = [make_unit(), make_unit(), make_unit(level="member")]
    reason = actions.add_reason(OFFICER, "口径有误", at=IN_TIME)
    for unit in units:
        make_report(unit, form)
    for place, unit in enumerate(units):
        report = sign(make_report(unit, form))
        actions.return_report(
            OFFICER, report.pk, reason="数据口径有误", marks={f"figure:{field.pk}:value": "请核对"},
            due_on=date(2026, 11, 9), version=report.version, at=IN_TIME,
            reason_ids=[reason.pk] if place else [],
        )  # fmt: skip

    found = returns_of(OFFICER, OCTOBER)

    assert (found.returns, found.reports, found.groups) == (3, 3, ("县区", "成员单位"))
    assert [(one.words, one.count, one.by_group) for one in found.reasons] == [
        ("口径有误", 2, (1, 1)),
        ("", 1, (1, 0)),
    ]
    assert [(one.name, one.count, one.reasons) for one in found.figures] == [
        (field.name, 3, (("口径有误", 2),))
    ]
    office = signed_in(Role.OFFICE_OFFICER, make_office())
    page = office.get(reverse("reporting:returned"), {"month": str(OCTOBER)}).text
    assert "本月退回 3 次" in page
    assert "其他（自行填写）" in page
    exported = office.get(reverse("reporting:returned_export"), {"month": str(OCTOBER), "grouping": "99"})
    assert exported.content[:2] == b"PK"
    assert "没有退回" in office.get(reverse("reporting:returned"), {"month": "2020-01"}).text
    own = signed_in(Role.UNIT_LIAISON, units[0]).get(reverse("reporting:returned"), {"month": str(OCTOBER)})
    assert "本月退回 1 次" in own.text
