from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from changai.areas.accounts.tests.make import MOMENT
from changai.areas.organisations.models import Unit
from changai.areas.registers.figures import figures
from changai.areas.registers.training import queries
from changai.areas.registers.training.actions import add_class, cancel_class, import_classes
from changai.areas.registers.training.models import TrainingClass
from changai.areas.registers.training.tests.make import entry, make_class
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved
from changai.core.periods import Month
from changai.foundation.actors import Actor
from changai.foundation.audit.models import AuditEvent


def test_a_class_counts_in_the_month_it_ended(liaison: Actor, other_liaison: Actor, unit_a: Unit) -> None:
    make_class(liaison)
    make_class(liaison, title="钳工班", held_on=date(2026, 10, 31), persons=30, certified=0)
    make_class(liaison, title="上月班", held_on=date(2026, 9, 30))
    make_class(other_liaison)

    october = figures([unit_a.pk], Month(2026, 10))["training.persons", unit_a.pk]
    assert october.value == Decimal(80)
    assert october.label == "培训名册：2026年10月结业 2 个班"
    assert october.address.endswith(f"?unit={unit_a.pk}&month=2026-10")
    assert figures([unit_a.pk], Month(2026, 10))["training.certified", unit_a.pk].value == 45
    assert figures([unit_a.pk], Month(2026, 8))["training.classes", unit_a.pk].value == 0


def test_there_is_no_figure_of_another_name(unit_a: Unit) -> None:
    with pytest.raises(KeyError):
        figures([unit_a.pk], Month(2026, 10))["training.smiles", unit_a.pk]


def test_a_cancelled_class_stays_and_counts_no_more(liaison: Actor, unit_a: Unit) -> None:
    row = make_class(liaison)
    cancel_class(liaison, row.pk, version=1, reason="重复登记", at=MOMENT)

    assert figures([unit_a.pk], Month(2026, 10))["training.classes", unit_a.pk].value == 0
    assert queries.visible_to(liaison).get().cancelled_reason == "重复登记"
    make_class(liaison)
    with pytest.raises(RecordMoved):
        cancel_class(liaison, row.pk, version=1, reason="再来", at=MOMENT)
    assert list(AuditEvent.objects.values_list("act", flat=True)) == [
        "training.add",
        "training.cancel",
        "training.add",
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "1—80"),
        ({"held_on": date(2026, 11, 3)}, "不能晚于今天"),
        ({"held_on": date(2016, 1, 1)}, "不能早于"),
        ({"hours": 0}, "学时"),
        ({"persons": 0, "certified": 0}, "培训人数"),
        ({"certified": 51}, "不能多于"),
    ],
)
def test_an_entry_that_cannot_be_right_is_refused(liaison: Actor, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        make_class(liaison, **changes)
    assert said in "".join(refusal.value.faults)
    assert not TrainingClass.objects.exists()


def test_the_same_class_twice_is_refused(liaison: Actor) -> None:
    make_class(liaison)
    with pytest.raises(Invalid, match="已在名册中"):
        make_class(liaison)


def test_an_import_is_all_or_nothing(liaison: Actor) -> None:
    with pytest.raises(Invalid, match="已在名册中"):
        import_classes(liaison, [entry(), entry(title="另一班"), entry()], digest="d", at=MOMENT)
    assert not TrainingClass.objects.exists()
    assert len(import_classes(liaison, [entry(), entry(title="另一班")], digest="d", at=MOMENT)) == 2


def test_only_the_own_unit_keeps_its_register(
    liaison: Actor, other_liaison: Actor, officer: Actor, county_reviewer: Actor
) -> None:
    row = make_class(liaison)
    for actor in (officer, county_reviewer):
        with pytest.raises(NotAllowed):
            add_class(actor, entry(), at=MOMENT)
    with pytest.raises(NotVisible):
        cancel_class(other_liaison, row.pk, version=1, reason="x", at=MOMENT)
    with pytest.raises(NotAllowed):
        cancel_class(officer, row.pk, version=1, reason="x", at=MOMENT)
