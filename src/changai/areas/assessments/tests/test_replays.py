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

# What the four quarters and the year come to. The numbers were scored once; a release, or a database, that comes to
# others counts otherwise.
TOTALS = {
    "2026年3月": [("Q1", 9600, 1), ("Q2", 7850, 2), ("Q3", 4600, 3)],
    "2026年6月": [("Q1", 9600, 1), ("Q2", 7850, 2), ("Q3", 4600, 3)],
    "2026年9月": [("Q1", 9600, 1), ("Q2", 7850, 2), ("Q3", 4600, 3)],
    "2026年12月": [("Q1", 9600, 1), ("Q2", 7850, 2), ("Q3", 4600, 3)],
    "2026年": [("Q1", 9600, 1), ("Q2", 7550, 2), ("Q3", 4000, 3)],
}


def test_a_year_replays_identically(officer: Actor, issued: SchemeVersion, city_unit: Unit) -> None:
    """Runs on SQLite and on PostgreSQL: the same figures come to the same totals, places and digests."""
    units = [make_county(f"第{number}县", city_unit) for number in (1, 2, 3)]
    for number, unit in enumerate(units, start=1):
        Unit.objects.filter(pk=unit.pk).update(code=f"Q{number}")
    pace = {1: (600, 0), 2: (435, 1), 3: (160, 6)}
    for month in Month(2026, 1).until(Month(2026, 12)):
        for number, unit in enumerate(units, start=1):
            trained, late = pace[number]
            is_last = month.number % 3 == 0
            report(
                officer,
                unit,
                month,
                trained=trained // 3,
                target=600 if is_last else 0,
                late=late if is_last else 0,
            )
    spans = [(Month(2026, first), Month(2026, first + 2)) for first in (1, 4, 7, 10)]
    found, digests = {}, []
    for first, last in [*spans, (Month(2026, 10), Month(2026, 12))]:
        is_year = len(found) == 4
        round_ = make_round(
            officer, issued, first=first, last=last, course="full" if is_year else "short", name=""
        )
        if is_year:
            round_ = actions.freeze_round(officer, round_.pk, version=round_.version, at=MOMENT)
        judge_all(officer, round_)
        round_ = scored(officer, round_)
        scores = round_.scores.order_by("rank").values_list("unit__code", "total_hundredths", "rank")
        found["2026年" if is_year else last.label] = list(scores)
        digests.append(round_.result_digest)
        Round.objects.filter(pk=round_.pk).update(status="published", published_at=MOMENT)
    assert found == TOTALS
    assert all(queries.replays_identically(round_) for round_ in queries.published_rounds())
    assert digests == DIGESTS
