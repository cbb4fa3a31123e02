"""Checks of the months before the review: what is planted leads the queue with its sentence, and changes no points."""

import random
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from decimal import Decimal

import pytest

from changai.areas.accounts.tests.make import MOMENT, actor_for
from changai.areas.assessments import actions, queries
from changai.areas.assessments.actions import OwnPoints
from changai.areas.assessments.models import Round, Score
from changai.areas.assessments.tests.make import OCTOBER, judge_all, make_county, make_round, report, scored
from changai.areas.evidence.actions import keep_file
from changai.areas.facts.models import Field
from changai.areas.organisations.models import Unit
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.tests.make import LATE, make_dictionary, make_issued, scheme_dict
from changai.core.periods import Month
from changai.foundation.actors import Actor, Role

pytestmark = pytest.mark.django_db
JANUARY = Month(2026, 1)
MONTHS = list(JANUARY.until(OCTOBER))
MORE = ("f1", "f2", "f3", "f4", "f5")
Figures = Callable[[int, Month], dict[str, int]]


@pytest.fixture
def units(city_unit: Unit) -> list[Unit]:
    return [make_county(f"第{number}县", city_unit) for number in range(9)]


def honest(number: int, month: Month) -> dict[str, int]:
    """Figures that move a little, differently for every unit and month."""
    chance = random.Random(number * 100 + month.number)  # noqa: S311 - figures of a test
    return {"trained": chance.randint(180, 220), "late": chance.randint(0, 3)}


def frozen(officer: Actor, issued: SchemeVersion, units: list[Unit], planted: Figures) -> Round:
    for month in MONTHS:
        for number, unit in enumerate(units):
            figures = honest(number, month) | planted(number, month)
            report(officer, unit, month, target=3000, **figures)
    round_ = make_round(officer, issued, course="full", first=JANUARY)
    return actions.freeze_round(officer, round_.pk, version=round_.version, at=MOMENT)


def told(officer: Actor, round_: Round, code: str = "1.1") -> tuple[Unit, tuple[str, ...]]:
    """Return the unit that leads the queue, and what is said of it."""
    first = queries.review_queue(officer, round_, code).rows[0]
    return first.unit, first.flags


def test_a_jump_against_the_units_own_months_leads_the_queue_in_the_month_it_happened(
    officer: Actor, issued: SchemeVersion, units: list[Unit]
) -> None:
    Field.objects.filter(code="trained").update(direction=Field.Direction.MORE)
    october = lambda number, month: {"trained": 900} if (number, month) == (4, OCTOBER) else {}  # noqa: E731
    round_ = frozen(officer, issued, units, october)
    unit, flags = told(officer, round_)
    assert unit == units[4]
    assert any("技能培训人次（2026年10月）：数值 900 是此前各期最高值" in flag for flag in flags)
    assert all("需要核实。可能的正常原因：" in flag for flag in flags)
    judge_all(officer, round_)
    round_ = scored(officer, round_)
    trained = sum(honest(4, month)["trained"] for month in MONTHS[:-1]) + 900
    assert Score.objects.get(round=round_, unit=units[4]).leaves.get(code="1.1").points_hundredths == round(
        trained / 3000 * 6000
    )


def test_a_change_unlike_the_units_own_months_is_told_where_it_is_no_record(
    officer: Actor, issued: SchemeVersion, units: list[Unit]
) -> None:
    def risen(number: int, month: Month) -> dict[str, int]:
        return {"trained": 550} if (number, month) == (4, OCTOBER) else {}

    unit, flags = told(officer, frozen(officer, issued, units, risen))
    assert unit == units[4]
    assert any("技能培训人次（2026年10月）：由" in flag and "变为 550" in flag for flag in flags)


def test_a_fall_where_more_is_better_is_no_gain(
    officer: Actor, issued: SchemeVersion, units: list[Unit]
) -> None:
    Field.objects.filter(code="trained").update(direction=Field.Direction.MORE)
    fallen = lambda number, month: {"trained": 20} if (number, month) == (4, OCTOBER) else {}  # noqa: E731
    _unit, flags = told(officer, frozen(officer, issued, units, fallen))
    assert not any("变为 20，" in flag for flag in flags)


