"""Figures told apart, and the history of an entry of the dictionary."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from changai.areas.facts import actions, queries
from changai.areas.facts.actions import FieldEntry
from changai.areas.facts.models import Breakdown, Fact, FactPart
from changai.areas.facts.rules import FactInput
from changai.areas.facts.tests.make import AT, OCTOBER, actor_of, make_field, make_unit
from changai.areas.facts.tests.test_views import signed_in
from changai.core.errors import Invalid
from changai.foundation.actors import Role

pytestmark = pytest.mark.django_db
OFFICER = actor_of(Role.OFFICE_OFFICER, name="办公室甲")


def by_sex() -> Breakdown:
    return actions.add_breakdown(OFFICER, "按性别", ["男", "女", ""], at=AT)


def accept(unit_id: int, given: FactInput) -> actions.Accepted:
    return actions.accept_facts(
        OFFICER, unit_id=unit_id, month=OCTOBER, figures=[given],
        origin_type="reporting.report", origin_id=1, origin_label="月报", at=AT,
    )  # fmt: skip


def test_a_breakdown_needs_a_new_name_and_two_different_items() -> None:
    by_sex()
    with pytest.raises(Invalid) as refused:
        actions.add_breakdown(OFFICER, "按性别", ["男", "男"], at=AT)
    assert refused.value.faults == (
        "“按性别”已经有了，请换一个名称。",
        "请至少写两个分项，一行一个，互不相同，每个不超过 30 个字。",
    )


def test_parts_go_with_their_figure_and_another_part_is_another_figure() -> None:
    men, women = by_sex().categories.all()
    unit, field = make_unit(), make_field()
    accept(unit.pk, FactInput(field.pk, Decimal(5), parts=((men.pk, Decimal(3)), (women.pk, Decimal(2)))))
    same = accept(
        unit.pk, FactInput(field.pk, Decimal(5), parts=((women.pk, Decimal(2)), (men.pk, Decimal(3))))
    )
    other = accept(unit.pk, FactInput(field.pk, Decimal(5), parts=((men.pk, Decimal(5)),)))
    assert (same.unchanged, other.superseded) == (1, 1)
    fact = Fact.objects.get(is_current=True)
    assert [(part.category.name, part.value) for part in FactPart.objects.filter(fact=fact)] == [("男", 5)]


def test_parts_that_do_not_add_up_are_refused() -> None:
    men, _women = by_sex().categories.all()
    with pytest.raises(Invalid, match="分项之和应等于总数"):
        accept(make_unit().pk, FactInput(make_field().pk, Decimal(5), parts=((men.pk, Decimal(4)),)))


def test_the_history_of_a_field_tells_who_changed_what() -> None:
    entry = {"name": "培训人次", "unit_of_measure": "人次", "decimals": 0, "source": "report"}
    first = FieldEntry(**entry, definition="当月培训。", valid_from=date(2026, 1, 1))
    field = actions.add_field(OFFICER, "training.n", first, at=AT)
    later = FieldEntry(**entry, definition="当月结业。", valid_from=date(2026, 1, 1), frequency="quarter")
    actions.edit_field(OFFICER, field.pk, later, version=1, at=AT)
    latest, oldest = queries.field_changes(field)
    assert set(latest.changes) == {
        ("definition", "当月培训。", "当月结业。"),
        ("frequency", "month", "quarter"),
    }
    assert (latest.by, oldest.changes) == ("办公室甲", ())


def test_a_field_entered_before_histories_were_kept_keeps_what_it_said() -> None:
    field = make_field(definition="原口径")
    entry = FieldEntry(field.name, "人次", 0, "新口径", "report", date(2017, 1, 1))
    actions.edit_field(OFFICER, field.pk, entry, version=1, at=AT)
    assert queries.field_changes(field)[0].changes == (("definition", "原口径", "新口径"),)


def test_the_breakdown_of_a_field_with_parts_stays() -> None:
    men, _women = by_sex().categories.all()
    field = make_field(breakdown=men.breakdown)
    accept(make_unit().pk, FactInput(field.pk, Decimal(5), parts=((men.pk, Decimal(5)),)))
    entry = FieldEntry(field.name, "人次", 0, "当月新增。", "report", date(2017, 1, 1))
    with pytest.raises(Invalid, match="不能改变分项方式"):
        actions.edit_field(OFFICER, field.pk, entry, version=1, at=AT)


def test_breakdowns_are_added_on_their_page_and_shown_with_the_field() -> None:
    office_client = signed_in(Role.OFFICE_OFFICER)
    page = office_client.post(reverse("facts:breakdowns"), {"name": "按性别", "items": "男\n女"}, follow=True)
    assert "按性别" in page.content.decode()
    refused = office_client.post(reverse("facts:breakdowns"), {"name": "按性别", "items": "男"})
    assert refused.status_code == 422
    field = make_field(breakdown=Breakdown.objects.get())
    assert "按性别" in office_client.get(reverse("facts:field", args=[field.pk])).content.decode()
