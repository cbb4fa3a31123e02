"""Archived results are scored again to the same points, places, grades and digest; what was changed is named."""

import copy
import json
from typing import Any

import pytest

from changai.core import scoring
from changai.core.scoring.archives import (
    NotAnArchive,
    archive_of,
    card_of_archive,
    figures_said,
    replay_archive,
)
from changai.core.scoring.tests.make import make_facts, make_leaf, make_scheme

LATE = {"rule": "PerItem", "items": {"late": "-1"}, "start": "full", "floor": "0"}


@pytest.fixture
def kept() -> dict[str, Any]:
    """A small archive that went through a file."""
    scheme = make_scheme(make_leaf("1", "60", LATE), make_leaf("2", "40", {**LATE, "items": {"lost": "-2"}}))
    facts = make_facts({"甲": {"late": "3", "lost": "1"}, "乙": {"late": "0", "lost": "5"}})
    card = scoring.score(scheme, "县区", facts, not_applicable={("乙", "2"): "无此业务"})
    written: dict[str, Any] = json.loads(json.dumps(archive_of(card, name="样例"), ensure_ascii=False))
    return written


def test_what_was_kept_is_scored_again_to_the_same(kept: dict[str, Any]) -> None:
    replayed = replay_archive(kept)
    assert (replayed.is_identical, replayed.digest) == (True, kept["result"]["digest"])
    assert archive_of(card_of_archive(kept), name="样例") == kept


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda kept: kept["facts"][0].__setitem__(2, "9"), "摘要值不一致"),
        (lambda kept: kept["result"]["units"][0].__setitem__("total", "1.00"), "“total”存档为 1.00"),
        (lambda kept: kept["result"]["units"][0]["leaves"][0].__setitem__("points", "1.00"), "指标 1 的得分"),
        (lambda kept: kept["result"]["units"].reverse(), "名次顺序"),
    ],
)
def test_what_was_changed_is_named(kept: dict[str, Any], change: Any, said: str) -> None:
    spoilt = copy.deepcopy(kept)
    change(spoilt)
    assert any(said in each for each in replay_archive(spoilt).differences)


def test_a_better_wording_is_no_difference_but_another_number_is(kept: dict[str, Any]) -> None:
    leaf = kept["result"]["units"][0]["leaves"][0]
    leaf["sentence"] = f"说明：{leaf['sentence']}"
    assert replay_archive(kept).is_identical
    leaf["sentence"] = f"{leaf['sentence']} 7"
    assert not replay_archive(kept).is_identical
    assert figures_said({"sentence": "得 4.5 分"}) == {"sentence": ["4.5"]}


def test_what_is_no_archive_is_refused(kept: dict[str, Any]) -> None:
    for spoilt in (
        {},
        kept | {"format": "x"},
        kept | {"scheme": {}},
        kept | {"facts": [["甲"]]},
        kept | {"category": "无"},
    ):
        with pytest.raises(NotAnArchive):
            replay_archive(spoilt)
