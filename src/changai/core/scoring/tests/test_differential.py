"""The vectorised engine against a slow scorer in fractions, on thousands of random tables."""

import pytest

from changai.core import scoring
from changai.core.scoring import Status
from changai.core.scoring.tests import reference
from changai.core.scoring.tests.make import RandomTable

ROUNDS, TABLES = 24, 84


def rows_of(facts):
    return [
        (unit, name, value, Status(status))
        for unit, figures in facts.items()
        for name, (value, status) in figures.items()
    ]


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_engine_and_reference_agree_on_every_integer(round_number):
    for number in range(TABLES):
        draw = RandomTable(round_number * TABLES + number)
        table, facts = draw.table(), draw.facts(draw.draw.randint(1, 9))
        codes = [leaf["code"] for node in table["nodes"] for leaf in reference.leaves_of(node)]
        exempt = {(unit, code) for unit in facts for code in codes if draw.draw.random() < 0.05}
        scheme = scoring.Scheme.from_json({"scheme": "r", "tables": [table]})
        assert not scoring.errors_of(scheme.validate()), scheme.validate()
        card = scoring.score(scheme, "类", scoring.Facts.from_rows(rows_of(facts)), not_applicable=exempt)
        expected = reference.score(table, facts, exempt)
        for unit in facts:
            got, want = card.of(unit), expected[unit]
            leaves = {leaf.code: leaf.points for leaf in card.leaves(unit)}
            assert leaves == want["leaves"], (table, unit)
            found = {"regular": got.regular, "bonus": got.bonus, "penalty": got.penalty, "total": got.total}
            assert found == {key: want[key] for key in found}
            assert (got.rank or 0, got.is_ranked) == (want["rank"], want["ranked"])
            assert got.regular == got.total - got.bonus - got.penalty - got.veto or got.total == 0
