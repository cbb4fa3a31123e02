from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.plans.rules import (
    Draft,
    Piece,
    clause_from_closing,
    clause_from_preamble,
    codes,
    day_meant,
    demoted,
    merged,
    places,
    promoted,
    proposed_deadline,
    proposed_target,
    sentences,
    split,
)
from changai.core.errors import Invalid

WORDS = st.text(alphabet="甲乙，。；\n 　", max_size=12)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    level, pieces = -1, []
    for key in range(1, draw(st.integers(1, 7)) + 1):
        level = draw(st.integers(0, level + 1))
        pieces.append(
            Piece(key, level, draw(st.sampled_from(["", "一、", "（一）"])), draw(WORDS), draw(WORDS))
        )
    return Draft(draw(WORDS), draw(WORDS), tuple(pieces), draw(WORDS))


def _renumbered(draft: Draft) -> Draft:
    """Give the new piece a key, as the database does."""
    unused = max((piece.key for piece in draft.pieces), default=0) + 1
    pieces = tuple(
        Piece(piece.key or unused, piece.level, piece.label, piece.heading, piece.text)
        for piece in draft.pieces
    )
    return Draft(draft.title, draft.preamble, pieces, draft.closing)


@given(draft=drafts(), data=st.data())
def test_no_row_of_operations_loses_text_or_breaks_the_tree(draft: Draft, data: st.DataObject) -> None:
    text = draft.text()
    for _ in range(data.draw(st.integers(1, 8))):
        offset = data.draw(st.integers(0, 14))
        operations = [
            lambda d, o=offset: clause_from_preamble(d, o),
            lambda d, o=offset: clause_from_closing(d, o),
        ]
        if draft.pieces:
            key = data.draw(st.sampled_from([piece.key for piece in draft.pieces]))
            operations += [
                lambda d, k=key: merged(d, k),
                lambda d, k=key, o=offset: split(d, k, o),
                lambda d, k=key: promoted(d, k),
                lambda d, k=key: demoted(d, k),
            ]
        operation = data.draw(st.sampled_from(operations))
        try:
            draft = _renumbered(operation(draft))
        except Invalid:
            continue
        assert draft.text() == text
        assert draft.is_well_formed()


TREE = Draft(
    "题",
    "前言\n",
    (
        Piece(1, 0, "一、", "甲", "\n"),
        Piece(2, 1, "（一）", "乙", "\n做。再做。\n"),
        Piece(3, 2, "1.", "丙", "\n"),
        Piece(4, 1, "（二）", "丁", "\n"),
    ),
    "完",
)


def test_merging_a_child_into_its_parent_lifts_what_stood_below_it() -> None:
    after = merged(TREE, 2)
    assert [(piece.key, piece.level) for piece in after.pieces] == [(1, 0), (3, 1), (4, 1)]
    assert after.pieces[0].text == "\n（一）乙\n做。再做。\n"


def test_merging_the_first_clause_makes_it_preamble() -> None:
    after = merged(TREE, 1)
    assert after.preamble == "前言\n一、甲\n"
    assert [piece.level for piece in after.pieces] == [0, 1, 0]


def test_merging_into_a_sibling_keeps_the_levels_below() -> None:
    tree = Draft("", "", (Piece(1, 0, "", "", "a"), Piece(2, 0, "", "", "b"), Piece(3, 1, "", "", "c")), "")
    assert [(piece.key, piece.level) for piece in merged(tree, 2).pieces] == [(1, 0), (3, 1)]


def test_a_split_begins_with_the_label_it_was_given() -> None:
    after = split(TREE, 2, 3, head=("再", "做"))
    assert (after.pieces[2].label, after.pieces[2].heading, after.pieces[2].text) == ("再", "做", "。\n")


def test_a_head_that_is_not_there_is_left_out() -> None:
    assert split(TREE, 2, 3, head=("一、", "")).pieces[2].label == ""


@pytest.mark.parametrize("offset", [0, 8, 99])
def test_a_split_with_a_blank_half_is_refused(offset: int) -> None:
    tree = Draft("", "", (Piece(1, 0, "", "", "做。再做。\n\n\n"),), "")
    with pytest.raises(Invalid):
        split(tree, 1, offset)


