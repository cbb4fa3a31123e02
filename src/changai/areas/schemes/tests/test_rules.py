"""The life of a version, what is judged, and what the tables can hold."""

from fractions import Fraction

import pytest

from changai.areas.schemes.rules import judged_items, next_status, reviewed_fields, storage_faults
from changai.areas.schemes.tests.make import LATE, REVIEWED, scheme_dict
from changai.core import scoring


@pytest.mark.parametrize(
    ("status", "move", "after"),
    [
        ("draft", "issue", "issued"),
        ("issued", "supersede", "superseded"),
        ("issued", "issue", None),
        ("superseded", "issue", None),
        ("draft", "supersede", None),
    ],
)
def test_moves(status: str, move: str, after: str | None) -> None:
    assert next_status(status, move) == after


def with_extras() -> scoring.Table:
    scheme = scheme_dict()
    scheme["tables"][0]["bonus"] = [
        {
            "code": "J1",
            "name": "国家级试点",
            "cap": "5",
            "rule": {"rule": "Reviewed", "field": "pilot", "hi": "3"},
        }
    ]
    scheme["tables"][0]["penalty"] = [
        {"code": "K1", "name": "迟报", "rule": LATE | {"start": "0", "floor": "-5"}}
    ]
    return scoring.Scheme.from_json(scheme).tables["县区"]


def test_judged_items_come_from_leaves_and_bonus_with_their_range() -> None:
    leaf, bonus = judged_items(with_extras())
    assert (leaf.code, leaf.field, leaf.lowest, leaf.highest, leaf.points) == ("2", "typical", 0, 10, 10)
    assert (bonus.code, bonus.field, bonus.highest, bonus.points) == ("J1", "pilot", Fraction(3), Fraction(5))
    assert reviewed_fields(with_extras()) == ("typical", "pilot")


def test_one_field_judged_for_two_leaves_is_judged_once() -> None:
    scheme = scheme_dict()
    nodes = scheme["tables"][0]["nodes"]
    nodes[0]["children"][1]["rule"] = REVIEWED
    assert reviewed_fields(scoring.Scheme.from_json(scheme).tables["县区"]) == ("typical",)


def test_what_fits_has_no_faults() -> None:
    assert storage_faults(scoring.Scheme.from_json(scheme_dict())) == ()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"scheme": "长" * 101}, "方案名称"),
        ({"scheme": " "}, "没有写明方案名称"),
        ({"version": "1" * 21}, "版本"),
        ({"year": 20260}, "年度"),
        ({"decimals": 3}, "小数位数"),
    ],
)
def test_what_does_not_fit_is_told(changed: dict[str, object], told: str) -> None:
    (fault,) = storage_faults(scoring.Scheme.from_json(scheme_dict(**changed)))
    assert told in fault
