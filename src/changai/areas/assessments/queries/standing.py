"""One unit's result beside what it could still gain, the year before, and the band its place lies in."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

from changai.areas.assessments.models import LeafScore, Round, Score, Sensitivity
from changai.areas.assessments.queries.frozen import card_of
from changai.areas.organisations.queries import names_on
from changai.areas.schemes.queries import scheme_of
from changai.core import scoring
from changai.core.periods import Month
from changai.core.scoring.voice import Language
from changai.core.scoring.whatif import Gain, nearest_gains


@lru_cache(maxsize=4)
def _card(round_id: int, digest: str) -> scoring.Scorecard | None:
    """Return the scorecard of a kept result; it is kept in memory under its digest, so that it never grows old."""
    round_ = Round.objects.select_related("scheme").defer("result").get(pk=round_id)
    try:
        card = card_of(round_, round_.frozen_facts)
    except scoring.FactsRefused:
        return None
    return card if card.digest == digest else None


def card_kept(round_: Round) -> scoring.Scorecard | None:
    """Return the scorecard the round's result was printed from, None when the figures moved on since."""
    return _card(round_.pk, round_.result_digest) if round_.scored_at and round_.result_digest else None


def _language() -> Language:
    return "en" if (get_language() or "").startswith("en") else "zh"


def regains(score: Score) -> dict[str, str]:
    """Return how the points lost could be won back, by code of the indicator, in the reader's language."""
    card = card_kept(score.round)
    if card is None or score.unit.code not in card.units:
        return {}
    items = (*card.leaves(score.unit.code), *card.adjustments(score.unit.code))
    told = {item.code: item.regain(_language()) for item in items}
    return {code: sentence for code, sentence in told.items() if sentence}


def gains_of(score: Score, most: int = 5) -> list[Gain]:
    """Return the indicators that could still give most, with the place reached if all others stay as they are."""
    card = card_kept(score.round)
    if card is None or score.unit.code not in card.units:
        return []
    return nearest_gains(card, score.unit.code, _language())[:most]


@dataclass(frozen=True)
class EarlierLeaf:
    """One indicator of now and of the earlier round, by the same code, name, points and rule."""

    now: LeafScore
    before: LeafScore

    @property
    def change(self) -> int:
        return self.now.points_hundredths - self.before.points_hundredths


@dataclass(frozen=True)
class Earlier:
    """A unit's earlier result: the round, whether it is the same months a year before, what can be compared."""

    score: Score
    is_year_before: bool
    leaves: tuple[EarlierLeaf, ...]
    not_comparable: int

    @property
    def change(self) -> int:
        return sum(leaf.change for leaf in self.leaves)


def earlier_of(score: Score) -> Earlier | None:
    """Return the unit's result of the same months a year before, else of the newest earlier published round of the
    same table over as many months; None without one.
    """
    found = _earlier_score(score)
    if found is None:
        return None
    rules, rules_before = _rules(score.round), _rules(found.round)
    before = {leaf.code: leaf for leaf in found.leaves.defer("inputs")}
    now = list(score.leaves.defer("inputs").order_by("position", "pk"))
    pairs = tuple(
        EarlierLeaf(leaf, before[leaf.code])
        for leaf in now
        if leaf.code in before and rules.get(leaf.code) and rules[leaf.code] == rules_before.get(leaf.code)
    )
    is_year = found.round.last_month == _year_before(score.round).first_on
    return Earlier(found, is_year, pairs, len(now) - len(pairs))


def _year_before(round_: Round) -> Month:
    return Month.of(round_.last_month).plus(-12)


def _earlier_score(score: Score) -> Score | None:
    round_ = score.round
    span = _span(round_)
    earlier = Score.objects.filter(
        unit=score.unit_id, round__category=round_.category, round__status=Round.Status.PUBLISHED,
        round__last_month__lt=round_.first_month,
    ).select_related("round__scheme").defer("round__frozen_facts").order_by("-round__last_month", "-pk")  # fmt: skip
    rows = [row for row in earlier[:24] if _span(row.round) == span]
    year_before = _year_before(round_).first_on
    same = [row for row in rows if row.round.last_month == year_before]
    return next(iter(same or rows), None)


def _span(round_: Round) -> int:
    first, last = round_.first_month, round_.last_month
    return (last.year - first.year) * 12 + last.month - first.month


def _rules(round_: Round) -> dict[str, tuple[object, ...]]:
    """Return what must be equal for two rounds' points of an indicator to be compared, by its code."""
    table = scheme_of(round_.scheme).tables[round_.category]
    return {leaf.code: (leaf.name, leaf.points, leaf.rule) for leaf in table.leaves}


@dataclass(frozen=True)
class Place:
    """One unit's official place, and the range it keeps under other reasonable weights. Whole places."""

    name: str
    code: str
    official: int
    median: int
    low: int
    high: int


@dataclass(frozen=True)
class Bands:
    """The bands of a result, best first. Inside a band nothing orders the units: they stand by name."""

    sensitivity: Sensitivity
    bands: tuple[tuple[Place, ...], ...]

    def of(self, code: str) -> tuple[int, tuple[Place, ...]] | None:
        """Return the number of the band a unit is in, counted from 1, and the units of it."""
        for number, band in enumerate(self.bands, start=1):
            if any(place.code == code for place in band):
                return number, band
        return None


def sensitivity_of(round_: Round) -> Sensitivity | None:
    """Return what was drawn, or is being drawn, for the result as it stands."""
    return Sensitivity.objects.filter(round=round_, result_digest=round_.result_digest).first()


def bands_of(round_: Round) -> Bands | None:
    """Return the bands of the result as it stands, None until they have been drawn for it."""
    found = sensitivity_of(round_)
    if found is None or found.done_at is None:
        return None
    units = dict(round_.scores.values_list("unit__code", "unit_id"))
    named = names_on(units.values(), Month.of(round_.last_month).last_on)
    rows = {row["unit"]: row for row in found.report.get("units", [])}
    bands = tuple(
        tuple(sorted((_place(rows[code], named[units[code]]) for code in band), key=lambda place: place.name))
        for band in found.report.get("bands", [])
    )
    return Bands(found, bands)


def _place(row: dict[str, str], name: str) -> Place:
    return Place(name, row["unit"], int(row["rank"]), int(row["median"]), int(row["p5"]), int(row["p95"]))
