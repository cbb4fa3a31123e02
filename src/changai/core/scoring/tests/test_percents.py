"""95 where 0.95 is meant, and the other way round: asked about, never guessed."""

import dataclasses

import pytest

from changai.core import scoring
from changai.core.scoring import Facts, Status
from changai.core.scoring.tests.make import make_leaf, make_scheme


@pytest.mark.parametrize(
    ("rule", "figure", "told"),
    [
        ({"rule": "Linear", "of": "x", "knots": [[0, 0], [1, 1]]}, "95", "是否把 0.95 写成了 95"),
        ({"rule": "Linear", "of": "x", "knots": [[0, 0], [1, 1]]}, "3", ""),
        ({"rule": "Tiers", "of": "x", "bounds": ["0.9"], "shares": [1]}, "95", "是否把 0.95 写成了 95"),
        ({"rule": "Tiers", "of": "x", "bounds": [1], "shares": [1]}, "95", ""),
        (
            {"rule": "Survey", "of": "x", "sample": "n", "least": 1, "knots": [[0, 0], [1, 1]]},
            "95",
            "是否把 0.95 写成了 95",
        ),
        (
            {
                "rule": "Linear",
                "of": {"measure": "Value", "field": "x", "unit": "%"},
                "knots": [[0, 0], [100, 1]],
            },
            "0.95",
            "是否把 95 写成了 0.95",
        ),
        (
            {
                "rule": "Linear",
                "of": {"measure": "Value", "field": "x", "unit": "%"},
                "knots": [[0, 0], [100, 1]],
            },
            "1",
            "",
        ),
        (
            {"rule": "Sum", "parts": [{"rule": "Linear", "of": "x", "knots": [[0, 0], [1, 1]]}]},
            "95",
            "写成了 95",
        ),
        (
            {"rule": "Linear", "of": {"measure": "Ratio", "num": "x", "den": "n"}, "knots": [[0, 0], [1, 1]]},
            "95",
            "",
        ),
    ],
)
def test_a_percent_in_the_other_spelling_is_asked_about(rule, figure, told):
    scheme = make_scheme(make_leaf("1", "100", rule))
    facts = Facts.from_rows([("甲", "x", figure, Status.REPORTED), ("甲", "n", "40", Status.REPORTED)])
    doubts = scoring.percent_doubts(scheme, "县区", facts)
    assert [told in each.message() for each in doubts] == ([True] if told else [])
    counted = dataclasses.replace(
        scheme, fields=(scoring.Field("x", "个数", "项"), scoring.Field("n", "样本"))
    )
    assert not scoring.errors_of(scoring.percent_doubts(counted, "县区", facts)), (
        "a field with a unit is no rate"
    )


def test_a_mark_where_a_rate_is_due_is_told_once():
    scheme = make_scheme(("1", "100", {"rule": "Linear", "of": "x", "knots": [[0, 0], [1, 1]]}))
    facts = Facts.from_rows([("甲", "x", "A", Status.REPORTED)])
    assert len(scoring.check_facts(scheme.tables["县区"], facts)) == 1
    assert scoring.percent_doubts(scheme, "县区", facts) == []
