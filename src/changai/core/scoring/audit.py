"""What a table did to the units it was meant to tell apart: saturation, influence, redundancy, cliffs, gaps."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from changai.core.scoring.decimals import show
from changai.core.scoring.fixedpoint import Floats
from changai.core.scoring.reliability import correlation, cronbach_alpha
from changai.core.scoring.rules import Tiers
from changai.core.scoring.scorecard import Scorecard
from changai.core.scoring.statuses import NOT_APPLICABLE, NOT_REPORTED, REPORTED
from changai.core.scoring.voice import Language, Voice

SATURATED = 0.95
REDUNDANT = 0.9
LEAST_UNITS = 5


@dataclass(frozen=True, slots=True)
class LeafAudit:
    """One leaf over all units; shares are from 0 to 1.

    `influence` is cov(points, total) / var(total), which sums to 1 over all leaves; `nominal` is the leaf's share of
    the full mark. `near_step` counts units within the stated error of a step of the rule.
    """

    code: str
    name: str
    nominal: float
    at_full: float
    at_floor: float
    influence: float
    with_rest: float
    not_reported: float
    not_applicable: float
    near_step: int
    is_relative: bool


@dataclass(frozen=True)
class Audit:
    """The audit of one category."""

    units: int
    leaves: tuple[LeafAudit, ...]
    redundant: tuple[tuple[str, str, float], ...]
    cronbach_alpha: float | None
    relative_points: float

    def findings(self, lang: Language = "zh") -> list[str]:
        """Return what deserves a look before next year's table, in plain sentences."""
        voice = Voice(lang)
        told = [sentence for leaf in self.leaves for sentence in _leaf_findings(leaf, voice)]
        for first, second, r in self.redundant:
            zh = f"指标 {first} 与 {second} 的得分高度一致（相关系数 {r:.2f}），请考虑合并"
            told.append(
                voice.pick(
                    zh, f"indicators {first} and {second} move together (r = {r:.2f}); consider merging"
                )
            )
        if self.units < LEAST_UNITS:
            zh = f"只有 {self.units} 个对象，以上统计仅供参考"
            told.append(voice.pick(zh, f"only {self.units} units: take these figures as hints"))
        return told


def audit(card: Scorecard, *, error: Fraction = Fraction(1, 100)) -> Audit:
    """Return the audit over all units of the card.

    :param error: the relative error of figures, for counting units close to a step
    """
    points = np.where(card.removed, 0, card.points).astype(np.float64)
    full = np.array([[float(leaf.points * card.scale)] for leaf in card.table.leaves])
    total = points.sum(axis=0)
    reported = card.statuses == REPORTED
    influence = _influence(points, total)
    leaves = []
    for row, leaf in enumerate(card.table.leaves):
        counted = reported[row]
        lowest = float(leaf.lowest * card.scale)
        leaves.append(
            LeafAudit(
                leaf.code,
                leaf.name,
                float(leaf.points / card.table.full),
                _share(points[row] >= full[row], counted),
                _share(points[row] <= lowest, counted),
                float(influence[row]),
                correlation(points[row], total - points[row]),
                float((card.statuses[row] == NOT_REPORTED).mean()) if len(total) else 0.0,
                float((card.statuses[row] == NOT_APPLICABLE).mean()) if len(total) else 0.0,
                _near_steps(card, row, error),
                leaf.rule is not None and leaf.rule.reads_relative(),
            )
        )
    relative = sum(leaf.nominal for leaf in leaves if leaf.is_relative)
    codes = [leaf.code for leaf in card.table.leaves]
    return Audit(len(total), tuple(leaves), _redundant(points, codes), cronbach_alpha(points), relative)


def _influence(points: Floats, total: Floats) -> Floats:
    centred = total - total.mean() if len(total) else total
    variance = float((centred**2).sum())
    found: Floats = points @ centred / variance if variance > 0 else np.zeros(len(points))
    return found


def _share(mask: np.ndarray, counted: np.ndarray) -> float:
    return float(mask[counted].mean()) if counted.any() else 0.0


def _redundant(points: Floats, codes: list[str]) -> tuple[tuple[str, str, float], ...]:
    found = []
    for first in range(len(codes)):
        for second in range(first + 1, len(codes)):
            r = correlation(points[first], points[second])
            if abs(r) > REDUNDANT:
                found.append((codes[first], codes[second], r))
    return tuple(found)


def _near_steps(card: Scorecard, row: int, error: Fraction) -> int:
    task = card.leaf_tasks[row]
    if not isinstance(task.rule, Tiers):
        return 0
    reading = task.rule.of.read(task.frame)
    values = reading.values[reading.usable]
    edges = np.array([float(bound) for bound in task.rule.bounds])
    margin = np.abs(edges) * float(error)
    return int((np.abs(values[:, None] - edges) <= margin).any(axis=1).sum())


def _leaf_findings(leaf: LeafAudit, voice: Voice) -> list[str]:
    told = []
    percent = show(Fraction(round(leaf.at_full * 1000), 10))
    if leaf.at_full >= SATURATED:
        zh = f"指标 {leaf.code}（{leaf.name}）有 {percent}% 的对象得满分，已不能区分先后"
        told.append(
            voice.pick(
                zh, f"indicator {leaf.code}: {percent}% have full marks, it no longer tells units apart"
            )
        )
    if leaf.with_rest < 0:
        zh = f"指标 {leaf.code}（{leaf.name}）的得分与其余指标反向，请核对方向或口径"
        told.append(voice.pick(zh, f"indicator {leaf.code} runs against the others; check its direction"))
    if leaf.near_step:
        zh = f"指标 {leaf.code}（{leaf.name}）有 {leaf.near_step} 个对象紧靠分档界限，数据误差即可改变得分"
        told.append(
            voice.pick(
                zh,
                f"indicator {leaf.code}: {leaf.near_step} units stand so close to a step that error decides",
            )
        )
    if leaf.not_reported > 0:
        share = show(Fraction(round(leaf.not_reported * 1000), 10))
        zh = f"指标 {leaf.code}（{leaf.name}）有 {share}% 的对象未报送"
        told.append(voice.pick(zh, f"indicator {leaf.code}: {share}% did not report"))
    return told
