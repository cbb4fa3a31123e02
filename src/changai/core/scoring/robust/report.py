"""What the draws say about each unit, in whole places and in words that claim no more than they show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import erf, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from changai.core.scoring.decimals import fixed
from changai.core.scoring.fixedpoint import Floats, Integers
from changai.core.scoring.model import Node
from changai.core.scoring.robust.drawn import draw_weights, nominal_weights
from changai.core.scoring.robust.ranks import Ranks, quantiles, rank_draws
from changai.core.scoring.scorecard import Scorecard
from changai.core.scoring.voice import Language, Voice

DRAWS = 10_000
SPREAD = 0.25
_SHARES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class UnitRobustness:
    """Official rank, and median and 5-95 % range of the rank over the draws: whole places, inverse CDF."""

    unit: str
    official: int
    median: int
    p5: int
    p95: int


def robustness(card: Scorecard, *, rho: float = SPREAD, draws: int = DRAWS, seed: int = 0) -> Robustness:
    """Return how the ranks of the ranked units move when weights vary by the relative spread `rho`.

    Bonus, penalty, veto and every leaf's score rate stay as they are; points removed as not applicable follow the
    score rate of the node they were shared out at.

    :raises ValueError: when no unit is ranked, or no distribution has this spread.
    """
    places = np.flatnonzero(card.ranked)
    if not len(places):
        raise ValueError("no unit is ranked")
    rates, fixed_part = score_rates(card, places)
    weights = draw_weights(card.table, rho=rho, draws=draws, seed=seed)
    return Robustness(card, places, rates, fixed_part, rank_draws(rates, fixed_part, weights), rho, seed)


def score_rates(card: Scorecard, places: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Return leaves x units score rates times the full mark, and what weights do not move, in units of account."""
    full = float(card.table.full * card.scale)
    rates = _filled_rates(card)[:, places] * full
    factor = np.ones(len(places))
    for row, veto in enumerate(card.table.veto):
        taken = {"zero": 0.0, "factor": float(veto.factor or 0)}.get(veto.effect, 1.0)
        factor = np.where(card.vetoed[row, places], factor * taken, factor)
    rates = rates * factor
    moved = nominal_weights(card.table) @ rates
    return rates, card.totals.total[places] - moved


def _filled_rates(card: Scorecard) -> Floats:
    """Return leaf score rates; a removed leaf takes the rate of the ancestor that shared out its points."""
    full = np.array([float(leaf.points * card.scale) for leaf in card.table.leaves])[:, None]
    rates: Floats = card.points / full
    row = 0

    def descend(node: Node, above: Floats) -> None:
        nonlocal row
        if not node.children:
            rates[row] = np.where(card.removed[row], above, rates[row])
            row += 1
            return
        branch = card.branch(node.code)
        own = np.where(branch.reweighted, branch.points / float(node.points * card.scale), above)
        for child in node.children:
            descend(child, own)

    for node in card.table.nodes:
        descend(node, card.totals.regular / float(card.table.full * card.scale))
    return rates


