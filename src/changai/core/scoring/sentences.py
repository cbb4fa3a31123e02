"""The one sentence of a leaf: fact, comparison, arithmetic, points, full mark."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from changai.core.scoring.decimals import show
from changai.core.scoring.evaluation import Task
from changai.core.scoring.facts import Fact, Facts
from changai.core.scoring.statuses import LABELS, Status
from changai.core.scoring.voice import Voice


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one item came to for one unit, as the sentence needs it. `kind` is leaf, bonus or penalty."""

    kind: str
    task: Task
    status: Status
    points: Fraction
    policy: str
    reason: str = ""
    is_counted: bool = True


def sentence(outcome: Outcome, facts: Facts, place: int, voice: Voice) -> str:
    """Return the sentence; its numbers are those the score was made from."""
    stop = voice.pick("。", ".")
    if outcome.status is Status.REPORTED:
        told = _scored(outcome, place, voice)
    elif outcome.kind == "leaf":
        told = _unscored(outcome, facts, place, voice)
    else:
        told = _adjustment_absent(outcome, facts, place, voice)
    return told + stop


def regain(outcome: Outcome, place: int, voice: Voice) -> str:
    """Return how lost points can be won back, empty when the rule cannot say."""
    frame = outcome.task.exact_frame(place)
    told = voice.close_up(outcome.task.rule.regain(frame, 0, outcome.task.full, voice))
    return f"{told}{voice.pick('。', '.')}" if told else ""


def _scored(outcome: Outcome, place: int, voice: Voice) -> str:
    frame = outcome.task.exact_frame(place)
    clause = voice.close_up(outcome.task.rule.explain(frame, 0, outcome.task.full, voice))
    if outcome.kind == "leaf":
        return voice.join([clause, _closing(outcome, voice)])
    exact = outcome.task.rule.points(frame, outcome.task.full).values[0]
    capped = abs(exact) > outcome.task.full
    most = voice.pick(
        f"本项最多 {voice.points(outcome.task.full)}", f"at most {voice.points(outcome.task.full)}"
    )
    matter = (
        ""
        if outcome.is_counted
        else voice.pick(
            "同一事项按最高扣分计，本项不再扣", "the matter counts once, by the largest deduction"
        )
    )
    return voice.join([clause, most if capped else "", matter, _change(outcome, voice)])


def _closing(outcome: Outcome, voice: Voice) -> str:
    points, full = voice.points(outcome.points), show(outcome.task.full)
    return voice.pick(f"得 {points}（满分 {full} 分）", f"scores {points} (full mark {full})")


def _change(outcome: Outcome, voice: Voice) -> str:
    amount = voice.points(abs(outcome.points))
    if outcome.kind == "bonus":
        return voice.pick(f"加 {amount}", f"adds {amount}")
    return voice.pick(f"减 {amount}", f"deducts {amount}")


def _unscored(outcome: Outcome, facts: Facts, place: int, voice: Voice) -> str:
    full = show(outcome.task.full)
    parts = [_why(outcome, facts, place, voice)]
    if outcome.policy == "reweight":
        parts.append(
            voice.pick(
                f"本指标 {full} 分不计入，按上级指标的得分率折算（满分 {full} 分）",
                f"left out, its {full} points follow the score rate of the level above (full mark {full})",
            )
        )
    elif outcome.policy == "open":
        parts.append(
            voice.pick(
                f"暂计 0 分，确定后可得 0 至 {full} 分，在此之前不参加排名（满分 {full} 分）",
                f"0 points for now, 0 to {full} once decided, not ranked until then (full mark {full})",
            )
        )
    else:
        by = {
            "average": voice.pick("按同类对象平均分", "by the class average,"),
            "full": voice.pick("按满分", "with full marks,"),
        }
        how = by.get(outcome.policy, voice.pick("按本表规定", "by the rule of this table,"))
        points = show(outcome.points)
        parts.append(
            voice.pick(f"{how}计 {points} 分（满分 {full} 分）", f"{how} {points} points (full mark {full})")
        )
    return voice.join(parts)


def _adjustment_absent(outcome: Outcome, facts: Facts, place: int, voice: Voice) -> str:
    why = _why(outcome, facts, place, voice)
    if outcome.status is Status.PENDING:
        return voice.join(
            [
                why,
                voice.pick("核定前暂不计，暂不参加排名", "not counted until decided, not ranked until then"),
            ]
        )
    none = (
        voice.pick("不加分", "nothing added")
        if outcome.kind == "bonus"
        else voice.pick("不减分", "nothing deducted")
    )
    return voice.join([why, none])


def _why(outcome: Outcome, facts: Facts, place: int, voice: Voice) -> str:
    label = LABELS[voice.lang][outcome.status]
    if outcome.reason:
        return voice.pick(f"{label}（{outcome.reason}）", f"{label} ({outcome.reason})")
    if outcome.status is Status.VOID:
        frame = outcome.task.exact_frame(place)
        return voice.join([label, outcome.task.rule.void_words(frame, 0, voice)])
    unit = facts.units[place]
    concerned = [facts.fact(unit, name) for name in outcome.task.rule.fields()]
    named = [_named(fact, voice) for fact in concerned if fact.status is outcome.status]
    if not named:
        return label
    names = voice.pick("、", ", ").join(named)
    return voice.pick(f"{label}（{names}）", f"{label} ({names})")


def _named(fact: Fact, voice: Voice) -> str:
    note = voice.pick(f"：{fact.note}", f": {fact.note}") if fact.note else ""
    return f"{voice.label(fact.field)}{note}"