def test_the_top_cannot_be_promoted_and_a_first_child_not_demoted() -> None:
    with pytest.raises(Invalid, match="最高层级"):
        promoted(TREE, 1)
    with pytest.raises(Invalid, match="不能再降级"):
        demoted(TREE, 2)
    with pytest.raises(Invalid, match="不能再降级"):
        demoted(TREE, 1)


def test_a_clause_that_is_not_in_the_draft_is_a_fault() -> None:
    with pytest.raises(KeyError):
        merged(TREE, 99)


def test_demoting_takes_the_branch_along() -> None:
    tree = promoted(TREE, 2)
    assert [piece.level for piece in tree.pieces] == [0, 0, 1, 1]
    assert [piece.level for piece in demoted(tree, 2).pieces] == [0, 1, 2, 2]


def test_the_tree_has_a_greatest_depth() -> None:
    pieces = tuple(Piece(level + 1, level, "", "", "文") for level in range(10))
    with pytest.raises(Invalid, match="层级最多"):
        demoted(Draft("", "", (*pieces, Piece(11, 9, "", "", "文")), ""), 11)


def test_places_are_the_beginnings_of_sentences() -> None:
    assert places("\n做好一。做好二；\n做好三") == [(5, "做好二；"), (10, "做好三")]
    assert places("。做好一。做好二。") == [(5, "做好二。")]
    assert places("做好一，做好二", soft=True) == [(4, "做好二")]
    assert sentences("\n做好一。做好二；\n做好三") == ["做好一。", "做好二；", "做好三"]


@given(st.text(alphabet="甲，。；\n ", max_size=30))
def test_places_cut_a_text_without_loss(text: str) -> None:
    for offset, beginning in places(text, soft=True):
        assert text[offset:].strip().startswith(beginning)
        assert text[:offset].strip()


def test_codes_are_unique_and_read_like_the_paper() -> None:
    assert codes(TREE.pieces, {1: [10], 2: [11, 12], 3: [13], 4: [14]}) == {
        10: "1-1", 11: "1-1-1", 12: "1-1-2", 13: "1-1-1-1", 14: "1-2-1",
    }  # fmt: skip


@given(drafts())
def test_no_two_measures_share_a_code(draft: Draft) -> None:
    housed = {piece.key: [piece.key * 10, piece.key * 10 + 1] for piece in draft.pieces}
    coded = codes(draft.pieces, housed)
    assert len(set(coded.values())) == len(coded) == 2 * len(draft.pieces)


@pytest.mark.parametrize(
    ("normal", "day"),
    [
        ("2026-06-30", date(2026, 6, 30)),
        ("2026-02", date(2026, 2, 28)),
        ("2026", date(2026, 12, 31)),
        ("2026/2028", date(2028, 12, 31)),
        ("2026-Q2", date(2026, 6, 30)),
        ("2026-H1", date(2026, 6, 30)),
        ("P1M", None),
        (None, None),
        ("", None),
    ],
)
def test_the_day_a_written_date_means(normal: str | None, day: date | None) -> None:
    assert day_meant(normal) == day


def _figure(low: str, unit: str = "场", bound: str = "") -> dict[str, str]:
    return {"text": low + unit, "low": low, "unit": unit, "bound": bound}


def test_the_proposed_target_is_the_only_bound_or_the_only_figure() -> None:
    assert proposed_target([_figure("20")]) == (Decimal(20), "场")
    assert proposed_target([_figure("3"), _figure("20", bound="at_least")]) == (Decimal(20), "场")
    assert proposed_target([_figure("3"), _figure("20")]) == (None, "")
    assert proposed_target([]) == (None, "")


@pytest.mark.parametrize("low", ["1E15", "0.001", "许多"])
def test_a_figure_that_does_not_fit_the_column_is_not_proposed(low: str) -> None:
    assert proposed_target([_figure(low)]) == (None, "")


def test_the_proposed_deadline_lies_within_the_plan() -> None:
    span = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    dates = [{"normal": "2026-06"}, {"normal": "2025-12-31"}, {"normal": "P1M"}, {"normal": "2030"}]
    assert proposed_deadline(dates, **span) == date(2026, 6, 30)
    assert proposed_deadline([], **span) is None
