"""A year of rounds replays to the same digests on every database and in every release."""

import pytest

from changai.areas.accounts.tests.make import MOMENT
from changai.areas.assessments import actions, queries
from changai.areas.assessments.models import Round
from changai.areas.assessments.tests.make import judge_all, make_county, make_round, report, scored
from changai.areas.organisations.models import Unit
from changai.areas.schemes.models import SchemeVersion
from changai.core.periods import Month
from changai.foundation.actors import Actor

pytestmark = pytest.mark.django_db

# What every quarter and the year come to, checked by hand: 435 of 600 are 43.5 of 60 points, a late report costs one.
# A release, or a database, that comes to other points or another digest counts otherwise.
QUARTER = [("Q1", 9600, 1), ("Q2", 7850, 2), ("Q3", 4590, 3)]
YEAR = [("Q1", 9600, 1), ("Q2", 9200, 2), ("Q3", 7200, 3)]
# Four quarters of the same figures have one digest, the year has another.
DIGESTS = [
    "b64966d8434f925f163195a3bdccc82dd4dfbc23a2ee2cfb7589d131b310ccc7",
    "005265cdc13e6ce08cfb38ce8016ffe5e5edb2709f3a1ec34932604c6939804f",
]

# The year after a correction of one figure: the published digest stays, this one stands beside it.
AMENDED = "c4149d3ffcf5a8485579bf0415780f463d641031b2db44fb9fc88934791f9cf1"


def test_a_year_replays_identically(
    officer: Actor, office_head: Actor, issued: SchemeVersion, city_unit: Unit
) -> None:
    """Runs on SQLite and on PostgreSQL: the same figures come to the same totals, places and digests."""
    units = [make_county(f"第{number}县", city_unit) for number in (1, 2, 3)]
    for number, unit in enumerate(units, start=1):
        Unit.objects.filter(pk=unit.pk).update(code=f"Q{number}")
    pace = {1: (600, 0), 2: (435, 1), 3: (160, 6)}
    for month in Month(2026, 1).until(Month(2026, 12)):
        ends = month.number % 3 == 0
        for number, unit in enumerate(units, start=1):
            trained, late = pace[number]
            report(
                officer,
                unit,
                month,
                trained=trained // 3,
                target=600 if ends else 0,
                late=late if ends else 0,
            )
    spans = [(Month(2026, first), Month(2026, first + 2)) for first in (1, 4, 7, 10)]
    digests = [_published(officer, issued, span, "short", QUARTER) for span in spans]
    digests.append(_published(officer, issued, (Month(2026, 1), Month(2026, 12)), "full", YEAR))
    assert all(queries.replays_identically(round_) for round_ in queries.published_rounds())
    assert queries.published_rounds().count() == 5
    assert list(dict.fromkeys(digests)) == DIGESTS
    year = queries.published_rounds().get(course="full")
    made = actions.propose_amendment(
        officer, year.pk, units[2].pk, "1.2", values={"late": "3"}, reason="三次迟报属系统故障",
        basis="核查记录第3号", at=MOMENT,
    )  # fmt: skip
    made = actions.approve_amendment(office_head, made.pk, version=1, at=MOMENT)
    assert made.result_digest == AMENDED
    assert [again.is_identical for _made, again in queries.replay_amendments(year)] == [True]
    assert queries.replays_identically(year)


def _published(
    officer: Actor,
    issued: SchemeVersion,
    span: tuple[Month, Month],
    course: str,
    expected: list[tuple[str, int, int]],
) -> str:
    round_ = make_round(officer, issued, first=span[0], last=span[1], course=course, name="")
    if round_.is_full:
        round_ = actions.freeze_round(officer, round_.pk, version=round_.version, at=MOMENT)
    judge_all(officer, round_)
    round_ = scored(officer, round_)
    assert (
        list(round_.scores.order_by("rank").values_list("unit__code", "total_hundredths", "rank")) == expected
    )
    Round.objects.filter(pk=round_.pk).update(status="published", published_at=MOMENT)
    return round_.result_digest
