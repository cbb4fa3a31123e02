"""What can be read off a scorecard for one unit: its totals, its nodes, its leaves with their sentences."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from changai.core.scoring.decimals import fixed
from changai.core.scoring.facts import Fact
from changai.core.scoring.sentences import Outcome, regain, sentence
from changai.core.scoring.statuses import Status
from changai.core.scoring.voice import Language

if TYPE_CHECKING:
    from changai.core.scoring.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class LeafScore:
    """One leaf, bonus or penalty of one unit.

    `points` and `full` are units of account (hundredths by default).
    """

    card: Scorecard
    place: int
    kind: str
    code: str
    name: str
    points: int
    full: int
    status: Status
    outcome: Outcome

    def sentence(self, lang: Language = "zh") -> str:
        """Return the one sentence that derives the points from the facts."""
        return sentence(self.outcome, self.card.facts, self.place, self.card.voice(lang))

    def regain(self, lang: Language = "zh") -> str:
        """Return how lost points could be won back, empty when nothing was lost or the rule cannot say."""
        if self.status is not Status.REPORTED or (self.kind == "leaf" and self.points >= self.full):
            return ""
        return regain(self.outcome, self.place, self.card.voice(lang))

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Return the facts these points were made from."""
        unit = self.card.units[self.place]
        return tuple(self.card.facts.fact(unit, name) for name in self.outcome.task.rule.fields())

    @property
    def points_text(self) -> str:
        """Return the points as a decimal."""
        return fixed(self.points, self.card.decimals)

    @property
    def full_text(self) -> str:
        """Return the full mark as a decimal."""
        return fixed(self.full, self.card.decimals)


@dataclass(frozen=True, slots=True)
class NodeScore:
    """An inner node of one unit.

    `applicable` is less than `full` where removed points could not be shared out here.
    """

    code: str
    name: str
    level: int
    points: int
    full: int
    applicable: int
    is_reweighted: bool


@dataclass(frozen=True, slots=True)
class UnitScore:
    """The result of one unit; all scores are integers of the unit of account (hundredths by default).

    regular + bonus + penalty, kept within floor and ceiling, + veto, rounded where the table says so = total.
    `rank` is None when the unit is not ranked, and `unranked_reasons` says why.
    """

    unit: str
    regular: int
    bonus: int
    penalty: int
    veto: int
    total: int
    converted: int | None
    rank: int | None
    is_ranked: bool
    unranked_reasons: tuple[str, ...]
    grade: str | None
    grade_reason: str
    attainable: tuple[int, int]
    applicable: int
    plain: int
    vetoes: tuple[str, ...]

    @property
    def score_rate(self) -> Fraction | None:
        """Return points before sharing out per applicable point (得分率), None when nothing is applicable."""
        return Fraction(self.plain, self.applicable) if self.applicable else None
