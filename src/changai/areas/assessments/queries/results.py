"""Results as they are shown: the ranked table, the heat map, one unit's sheet, one indicator's sources."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from changai.areas.assessments.models import LeafScore, Round, Score
from changai.areas.assessments.policies import told
from changai.areas.assessments.queries.amendments import Line, amended_lines
from changai.areas.assessments.queries.announcing import announced_scores
from changai.areas.assessments.rules import Told, heat_band
from changai.areas.facts import queries as facts
from changai.areas.facts.models import Fact
from changai.areas.organisations.queries import names_on
from changai.areas.schemes.queries import scheme_of
from changai.core import scoring
from changai.core.periods import Month
from changai.foundation.actors import Actor, visitor

MOST_SIDE_BY_SIDE = 40  # leaves of a heat map that can be looked through at a time


@dataclass(frozen=True)
class Head:
    """A column of points: the indicator and its full mark in hundredths."""

    code: str
    name: str
    full: int


@dataclass(frozen=True)
class Standing:
    """One unit's line as far as the reader is told of it: its name at the time, place, points, grade.

    `tops` are its points by first-level indicator in the order of the heads, `extra` what stands beside them, in
    hundredths; all are None where only the grade is told. `sheet` is there for who may open the unit's own page,
    `after` where corrections approved since came to another line; it is told by the same rule.
    """

    name: str
    grade: str
    rank: int | None = None
    is_tied: bool = False
    tops: tuple[int | None, ...] = ()
    extra: int | None = None
    total: int | None = None
    why: str = ""
    sheet: Score | None = None
    after: Line | None = None

    @property
    def score(self) -> Score:
        """The whole result; only of lines that have a sheet."""
        if self.sheet is None:
            raise ValueError(f"no sheet of {self.name} is open to the reader")
        return self.sheet


@dataclass(frozen=True)
class Standings:
    """The ranked table, those without a place last; `ranked` is how many units have one in the whole round."""

    heads: tuple[Head, ...]
    rows: tuple[Standing, ...]
    ranked: int
    has_extras: bool

    @property
    def unranked(self) -> tuple[Standing, ...]:
        return tuple(row for row in self.rows if row.sheet is not None and row.rank is None)

    @property
    def sheets(self) -> tuple[Standing, ...]:
        """The lines whose sheet the reader may open."""
        return tuple(row for row in self.rows if row.sheet is not None)

    @property
    def is_amended(self) -> bool:
        """Whether any line shown has been corrected."""
        return any(row.after is not None for row in self.rows)

    @property
    def has_points(self) -> bool:
        """Whether there is more to the table than grades."""
        return any(row.total is not None for row in self.rows)


def standings(actor: Actor, round_: Round) -> Standings:
    """Return the results of a round as far as they are announced to the actor, best first."""
    return _table(actor, round_)


def announced_table(round_: Round) -> Standings:
    """Return the result as it is announced to units it does not belong to: what papers for everybody may say."""
    return _table(visitor(""), round_)


def _table(actor: Actor, round_: Round) -> Standings:
    lines = announced_scores(actor, round_)
    amended = amended_lines(round_) if round_.published_at else {}
    names = names_on([score.unit_id for score, _told in lines], Month.of(round_.last_month).last_on)
    places = Counter(round_.scores.exclude(rank=None).values_list("rank", flat=True))
    placed = [score for score, how in lines if how >= Told.PLACE]
    heads = _heads(placed)
    rows = tuple(
        replace(
            _line(score, how, names[score.unit_id], heads, is_tied=places[score.rank or 0] > 1),
            after=_after(actor, score, amended.get(score.unit.code)),
        )
        for score, how in lines
    )
    has_extras = any(score.total_hundredths != score.regular_hundredths for score in placed)
    return Standings(heads, rows, sum(places.values()), has_extras)


def _after(actor: Actor, score: Score, line: Line | None) -> Line | None:
    if line is None:
        return None
    how = told(actor, score.round, score.unit.path, line.rank, line.grade)
    if how >= Told.PLACE:
        return line
    return Line("", None, line.grade if how is Told.GRADE and line.grade != score.grade else "", None)


def _line(score: Score, how: Told, name: str, heads: Sequence[Head], *, is_tied: bool) -> Standing:
    if how < Told.PLACE:
        return Standing(name, score.grade, tops=(None,) * len(heads))
    is_own = how is Told.SHEET
    return Standing(
        name=name,
        grade=score.grade,
        rank=score.rank,
        is_tied=is_tied,
        tops=_tops(score, heads),
        extra=score.extra_hundredths,
        total=score.total_hundredths,
        why=(score.why_graded if score.rank else score.why_unranked) if is_own else "",
        sheet=score if is_own else None,
    )


def _heads(scores: Sequence[Score]) -> tuple[Head, ...]:
    branches = scores[0].branches if scores else []
    return tuple(Head(row["code"], row["name"], row["full"]) for row in branches if row["level"] == 1)


def _tops(score: Score, heads: Sequence[Head]) -> tuple[int | None, ...]:
    points = {row["code"]: row["points"] for row in score.branches}
    return tuple(points.get(head.code) for head in heads)


@dataclass(frozen=True)
class HeatCell:
    """One unit's points for one indicator and the band of its score rate (see `rules.heat_band`)."""

    leaf: LeafScore
    band: str


