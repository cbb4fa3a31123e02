from datetime import date
from decimal import Decimal

import pytest

from changai.areas.facts.actions import Accepted, FieldEntry, accept_facts, add_field, edit_field
from changai.areas.facts.models import Fact, Field
from changai.areas.facts.rules import FactInput
from changai.areas.facts.tests.make import AT, OCTOBER, actor_of, make_fact, make_field, make_unit
from changai.areas.organisations.models import Unit
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
OFFICER = actor_of(Role.OFFICE_OFFICER, name="办公室甲")


def accept(unit: Unit, *figures: FactInput, actor: Actor = OFFICER, origin_id: int = 7) -> Accepted:
    return accept_facts(
        actor, unit_id=unit.pk, month=OCTOBER, figures=figures, origin_type="reporting.report",
        origin_id=origin_id, origin_label="月报", at=AT,
    )  # fmt: skip


def entry(**named: object) -> FieldEntry:
    values = {
        "name": "培训人次", "unit_of_measure": "人次", "decimals": 0, "definition": "当月结业人次。",
        "source": "report", "valid_from": date(2026, 1, 1),
    }  # fmt: skip
    return FieldEntry(**values | named)


def test_accepting_keeps_where_a_figure_comes_from() -> None:
    unit, field = make_unit(), make_field()

    assert accept(unit, FactInput(field.pk, Decimal(412))) == Accepted(added=1, superseded=0, unchanged=0)
    fact = Fact.objects.get()
    assert (fact.value, fact.status, fact.month) == (Decimal(412), "REPORTED", date(2026, 10, 1))
    assert (fact.origin_type, fact.origin_id, fact.accepted_by_name) == ("reporting.report", "7", "办公室甲")


def test_the_same_value_again_adds_no_row() -> None:
    unit, field = make_unit(), make_field()
    accept(unit, FactInput(field.pk, Decimal(412)))

    assert accept(unit, FactInput(field.pk, Decimal("412.0")), origin_id=8) == Accepted(0, 0, 1)
    assert Fact.objects.get().origin_id == "7"


def test_another_value_supersedes_and_keeps_the_old_one() -> None:
    unit, field, other = make_unit(), make_field(), make_field()
    accept(unit, FactInput(field.pk, Decimal(412)), FactInput(other.pk, None, "NOT_REPORTED"))

    outcome = accept(unit, FactInput(field.pk, Decimal(405)), FactInput(other.pk, None, "NOT_REPORTED"))

    assert outcome == Accepted(added=0, superseded=1, unchanged=1)
    old, new = Fact.objects.filter(field=field).order_by("pk")
    assert (old.value, old.is_current, old.superseded_by_id) == (Decimal(412), False, new.pk)
    assert (new.value, new.is_current, new.superseded_by_id) == (Decimal(405), True, None)


def test_a_value_that_contradicts_its_status_is_refused() -> None:
    unit, field = make_unit(), make_field()

    for figures in (
        [FactInput(field.pk, None)],
        [FactInput(field.pk, Decimal(1)), FactInput(field.pk, Decimal(2))],
    ):
        with pytest.raises(Invalid):
            accept(unit, *figures)
    assert not Fact.objects.exists()


def test_only_reviewers_within_reach_accept() -> None:
    county = make_unit()
    township, elsewhere, field = make_unit(parent=county), make_unit(), make_field()
    reviewer = actor_of(Role.COUNTY_REVIEWER, county)

    accept(township, FactInput(field.pk, Decimal(1)), actor=reviewer)
    with pytest.raises(NotVisible):
        accept(elsewhere, FactInput(field.pk, Decimal(1)), actor=reviewer)
    with pytest.raises(NotAllowed):
        accept(county, FactInput(field.pk, Decimal(1)), actor=actor_of(Role.UNIT_HEAD, county))


def test_the_audit_line_names_the_origin_and_no_value() -> None:
    unit, field = make_unit(), make_field()
    accept(unit, FactInput(field.pk, Decimal(98765)))

    line = AuditEvent.objects.latest("sequence")
    assert (line.act, line.detail["origin"]) == ("fact.accept", "reporting.report 7")
    assert "98765" not in str(line.detail)


def test_the_office_keeps_the_dictionary() -> None:
    field = add_field(OFFICER, "training.persons", entry(), at=AT)

    changed = edit_field(OFFICER, field.pk, entry(name="职工培训人次"), version=1, at=AT)

    assert (changed.name, changed.version) == ("职工培训人次", 2)
    assert AuditEvent.objects.latest("sequence").detail == {"fields": ["name"]}
    with pytest.raises(RecordMoved):
        edit_field(OFFICER, field.pk, entry(name="别的"), version=1, at=AT)
    with pytest.raises(NotVisible):
        edit_field(OFFICER, 0, entry(), version=1, at=AT)


def test_an_entry_that_contradicts_itself_is_refused() -> None:
    add_field(OFFICER, "a", entry(), at=AT)

    for code, wrong in (
        ("a", entry()),
        ("b", entry(minimum=Decimal(2), maximum=Decimal(1))),
        ("b", entry(valid_to=date(2025, 1, 1))),
    ):
        with pytest.raises(Invalid):
            add_field(OFFICER, code, wrong, at=AT)
    assert Field.objects.count() == 1


def test_a_field_with_facts_keeps_its_source_its_unit_and_its_gathering() -> None:
    field = add_field(OFFICER, "kept", entry(), at=AT)
    make_fact(make_unit(), field)

    for name, changed in (
        ("来源", entry(source="register")),
        ("计量单位", entry(unit_of_measure="万人次")),
        ("汇总方式", entry(gathering="last")),
    ):
        with pytest.raises(Invalid, match=f"不能改变{name}；"):
            edit_field(OFFICER, field.pk, changed, version=1, at=AT)
    assert edit_field(OFFICER, field.pk, entry(name="职工培训人次"), version=1, at=AT).version == 2


def test_others_do_not_touch_the_dictionary() -> None:
    with pytest.raises(NotAllowed):
        add_field(actor_of(Role.UNIT_LIAISON, make_unit()), "a", entry(), at=AT)
