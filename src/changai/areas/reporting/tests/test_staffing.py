"""Review steps that nobody can do: said before the form is issued, and in what the office has to do."""

from datetime import date

import pytest
from django.urls import reverse

from changai.areas.accounts.tests.make import make_person
from changai.areas.organisations.models import Unit
from changai.areas.reporting import actions
from changai.areas.reporting.models import Form, Report
from changai.areas.reporting.queries import todo
from changai.areas.reporting.queries.staffing import stuck_reviews, unmanned_steps
from changai.areas.reporting.rules.routes import ABOVE, OFFICE, UNIT, PlannedStep
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OFFICER,
    accept,
    actor_of,
    fill,
    liaison_of,
    make_field,
    make_form,
    make_report,
    make_unit,
    set_steps,
    sign,
)
from changai.areas.reporting.tests.test_views import signed_in
from changai.core.errors import RecordMoved
from changai.foundation.actors import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 3)


@pytest.fixture
def department() -> Unit:
    return make_unit("人社局", level="member")


@pytest.fixture
def form(department: Unit) -> Form:
    """A form of two townships of one county and one of another, signed by county, department and office."""
    east, west = make_unit("东县"), make_unit("西县")
    for over in (east, east, west):
        make_unit(level="sub", parent=over)
    made = make_form(make_field(), levels=("sub",))
    set_steps(
        made,
        PlannedStep(1, "属地审核", ABOVE),
        PlannedStep(2, "行业审核", UNIT, department.pk),
        PlannedStep(3, "办公室审定", OFFICE),
    )
    return made


def told(form: Form) -> list[tuple[str, str, int]]:
    return [
        (one.step_name, one.unit.name if one.unit else "办公室", one.reports)
        for one in unmanned_steps(form, on=TODAY)
    ]


def test_every_step_without_anybody_is_named_with_the_reports_it_would_stop(
    form: Form, department: Unit
) -> None:
    assert told(form) == [
        ("办公室审定", "办公室", 3), ("属地审核", "东县", 2), ("属地审核", "西县", 1), ("行业审核", "人社局", 3),
    ]  # fmt: skip
    make_person(Role.OFFICE_OFFICER)
    make_person(Role.COUNTY_REVIEWER, department)
    gone = make_person(Role.COUNTY_REVIEWER, Unit.objects.get(name="东县"))
    assert told(form) == [("属地审核", "西县", 1)]
    gone.is_active = False
    gone.save()
    assert told(form) == [("属地审核", "东县", 2), ("属地审核", "西县", 1)]


def test_two_steps_of_the_office_need_two_people() -> None:
    make_unit()
    form = make_form(make_field())
    set_steps(form, PlannedStep(1, "初审", OFFICE), PlannedStep(2, "复核", OFFICE))
    make_person(Role.OFFICE_OFFICER)
    assert told(form) == [("复核", "办公室", 1)]
    make_person(Role.OFFICE_HEAD)
    assert told(form) == []


def test_a_form_without_a_route_needs_nobody_but_the_office() -> None:
    make_unit()
    assert told(make_form(make_field())) == []


def test_the_pages_of_routes_and_issuing_say_it(form: Form) -> None:
    office = signed_in(Role.OFFICE_OFFICER)
    pages = (
        reverse("reporting:route", args=[form.pk, "all"]),
        reverse("reporting:form_burden", args=[form.pk]),
        reverse("reporting:form", args=[form.pk]),
    )
    for address in pages:
        page = office.get(address).content.decode()
        assert "东县没有可登录的审核员，2 个单位的月报会停在这里" in page


def test_what_waits_for_a_unit_without_a_reviewer_is_the_offices_to_do(form: Form, department: Unit) -> None:
    east = Unit.objects.get(name="东县")
    for town in Unit.objects.filter(parent=east):
        sign(make_report(town, form))
    assert [(one.unit_name, one.reports) for one in stuck_reviews()] == [("东县", 2)]
    labels = [one.label for one in todo(OFFICER, TODAY)]
    assert "东县没有审核员，2 份月报停在审核环节" in labels
    assert not any("没有审核员" in one.label for one in todo(liaison_of(east), TODAY))
    make_person(Role.COUNTY_REVIEWER, east)
    assert stuck_reviews() == []
    for report in Report.objects.filter(status="signed"):
        accept(report, actor=actor_of(Role.COUNTY_REVIEWER, east, "审核员"))
    assert [(one.unit_name, one.reports) for one in stuck_reviews()] == [("人社局", 2)]


def test_who_comes_second_is_told_by_whom_it_was_taken_and_what_is_open_to_the_own_post() -> None:
    report = sign(make_report(make_unit()))
    accept(report)
    with pytest.raises(RecordMoved, match="已由办公室甲采用，如需更正，请打开该月报点“解锁”"):
        accept(report, actor=actor_of(Role.OFFICE_HEAD, name="办公室乙"))


def test_what_units_ask_the_office_is_its_to_do() -> None:
    report = fill(make_report(make_unit(), make_form(make_field("trained"))))
    liaison = liaison_of(report.obligation.unit)
    line = f"figure:{report.figure_lines.get().field_id}"
    actions.say_repeated(liaison, report.pk, line=line, known="人社局季报", at=IN_TIME)
    actions.ask_extension(
        liaison, report.obligation_id, wanted_on=date(2026, 11, 20), reason="等统计局数据", at=IN_TIME
    )
    labels = [one.label for one in todo(OFFICER, TODAY)]
    name = report.obligation.unit.short_name
    assert labels == [f"答复{name}的延期申请", "答复反映的重复要求，共 1 条"]
    assert not any("答复" in one.label for one in todo(liaison, TODAY))


def test_what_closed_units_owe_is_the_offices_to_settle() -> None:
    report = make_report(make_unit())
    assert todo(OFFICER, TODAY) == []
    unit = report.obligation.unit
    unit.closed_on = date(2026, 11, 1)
    unit.save()
    (one,) = todo(OFFICER, TODAY)
    assert (one.label, one.address) == ("处理已撤销单位的应报，共 1 项", reverse("reporting:waiting"))