class Robustness:
    """The ranks of every draw, and what can be asked of them."""

    def __init__(
        self,
        card: Scorecard,
        places: NDArray[np.intp],
        rates: Floats,
        fixed_part: Floats,
        ranks: Ranks,
        rho: float,
        seed: int,
    ) -> None:
        self.card = card
        self.places = places
        self.units = tuple(card.units[place] for place in places)
        self.ranks = ranks
        self.rho = rho
        self.seed = seed
        self._rates, self._fixed = rates, fixed_part

    @property
    def draws(self) -> int:
        """Return the number of draws."""
        return len(self.ranks)

    @cached_property
    def intervals(self) -> NDArray[np.int64]:
        """Return 5 %, median and 95 % rank of every unit, 3 x units."""
        return quantiles(self.ranks, _SHARES)

    def of(self, unit: str) -> UnitRobustness:
        """Return the robustness of one unit.

        :raises ValueError: when the unit is not ranked.
        """
        place = self.units.index(unit)
        low, middle, high = (int(row[place]) for row in self.intervals)
        return UnitRobustness(unit, int(self.card.places[self.places[place]]), middle, low, high)

    def above(self, unit: str, other: str) -> tuple[float, float]:
        """Return the share of draws in which `unit` stands above `other`, and the share in which they tie."""
        first, second = self.ranks[:, self.units.index(unit)], self.ranks[:, self.units.index(other)]
        return float((first < second).mean()), float((first == second).mean())

    def within_top(self, unit: str, places: int) -> float:
        """Return the share of draws in which the unit stands among the first `places`."""
        return float((self.ranks[:, self.units.index(unit)] <= places).mean())

    def bands(self) -> list[list[str]]:
        """Return the units in bands, best first.

        A cut stands only where the worst 95th percentile above is better than the best 5th percentile below;
        inside a band units stand in the order of their names, because the draws do not order them.
        """
        low, _, high = self.intervals
        order = sorted(
            range(len(self.units)), key=lambda place: (self.card.places[self.places[place]], place)
        )
        bands: list[list[str]] = []
        for position, place in enumerate(order):
            worst_above = max((int(high[each]) for each in order[:position]), default=0)
            best_below = min(int(low[each]) for each in order[position:])
            if position == 0 or worst_above < best_below:
                bands.append([])
            bands[-1].append(self.units[place])
        return [sorted(band) for band in bands]

    @cached_property
    def left_out(self) -> Integers:
        """Return leaves x units: the rank with one leaf left out and the others scaled up to the full mark."""
        nominal = nominal_weights(self.card.table)
        weights = np.tile(nominal, (len(nominal), 1))
        np.fill_diagonal(weights, 0.0)
        total = weights.sum(axis=1, keepdims=True)
        weights = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
        return np.asarray(rank_draws(self._rates, self._fixed, weights), dtype=np.int64)

    def influential(self, unit: str, count: int = 3) -> list[tuple[str, int]]:
        """Return the leaves whose removal moves the unit most: (code, places gained, negative when lost)."""
        place = self.units.index(unit)
        official = int(self.card.places[self.places[place]])
        shifts = official - self.left_out[:, place]
        order = sorted(range(len(shifts)), key=lambda row: (-abs(int(shifts[row])), row))[:count]
        return [(self.card.table.leaves[row].code, int(shifts[row])) for row in order if shifts[row]]

    def compare_words(self, unit: str, other: str, lang: Language = "zh") -> str:
        """Return the comparison of two units in words that claim no more than the draws show."""
        higher, tied = (round(share * 100) for share in self.above(unit, other))
        voice = Voice(lang)
        ties = voice.pick(f"，{tied}% 并列", f", level in {tied}%") if tied else ""
        return voice.pick(
            f"在 {self.draws} 组合理权重中，{unit}有 {higher}% 高于{other}{ties}。",
            f"In {self.draws} reasonable sets of weights {unit} stands above {other} in {higher}%{ties}.",
        )

    def varied_words(self, lang: Language = "zh") -> str:
        """Return what was varied and by how much, to be printed beside every figure."""
        spread = fixed(round(self.rho * 1000), 1)
        return Voice(lang).pick(
            f"权重敏感性：各级权重围绕规定值变动，相对标准差 {spread}%，共 {self.draws} 组，随机种子 {self.seed}；"
            "加分、减分和否决不变。各组使用同一套指标，指标本身的偏差不在其中。",
            f"Sensitivity to weights: weights vary around the stated ones, relative s.d. {spread}%, "
            f"{self.draws} draws, seed {self.seed}; bonus, penalty and veto stay. "
            "All draws share the same indicators, right or wrong.",
        )

    def result(self, lang: Language = "zh") -> dict[str, Any]:
        """Return the part of result.json: what was varied, and each unit's median and range as decimal text."""
        units = sorted((self.of(unit) for unit in self.units), key=lambda each: each.official)
        return {
            "draws": str(self.draws),
            "varied": self.varied_words(lang),
            "bands": self.bands(),
            "units": [
                {
                    "unit": each.unit,
                    "rank": str(each.official),
                    "median": str(each.median),
                    "p5": str(each.p5),
                    "p95": str(each.p95),
                }
                for each in units
            ],
        }


def screen(card: Scorecard, unit: str, other: str, *, concentration: float) -> float:
    """Return the share of draws in which `unit` is expected above `other`, without drawing, for a one-level table.

    D = difference of the score rates, P ~ Phi(m / s) with m = D.w0 and s^2 = (sum w0 D^2 - m^2) / (c + 1).
    """
    places = np.array([card.facts.place(unit), card.facts.place(other)])
    rates, fixed_part = score_rates(card, places)
    difference = rates[:, 0] - rates[:, 1] + (fixed_part[0] - fixed_part[1])
    nominal = nominal_weights(card.table)
    mean = float(difference @ nominal)
    variance = (float(nominal @ difference**2) - mean**2) / (concentration + 1)
    if variance <= 0:
        return float(np.sign(mean) + 1) / 2
    return 0.5 * (1 + erf(mean / sqrt(2 * variance)))
