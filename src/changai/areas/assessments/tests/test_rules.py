"""The life of a round and the bands of the heat map."""

import pytest

from changai.areas.assessments.rules import heat_band, next_status


@pytest.mark.parametrize(
    ("status", "move", "after"),
    [
        ("open", "judge", "open"),
        ("open", "score", "scored"),
        ("open", "publish", None),
        ("scored", "judge", "open"),
        ("scored", "score", "scored"),
        ("scored", "publish", "published"),
        ("published", "judge", None),
        ("published", "score", None),
        ("published", "publish", None),
        ("open", "drop", "dropped"),
        ("scored", "drop", "dropped"),
        ("published", "drop", None),
        ("dropped", "score", None),
        ("dropped", "judge", None),
    ],
)
def test_moves(status: str, move: str, after: str | None) -> None:
    assert next_status(status, move) == after


@pytest.mark.parametrize(
    ("points", "policy", "band"),
    [
        (1000, "", "full"),
        (999, "", "high"),
        (900, "", "high"),
        (899, "", "middle"),
        (750, "", "middle"),
        (749, "", "low"),
        (600, "", "low"),
        (599, "", "bottom"),
        (0, "zero", "bottom"),
        (0, "open", "open"),
        (0, "reweight", "out"),
        (1000, "full", "full"),
    ],
)
def test_heat_bands(points: int, policy: str, band: str) -> None:
    assert heat_band(points, 1000, policy) == band