@dataclass(frozen=True)
class HeatMap:
    """Units × indicators in the order of the ranked table and of the indicator table."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[Standing, tuple[HeatCell, ...]], ...]


@dataclass(frozen=True)
class HeatPart:
    """A first-level indicator and the codes of its leaves: what a heat map shows at a time when there are many."""

    code: str
    name: str
    leaves: frozenset[str]


def heat_parts(round_: Round) -> list[HeatPart]:
    """Return the parts a heat map is cut into, none while all leaves stand side by side."""
    table = scheme_of(round_.scheme).tables[round_.category]
    if len(table.leaves) <= MOST_SIDE_BY_SIDE:
        return []
    found: list[tuple[str, str, set[str]]] = []
    for node, level in table.walk():
        if level == 1:
            found.append((node.code, node.name, set()))
        if not node.children:
            found[-1][2].add(node.code)
    return [HeatPart(code, name, frozenset(leaves)) for code, name, leaves in found]


def heat_map(shown: Standings, part: HeatPart | None = None) -> HeatMap:
    """Return the points of every leaf, or of those of one part, of the units whose sheets are open. One query."""
    every = leaves_of(shown, part.leaves if part else None)
    by_score = {
        score_id: [leaf for leaf in leaves if leaf.kind == LeafScore.Kind.LEAF]
        for score_id, leaves in every.items()
    }
    first = by_score[shown.sheets[0].score.pk] if shown.sheets else []
    heads = tuple(Head(leaf.code, leaf.name, leaf.full_hundredths) for leaf in first)
    rows = tuple(
        (row, tuple(HeatCell(leaf, _band(leaf)) for leaf in by_score[row.score.pk])) for row in shown.sheets
    )
    return HeatMap(heads, rows)


def leaves_of(shown: Standings, codes: Collection[str] | None = None) -> dict[int, list[LeafScore]]:
    """Return the indicators, or those of some codes, of the results whose sheets are open, by the id of the score.

    One query.
    """
    by_score: dict[int, list[LeafScore]] = {row.score.pk: [] for row in shown.sheets}
    found = LeafScore.objects.filter(score__in=list(by_score))
    if codes is not None:
        found = found.filter(code__in=codes)
    for leaf in found.defer("inputs").order_by("position", "pk"):
        by_score[leaf.score_id].append(leaf)
    return by_score


def _band(leaf: LeafScore) -> str:
    return heat_band(leaf.points_hundredths, leaf.full_hundredths, leaf.policy)


@dataclass(frozen=True)
class SheetRow:
    """A line of a unit's sheet: an indicator with its level, and the leaf's score when it is one."""

    code: str
    name: str
    level: int
    points: int
    full: int
    leaf: LeafScore | None = None
    is_reweighted: bool = False


def sheet_rows(score: Score) -> list[SheetRow]:
    """Return a unit's points in the order of the indicator table: subtotals, leaves, bonus and penalty items."""
    table = scheme_of(score.round.scheme).tables[score.round.category]
    leaves = {leaf.code: leaf for leaf in score.leaves.order_by("position", "pk")}
    branches = {row["code"]: row for row in score.branches}
    rows = [_sheet_row(node, level, leaves, branches) for node, level in table.walk()]
    extras = [leaf for leaf in leaves.values() if leaf.kind != LeafScore.Kind.LEAF]
    return [row for row in rows if row] + [
        SheetRow(leaf.code, leaf.name, 1, leaf.points_hundredths, leaf.full_hundredths, leaf)
        for leaf in extras
    ]


