"""Choices and what hangs on them; and that nothing official looks at any of it."""

import re
from pathlib import Path

import numpy as np
import pytest

from changai.core import scoring
from changai.core.scoring import Status
from changai.core.scoring.robust import policy_places, rank_shift_indices, sobol
from changai.core.scoring.tests.make import make_facts, make_leaf, make_scheme
from changai.core.scoring.tests.test_robust import flat_card, imported

ADVISORY = ("robust", "weights", "checks", "audit", "whatif", "composite")


def test_indices_of_the_ishigami_function():
    def ishigami(rows):
        x = np.pi * (2 * rows - 1)
        return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])

    found = sobol(ishigami, ("a", "b", "c"), samples=40_000, seed=1)
    assert found.first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.03)
    assert found.total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.03)
    assert found.mean == pytest.approx(3.5, abs=0.05)


def test_a_constant_has_no_indices():
    found = sobol(lambda rows: np.ones(len(rows)), ("a",), samples=8, seed=1)
    assert (found.variance, found.first.tolist(), found.total.tolist()) == (0.0, [0.0], [0.0])


def gappy():
    groups = [
        {
            "code": "1",
            "name": "一",
            "points": "40",
            "children": [
                make_leaf("1.1", 20, imported("a")),
                make_leaf("1.2", 20, imported("b"), missing="full"),
            ],
        },
        make_leaf("2", 60, imported("c")),
    ]
    units = {
        "甲": {"a": 90, "b": Status.NOT_REPORTED, "c": 70},
        "乙": {"a": 60, "b": 50, "c": 80},
        "丙": {"a": 95, "b": 90, "c": 60},
    }
    return scoring.score(make_scheme(*groups), "县区", make_facts(units))


def test_places_under_each_policy_for_gaps():
    found = {policy: places.tolist() for policy, places in policy_places(gappy()).items()}
    # 甲 has 60 points and one gap of 20; 乙 has 70, 丙 73.
    assert found == {"zero": [3, 2, 1], "full": [1, 3, 2], "average": [1, 3, 2], "reweight": [1, 3, 2]}


def test_the_policy_explains_shifts_where_gaps_decide_and_nothing_where_there_are_none():
    found = rank_shift_indices(gappy(), samples=512, seed=3)
    assert found.inputs == ("1", "2", "missing")
    again = rank_shift_indices(gappy(), samples=512, seed=3)
    assert (found.first == again.first).all()
    complete = flat_card({"甲": [90, 40, 70], "乙": [60, 80, 65], "丙": [30, 90, 95]})
    quiet = rank_shift_indices(complete, samples=256)
    assert quiet.first[-1] == quiet.total[-1] == 0
    assert quiet.total[:-1].max() > 0.2
    pending = scoring.score(
        make_scheme(("1", 10, imported("x"))), "县区", make_facts({"甲": {"x": Status.PENDING}})
    )
    with pytest.raises(ValueError, match="no unit is ranked"):
        rank_shift_indices(pending)


def test_official_modules_never_import_advisory_ones():
    home = Path(scoring.__file__).parent
    official = [
        path for path in home.rglob("*.py") if path.relative_to(home).parts[0] not in (*ADVISORY, "tests")
    ]
    official = [path for path in official if path.stem not in ADVISORY]
    assert len(official) > 25
    for path in official:
        imported_names = re.findall(r"changai\.core\.scoring\.(\w+)", path.read_text(encoding="utf-8"))
        assert not set(imported_names) & set(ADVISORY), path
