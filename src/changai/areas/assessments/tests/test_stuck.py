"""Objections of thirty units as a state machine: from every state somebody, or the clock, can move."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from changai.areas.assessments.rules import (
    CLOCK_MOVES,
    CLOSED_OBJECTIONS,
    FULL,
    MOVES,
    OBJECTION_MOVES,
    conflict,
    next_objection_status,
    next_status,
)

UNITS = [f"1.{number}." for number in range(10, 40)]
OFFICER, HEAD = 1, 2
NEUTRAL = list(range(3, 8))  # heads of member units that are not assessed; the first owns the figures
OWNER = "1.53."
INSPECTOR = 8
_units = st.sampled_from(UNITS)
UNIT_MOVES = ("withdraw", "accept", "ask_review")


class Objections(RuleBasedStateMachine):
    """Thirty units object; the office, neutral reviewers and the clock do what they may."""

    def __init__(self) -> None:
        super().__init__()
        self.round = "confirming"
        self.status: dict[str, str] = {}
        self.judges: dict[str, set[int]] = {}
        self.replied: dict[str, int | None] = {}
        self.reviewer: dict[str, int | None] = {}
        self.corrected: dict[str, int | None] = {}

    def may_review(self, unit: str, person: int) -> bool:
        path = "1.2." if person in {OFFICER, HEAD, INSPECTOR} else f"1.{50 + person}."
        return not conflict(
            person, path, challenged_path=unit, assessed_paths=UNITS, owner_path=OWNER,
            judged_by=self.judges[unit], replied_by=self.replied[unit],
        )  # fmt: skip

    @precondition(lambda self: self.round == "confirming")
    @rule(unit=_units, judges=st.sets(st.sampled_from([OFFICER, HEAD, *NEUTRAL])))
    def object(self, unit: str, judges: set[int]) -> None:
        if self.status.get(unit, "withdrawn") == "withdrawn":
            self.status[unit], self.judges[unit] = "raised", judges
            self.replied[unit] = self.reviewer[unit] = self.corrected[unit] = None

    @rule(unit=_units, person=st.sampled_from([OFFICER, HEAD]), corrected=st.sampled_from([None, 2]))
    def reply(self, unit: str, person: int, corrected: int | None) -> None:
        if self.take(unit, "reply"):
            self.replied[unit], self.corrected[unit] = person, corrected

    @rule(unit=_units, move=st.sampled_from(UNIT_MOVES))
    def answer(self, unit: str, move: str) -> None:
        self.take(unit, move)

    @rule(unit=_units, person=st.sampled_from([OFFICER, HEAD, INSPECTOR, *NEUTRAL]))
    def name(self, unit: str, person: int) -> None:
        if self.status.get(unit) == "reviewing" and self.may_review(unit, person):
            self.reviewer[unit] = person

    @rule(unit=_units, move=st.sampled_from(["uphold_review", "refuse_review"]))
    def review(self, unit: str, move: str) -> None:
        person = self.reviewer.get(unit)
        if person is not None and self.may_review(unit, person):
            self.take(unit, move)

    @rule()
    def clock(self) -> None:
        """Every deadline passes: the confirmation ends, what waits moves on."""
        self.round = next_status(self.round, "close", FULL) or self.round
        for unit, status in self.status.items():
            if status in CLOCK_MOVES:
                self.take(unit, CLOCK_MOVES[status])
                if CLOCK_MOVES[status] == "call_again":
                    self.reviewer[unit] = None

    def take(self, unit: str, move: str) -> bool:
        after = next_objection_status(self.status.get(unit, ""), move, self.corrected.get(unit))
        self.status[unit] = after or self.status.get(unit, "withdrawn")
        return after is not None

    @invariant()
    def somebody_can_move(self) -> None:
        for unit, status in self.status.items():
            if status in CLOSED_OBJECTIONS:
                continue
            moves = {move for (before, move) in OBJECTION_MOVES if before == status}
            assert moves & set(UNIT_MOVES), status
            assert CLOCK_MOVES[status] in moves
            if status == "reviewing":
                assert any(
                    self.may_review(unit, person) for person in [OFFICER, HEAD, INSPECTOR, *NEUTRAL]
                ), unit

    @invariant()
    def nobody_who_competes_or_owns_the_figures_reviews(self) -> None:
        for unit, person in self.reviewer.items():
            assert person != NEUTRAL[0], unit

    @invariant()
    def what_was_corrected_stands(self) -> None:
        for unit, status in self.status.items():
            assert not (self.corrected.get(unit) and status in {"refused", "withdrawn"}), unit

    @invariant()
    def a_way_to_publication_is_open(self) -> None:
        """With everybody silent the clock and one named reviewer close all, and the office goes on to publish."""
        round_ = next_status(self.round, "close", FULL) or self.round
        for start in self.status.values():
            status = start
            for _step in range(3):
                if status in CLOSED_OBJECTIONS:
                    break
                move = "refuse_review" if status == "reviewing" else CLOCK_MOVES[status]
                status = next_objection_status(status, move) or status
            assert status in CLOSED_OBJECTIONS
        assert next_status(next_status(round_, "announce", FULL) or "", "publish", FULL) == "published"


Objections.TestCase.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)
TestObjections = Objections.TestCase


def test_every_step_of_a_round_leads_on_or_is_its_end() -> None:
    for course in MOVES.values():
        reached = set(course.values())
        leaving = {before for (before, _move), after in course.items() if after != before}
        assert reached - leaving == {"published", "dropped"}