def _sheet_row(
    node: scoring.Node, level: int, leaves: dict[str, LeafScore], branches: dict[str, dict[str, Any]]
) -> SheetRow | None:
    leaf, branch = leaves.get(node.code), branches.get(node.code)
    if leaf is not None:
        points, full = leaf.points_hundredths, leaf.full_hundredths
        return SheetRow(node.code, node.name, level, points, full, leaf)
    if branch is None:
        return None
    points, full, is_reweighted = branch["points"], branch["full"], branch["is_reweighted"]
    return SheetRow(node.code, node.name, level, points, full, is_reweighted=is_reweighted)


def losses(rows: Sequence[SheetRow]) -> list[LeafScore]:
    """Return the indicators that cost points, the dearest first."""
    lost = [row.leaf for row in rows if row.leaf is not None and row.leaf.lost_hundredths > 0]
    return sorted(lost, key=lambda leaf: (-leaf.lost_hundredths, leaf.position))


@dataclass(frozen=True)
class Source:
    """A figure an indicator was scored from: frozen value and state, the facts behind it, or who judged it."""

    label: str
    value: str | None
    unit_of_measure: str
    status: str
    facts: tuple[Fact, ...]
    reviewed_by: str
    reviewed_at: datetime | None
    reason: str


def sources_of(actor: Actor, leaf: LeafScore) -> list[Source]:
    """Return what an indicator was scored from, each fact open to the actor with its month."""
    scheme = scheme_of(leaf.score.round.scheme)
    wanted = [fact_id for row in leaf.inputs for fact_id in row["facts"]]
    found = {
        fact.pk: fact
        for fact in facts.visible_to(actor).filter(pk__in=wanted).select_related("field")
    }  # fmt: skip
    return [
        Source(
            label=scheme.labels.get(row["field"], row["field"]),
            value=row["value"],
            unit_of_measure=scheme.units.get(row["field"], ""),
            status=row["status"],
            facts=tuple(found[fact_id] for fact_id in row["facts"] if fact_id in found),
            reviewed_by=row.get("reviewed_by", ""),
            reviewed_at=datetime.fromisoformat(row["reviewed_at"]) if row.get("reviewed_at") else None,
            reason=row["note"],
        )
        for row in leaf.inputs
    ]


@dataclass(frozen=True)
class Wording:
    """What the indicator system says about one indicator, and where it stands in it."""

    path: tuple[str, ...]
    wording: str
    data_owner: str
    evidence: str


def wording_of(leaf: LeafScore) -> Wording:
    """Return the rule of an indicator in the words of the scheme it was scored by."""
    table = scheme_of(leaf.score.round.scheme).tables[leaf.score.round.category]
    trail: list[str] = []
    for node, level in table.walk():
        trail = [*trail[: level - 1], node.name]
        if node.code == leaf.code and not node.children:
            return Wording(tuple(trail), node.wording, node.data_owner, node.evidence)
    extras: list[scoring.Bonus | scoring.Penalty] = [*table.bonus, *table.penalty]
    item = next(item for item in extras if item.code == leaf.code)
    return Wording((item.name,), item.wording, item.data_owner, item.evidence)