def test_one_figure_month_after_month_is_told_and_small_ones_are_not(
    officer: Actor, issued: SchemeVersion, units: list[Unit]
) -> None:
    same = lambda number, _month: {"trained": 200, "late": 1} if number == 2 else {}  # noqa: E731
    round_ = frozen(officer, issued, units, same)
    unit, flags = told(officer, round_)
    assert (unit, "技能培训人次：连续 10 期数值相同" in "".join(flags)) == (units[2], True)
    assert "数值相同" not in "".join(told(officer, round_, "1.2")[1])


@pytest.fixture
def wide(officer: Actor, office_head: Actor) -> SchemeVersion:
    """A version that reads five more typed counts."""
    make_dictionary()
    for code in MORE:
        Field.objects.create(
            code=code, name=f"数据{code}", unit_of_measure="人", definition="测试口径。", source=Field.Source.REPORT,
            valid_from=date(2020, 1, 1),
        )  # fmt: skip
    tables = deepcopy(scheme_dict()["tables"])
    items = dict.fromkeys(("late", *MORE), "-0.001")
    tables[0]["nodes"][0]["children"][1]["rule"] = LATE | {"items": items}
    return make_issued(officer, office_head, tables=tables)


def counts(number: int, month: Month) -> dict[str, int]:
    chance = random.Random(f"{number}:{month}")  # noqa: S311 - figures of a test
    return {code: chance.randint(100, 400) for code in MORE}


def test_a_sheet_sent_again_and_even_last_digits_are_told_where_typed_figures_count(
    officer: Actor, wide: SchemeVersion, units: list[Unit]
) -> None:
    def planted(number: int, month: Month) -> dict[str, int]:
        if (number, month) == (6, OCTOBER):
            month = MONTHS[-2]
            return honest(number, month) | counts(number, month)
        found = honest(number, month) | counts(number, month)
        return {code: count // 10 * 10 for code, count in found.items()} if number == 3 else found

    round_ = frozen(officer, wide, units, planted)
    for code in ("1.1", "1.2"):
        rows = queries.review_queue(officer, round_, code).rows
        flags = {row.unit: "".join(row.flags) for row in rows}
        assert {rows[0].unit, rows[1].unit} == {units[3], units[6]}
        assert "2026年10月 全部指标：" in flags[units[6]]
        assert "项数据与 2026年9月 完全相同，需要核实。可能的正常原因：该期没有新增工作" in flags[units[6]]
        assert "各月数据：末位数字 0 出现 60 次（共 60 个数），需要核实" in flags[units[3]]
    assert not any(row.flags for row in queries.review_queue(officer, round_, "2").rows)


def test_one_file_of_two_units_is_told_of_both(
    officer: Actor, issued: SchemeVersion, units: list[Unit]
) -> None:
    round_ = frozen(officer, issued, units, lambda _number, _month: {})
    for unit in units[:2]:
        insider = actor_for(Role.UNIT_LIAISON, unit)
        file = keep_file(insider, unit_id=unit.pk, name="花名册.txt", content="同一份".encode(), at=MOMENT)
        part = queries.part_of(insider, round_)
        assert part is not None
        given = [OwnPoints("1.1", Decimal(50), "", file.pk)]
        actions.give_own_points(insider, round_.pk, given=given, version=part.version, at=MOMENT)
    rows = {row.unit: row.flags for row in queries.review_queue(officer, round_, "1.1").rows}
    assert "佐证材料与 第1县 的是同一文件" in "".join(rows[units[0]])
    assert "佐证材料与 第0县 的是同一文件" in "".join(rows[units[1]])
    assert not any("同一文件" in flag for flag in rows[units[2]])
    assert queries.review_queue(officer, round_, "1.2").flagged == 0


def test_what_a_source_says_after_the_freezing_is_not_checked(
    officer: Actor, issued: SchemeVersion, units: list[Unit]
) -> None:
    round_ = frozen(officer, issued, units, lambda _number, _month: {})
    before = [row.flags for row in queries.review_queue(officer, round_, "1.1").rows]
    report(officer, units[3], OCTOBER, at=MOMENT.replace(day=MOMENT.day + 1), trained=2900)
    assert [row.flags for row in queries.review_queue(officer, round_, "1.1").rows] == before
