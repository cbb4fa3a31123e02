"""Scoring one category, and everything that can be asked of the result."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from changai.core.scoring.checking import check_facts
from changai.core.scoring.decimals import fixed
from changai.core.scoring.evaluation import Task, evaluate
from changai.core.scoring.exemptions import Exempted, Exemptions, spread
from changai.core.scoring.facts import Facts
from changai.core.scoring.findings import FactsRefused
from changai.core.scoring.fixedpoint import Integers, Mask
from changai.core.scoring.frames import Frame
from changai.core.scoring.grades import Grading, grade_units
from changai.core.scoring.missing import Branch, Settled, Tree, plain_sum, policies, settle
from changai.core.scoring.model import Bonus, Penalty, Scheme, Table
from changai.core.scoring.ranking import competition_rank
from changai.core.scoring.sentences import Outcome
from changai.core.scoring.statuses import PENDING, REPORTED, Status
from changai.core.scoring.totals import Totals, add_up, worst_per_matter
from changai.core.scoring.unitscore import LeafScore, NodeScore, UnitScore
from changai.core.scoring.voice import Language, Voice

ENGINE_VERSION = "1"
_STATUSES = tuple(Status)


def score(scheme: Scheme, category: str, facts: Facts, *, not_applicable: Exemptions = ()) -> Scorecard:
    """Return the scorecard of all units of `facts` under the table of `category`.

    `not_applicable` are exemptions the organiser approved in advance: (unit, node code), or a mapping of
    these to the reason; a code of an inner node exempts from everything below it.

    :raises SchemeRefused: when the scheme does not hold together.
    :raises FactsRefused: when an accepted figure cannot be what its rule takes it for.
    :raises KeyError: when there is no table of this category, or an exemption names an unknown unit or node.
    """
    scheme.require_valid()
    table = scheme.tables[category]
    findings = check_facts(table, facts)
    if findings:
        raise FactsRefused(findings)
    return Scorecard(scheme, table, facts, spread(table, facts, not_applicable))


class Scorecard:
    """The points of every unit and leaf with their totals, places, grades, sentences and digest."""

    def __init__(self, scheme: Scheme, table: Table, facts: Facts, exempt: Exempted) -> None:
        self.scheme = scheme
        self.table = table
        self.facts = facts
        self.exempt = exempt
        self.decimals = scheme.decimals
        self.scale = 10**scheme.decimals
        self._evaluated = evaluate(self._tasks, facts, self.scale)

    @property
    def units(self) -> tuple[str, ...]:
        """Return the units in the order of the facts."""
        return self.facts.units

    @cached_property
    def points(self) -> Integers:
        """Return leaf points, leaves x units, in the order of `table.leaves`."""
        return np.stack([each.points for each in self._settled])

    @property
    def statuses(self) -> NDArray[np.int8]:
        """Return the status codes of the leaves, leaves x units."""
        return self._evaluated.statuses[: len(self.table.leaves)]

    @cached_property
    def totals(self) -> Totals:
        """Return the columns of the order of operations."""
        return self._add_up(self._tree.root.points, self._bonus, self._penalty, self.vetoed)

    @cached_property
    def ranked(self) -> Mask:
        """Return which units take a place."""
        excluded = [row for row, veto in enumerate(self.table.veto) if veto.effect == "exclude_from_rank"]
        out = self.vetoed[excluded].any(axis=0) if excluded else np.zeros(len(self.units), dtype=bool)
        return ~(self._open | out | self._too_little)

    @cached_property
    def places(self) -> Integers:
        """Return the competition rank of every unit, 0 for those without a place."""
        return competition_rank(
            [self._key(self.table.ranking.by), *map(self._key, self.table.ranking.tie_breakers)], self.ranked
        )

    @cached_property
    def grading(self) -> Grading:
        """Return the grades of all units."""
        totals, ceilings = self.totals.total, np.zeros(len(self.units), dtype=np.int64)
        names = [grade.name for grade in self.table.grades]
        for row, veto in enumerate(self.table.veto):
            if veto.effect == "grade_ceiling" and veto.ceiling is not None:
                ceilings = np.where(
                    self.vetoed[row], np.maximum(ceilings, names.index(veto.ceiling)), ceilings
                )
        return grade_units(self.table, self.facts, totals, self.places, ceilings, self.scale)

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 over scheme, category, facts, exemptions and engine version."""
        exempt = sorted([*key, reason] for key, reason in self.exempt.reasons.items())
        parts = [self.scheme.digest, self.table.category, self.facts.digest, exempt, ENGINE_VERSION]
        return hashlib.sha256(
            json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
        ).hexdigest()

    @cached_property
    def attainable(self) -> tuple[Integers, Integers]:
        """Return the lowest and highest total each unit can come to once everything open is decided."""
        if not self._open.any():
            return self.totals.total, self.totals.total
        lowest, highest = self._bounds()
        return np.minimum(lowest, self.totals.total), np.maximum(highest, self.totals.total)

    @property
    def leaf_tasks(self) -> list[Task]:
        """Return the rules of the leaves with their full marks, in the order of the table."""
        return self._tasks[: len(self.table.leaves)]

    def total_of(self, points: Integers) -> Integers:
        """Return the totals these leaf points (leaves x units) would come to, all else unchanged."""
        tree = Tree(self.table, points, self.removed, self.scale)
        return self._add_up(tree.root.points, self._bonus, self._penalty, self.vetoed).total

    def branch(self, code: str) -> Branch:
        """Return the points of one node for all units."""
        return self._tree.branches[code]

    def text(self, points: int) -> str:
        """Return units of account as a decimal with the scheme's decimals."""
        return fixed(points, self.decimals)

    def total_text(self, points: int) -> str:
        """Return a total with the decimals the table keeps for totals."""
        kept = self.decimals if self.table.total_decimals is None else self.table.total_decimals
        return fixed(points // 10 ** (self.decimals - kept), kept)

    def voice(self, lang: Language = "zh") -> Voice:
        """Return the voice that speaks this scheme's labels."""
        return Voice(lang, self.scheme.labels, self.scheme.units)

    def of(self, unit: str, lang: Language = "zh") -> UnitScore:
        """Return the result of one unit; `lang` is the language of the grade reason.

        :raises KeyError: when the unit is not in the facts.
        """
        place = self.facts.place(unit)
        totals, rank = self.totals, int(self.places[place])
        lowest, highest = self.attainable
        return UnitScore(
            unit=unit,
            regular=int(totals.regular[place]),
            bonus=int(totals.bonus[place]),
            penalty=int(totals.penalty[place]),
            veto=int(totals.veto[place]),
            total=int(totals.total[place]),
            converted=None if totals.converted is None else int(totals.converted[place]),
            rank=rank or None,
            is_ranked=rank > 0,
            unranked_reasons=self._unranked_reasons(place, lang),
            grade=self.grading.name(place),
            grade_reason=self.grading.reason(place, self.total_text(int(totals.total[place])), lang),
            attainable=(int(lowest[place]), int(highest[place])),
            applicable=int(self._applicable[place]),
            plain=int(self._plain[place]),
            vetoes=tuple(veto.code for row, veto in enumerate(self.table.veto) if self.vetoed[row, place]),
        )

    def standings(self, lang: Language = "zh") -> list[UnitScore]:
        """Return all units, ranked ones first by place, equals in the order of the facts."""
        order = sorted(
            range(len(self.units)), key=lambda place: (self.places[place] == 0, self.places[place], place)
        )
        return [self.of(self.units[place], lang) for place in order]

    def leaves(self, unit: str) -> list[LeafScore]:
        """Return the leaves of one unit in the order of the table."""
        place = self.facts.place(unit)
        return [self._leaf(row, place) for row in range(len(self.table.leaves))]

    def adjustments(self, unit: str) -> list[LeafScore]:
        """Return the bonus and penalty items of one unit in the order of the table."""
        place, first = self.facts.place(unit), len(self.table.leaves)
        items: list[Bonus | Penalty] = [*self.table.bonus, *self.table.penalty]
        return [self._adjustment(item, row, first + row, place) for row, item in enumerate(items)]

    def leaf(self, unit: str, code: str) -> LeafScore:
        """Return one leaf, bonus or penalty item of one unit.

        :raises KeyError: when the table has no such item.
        """
        for each in (*self.leaves(unit), *self.adjustments(unit)):
            if each.code == code:
                return each
        raise KeyError(code)

    def nodes(self, unit: str) -> list[NodeScore]:
        """Return the inner nodes of one unit, parents before children."""
        place = self.facts.place(unit)
        scores = []
        for node, level in self.table.walk():
            if node.children:
                branch = self._tree.branches[node.code]
                points, applicable = int(branch.points[place]), int(branch.applicable[place])
                full, shared = int(node.points * self.scale), bool(branch.reweighted[place])
                scores.append(NodeScore(node.code, node.name, level, points, full, applicable, shared))
        return scores

    def result(self, lang: Language = "zh") -> dict[str, Any]:
        """Return this category's part of `result.json`; see `changai.core.scoring.result`."""
        from changai.core.scoring.result import table_result

        return table_result(self, lang)

    @cached_property
    def _tasks(self) -> list[Task]:
        shared, masks = Frame(self.facts), self.exempt.masks
        frames = {code: Frame(self.facts, exempt=mask) for code, mask in masks.items()}
        leaves = [
            Task(leaf.rule, leaf.points, frames.get(leaf.code, shared))
            for leaf in self.table.leaves
            if leaf.rule is not None
        ]
        bonus = [Task(item.rule, item.cap, shared) for item in self.table.bonus]
        full = self.table.full
        return [*leaves, *bonus, *(Task(item.rule, item.cap or full, shared) for item in self.table.penalty)]

    @cached_property
    def _settled(self) -> list[Settled]:
        evaluated, leaves = self._evaluated, self.table.leaves
        return [
            settle(
                evaluated.points[row],
                evaluated.statuses[row],
                int(leaf.points * self.scale),
                policies(self.table, leaf),
            )
            for row, leaf in enumerate(leaves)
        ]

    @cached_property
    def removed(self) -> Mask:
        """Return which leaves are left out for which units, leaves x units."""
        return np.stack([each.removed for each in self._settled])

    @cached_property
    def _tree(self) -> Tree:
        return Tree(self.table, self.points, self.removed, self.scale)

    @cached_property
    def _plain(self) -> Integers:
        return plain_sum(self.points, self.removed)

    @cached_property
    def _applicable(self) -> Integers:
        full = np.array([int(leaf.points * self.scale) for leaf in self.table.leaves], dtype=np.int64)
        return plain_sum(np.broadcast_to(full[:, None], self.removed.shape), self.removed)

    @cached_property
    def _too_little(self) -> Mask:
        share = self.table.rank_cover
        little: Mask = (
            self._applicable * share.denominator < int(self.table.full * self.scale) * share.numerator
        )
        return little

    @cached_property
    def _bonus(self) -> Integers:
        first = len(self.table.leaves)
        points = self._adjusted(slice(first, first + len(self.table.bonus)))
        caps = np.array([int(item.cap * self.scale) for item in self.table.bonus], dtype=np.int64)
        return np.minimum(points, caps[:, None])

    @cached_property
    def _penalty(self) -> Integers:
        first = len(self.table.leaves) + len(self.table.bonus)
        points = self._adjusted(slice(first, None))
        worst = np.iinfo(np.int64).max
        caps = [worst if item.cap is None else int(item.cap * self.scale) for item in self.table.penalty]
        return np.maximum(points, -np.array(caps, dtype=np.int64)[:, None])

    def _adjusted(self, rows: slice) -> Integers:
        return np.where(self._evaluated.statuses[rows] == REPORTED, self._evaluated.points[rows], 0)

    @cached_property
    def vetoed(self) -> Mask:
        """Return which vetoes hit which units, vetoes x units."""
        return self._veto_columns(lambda column: (column.statuses == REPORTED) & (column.floats != 0))

    @cached_property
    def _veto_open(self) -> Mask:
        return self._veto_columns(lambda column: column.statuses == PENDING)

    def _veto_columns(self, read: Any) -> Mask:
        masks = [read(self.facts.column(veto.when)) for veto in self.table.veto]
        return np.stack(masks) if masks else np.zeros((0, len(self.units)), dtype=bool)

    @cached_property
    def _open(self) -> Mask:
        """Which units have anything undecided."""
        leaves = np.any([each.open for each in self._settled], axis=0)
        adjustments = (self._evaluated.statuses[len(self.table.leaves) :] == PENDING).any(axis=0)
        undecided: Mask = leaves | adjustments | self._veto_open.any(axis=0)
        return undecided

    def _bounds(self) -> tuple[Integers, Integers]:
        opened, first = np.stack([each.open for each in self._settled]), len(self.table.leaves)
        open_bonus = self._open_items(first, [item.cap for item in self.table.bonus])
        caps = [item.cap or self.table.full for item in self.table.penalty]
        open_penalty = self._open_items(first + len(self.table.bonus), caps)
        ends = []
        for leaf_ends, bonus, penalty, vetoed in (
            ([leaf.lowest for leaf in self.table.leaves], 0, 1, self.vetoed | self._veto_open),
            ([leaf.points for leaf in self.table.leaves], 1, 0, self.vetoed),
        ):
            column = np.array([int(points * self.scale) for points in leaf_ends], dtype=np.int64)[:, None]
            tree = Tree(self.table, np.where(opened, column, self.points), self.removed, self.scale)
            totals = self._add_up(
                tree.root.points,
                self._bonus + bonus * open_bonus,
                self._penalty - penalty * open_penalty,
                vetoed,
            )
            ends.append(totals.total)
        return ends[0], ends[1]

    def _open_items(self, first: int, caps: list[Fraction]) -> Integers:
        pending = self._evaluated.statuses[first : first + len(caps)] == PENDING
        column = np.array([int(cap * self.scale) for cap in caps], dtype=np.int64)[:, None]
        return np.where(pending, column, 0)

    def _add_up(self, regular: Integers, bonus: Integers, penalty: Integers, vetoed: Mask) -> Totals:
        return add_up(self.table, regular, bonus, penalty, vetoed, scale=self.scale)

    def _key(self, name: str) -> Integers:
        if name in ("total", "regular", "bonus", "penalty"):
            column: Integers = getattr(self.totals, name)
            return column
        return self._tree.branches[name].points

    def _unranked_reasons(self, place: int, lang: Language) -> tuple[str, ...]:
        voice, reasons = Voice(lang), []
        if self._open[place]:
            reasons.append(voice.pick("有待核或未能计算的指标", "something is pending or undefined"))
        if self._too_little[place]:
            reasons.append(
                voice.pick(
                    "适用分值不足，建议改用其他类别的指标表",
                    "too few applicable points; use the table of another category",
                )
            )
        for row, veto in enumerate(self.table.veto):
            if veto.effect == "exclude_from_rank" and self.vetoed[row, place]:
                reasons.append(voice.pick(f"因“{veto.name}”不参加排名", f'excluded because of "{veto.name}"'))
        return tuple(reasons)

    def _leaf(self, row: int, place: int) -> LeafScore:
        leaf, status = self.table.leaves[row], _STATUSES[int(self.statuses[row, place])]
        settled = self._settled[row]
        policy = (
            "open"
            if settled.open[place]
            else policies(self.table, leaf).get(int(self.statuses[row, place]), "")
        )
        points = int(settled.points[place])
        reason = self.exempt.reason(self.units[place], leaf.code)
        outcome = Outcome("leaf", self._tasks[row], status, Fraction(points, self.scale), policy, reason)
        return LeafScore(
            self, place, "leaf", leaf.code, leaf.name, points, int(leaf.points * self.scale), status, outcome
        )

    def _adjustment(self, item: Bonus | Penalty, row: int, task: int, place: int) -> LeafScore:
        kind = "bonus" if isinstance(item, Bonus) else "penalty"
        status = _STATUSES[int(self._evaluated.statuses[task, place])]
        if isinstance(item, Bonus):
            points, is_counted = int(self._bonus[row, place]), True
        else:
            row -= len(self.table.bonus)
            points = int(worst_per_matter(self.table.penalty, self._penalty)[row, place])
            is_counted = points == int(self._penalty[row, place])
        full = int((item.cap or self.table.full) * self.scale)
        outcome = Outcome(kind, self._tasks[task], status, Fraction(points, self.scale), "", "", is_counted)
        return LeafScore(self, place, kind, item.code, item.name, points, full, status, outcome)
