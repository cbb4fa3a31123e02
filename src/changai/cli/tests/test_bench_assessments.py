"""The promise of two seconds: a corrected figure re-scores the round and names everybody it moved."""

import pytest

from changai.cli.bench_assessments import City

pytestmark = pytest.mark.django_db


def test_a_corrected_figure_lists_whom_it_moved_within_two_seconds() -> None:
    city = City(60, 12)
    round_ = city.score(city.open_round())
    taken = [city.correct(round_, number) for number in range(3)]
    for number, (spent, moves) in enumerate(taken):
        corrected = city.units[number * 7 % len(city.units)].code
        assert {move["unit"] for move in moves} - {corrected}
        assert all(
            move["total"][0] != move["total"][1] or move["rank"][0] != move["rank"][1] for move in moves
        )
        assert spent.processor < 2.0
