"""The way of a signed report through its reviewers: steps one after another or side by side, apart from the tree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

ANYBODY, ABOVE, UNIT, OFFICE = "any", "above", "unit", "office"
POST_LABELS: dict[str, str] = {
    ANYBODY: "办公室或上级单位审核员",
    ABOVE: "上级单位审核员（属地）",
    UNIT: "指定单位审核员（行业主管）",
    OFFICE: "办公室",
}
# Levels of units that may have a reviewer of their own.
REVIEWING_LEVELS = frozenset({"county", "member"})
MOST_STEPS = 8
MOST_OFFICE_STEPS = 2
LONGEST_NAME = 20


@dataclass(frozen=True)
class PlannedStep:
    """One step as a form's route names it. Steps of one `stage` stand side by side; stages follow each other."""

    stage: int
    name: str
    post: str
    unit_id: int | None = None


@dataclass(frozen=True)
class Above:
    """A unit above the reporting one: `reviews` when it can have a reviewer of its own, `is_open` while it exists."""

    unit_id: int
    reviews: bool
    is_open: bool = True


DEFAULT = (PlannedStep(1, "审核", ANYBODY),)


def steps_for(
    planned: Sequence[PlannedStep], unit_id: int, above: Sequence[Above], closed_units: frozenset[int]
) -> tuple[PlannedStep, ...]:
    """Return the steps that one unit's report takes, stages counted from 1, at least one of them.

    `above` is the line of units above the reporting one, the nearest first. A step that would have the unit review
    itself, or that nobody is left to do, is left out; when none remains, the office reviews.
    """
    found = [step for step in (_named(step, above) for step in planned) if step is not None]
    barred = {unit_id, None, *closed_units}
    kept = [step for step in found if step.post != UNIT or step.unit_id not in barred]
    # A unit signs once: the one who signed its first step could not sign a second, and nobody else might be there.
    unique = [
        step
        for place, step in enumerate(kept)
        if step.post != UNIT or step.unit_id not in {other.unit_id for other in kept[:place]}
    ] or [PlannedStep(1, "办公室审核", OFFICE)]
    places = {stage: place for place, stage in enumerate(sorted({step.stage for step in unique}), start=1)}
    return tuple(
        replace(step, stage=places[step.stage]) for step in sorted(unique, key=lambda step: step.stage)
    )


def _named(step: PlannedStep, above: Sequence[Above]) -> PlannedStep | None:
    """Return the step with 属地 resolved to the nearest unit above that can review, None when there is none."""
    if step.post != ABOVE:
        return step
    nearest = next((one for one in above if one.reviews and one.is_open), None)
    return None if nearest is None else replace(step, post=UNIT, unit_id=nearest.unit_id)


@dataclass(frozen=True)
class StepState:
    """One frozen step of a report: its place, and whether it has signed."""

    stage: int
    is_passed: bool


def is_open(step: StepState, steps: Iterable[StepState]) -> bool:
    """Return whether a step is to be done now: it has not signed, and every earlier stage has."""
    return not step.is_passed and all(other.is_passed for other in steps if other.stage < step.stage)


def is_last(step: StepState, steps: Sequence[StepState]) -> bool:
    """Return whether the report is accepted as soon as this step signs."""
    return is_open(step, steps) and sum(not other.is_passed for other in steps) == 1


def route_faults(steps: Sequence[PlannedStep]) -> tuple[str, ...]:
    """Return what is wrong with a route that the office composes, one Chinese sentence each."""
    checks = (
        (not steps, "请至少设置一个审核环节；不需要多级审核的，请删除本路线，按默认办理。"),
        (len(steps) > MOST_STEPS, f"审核环节最多 {MOST_STEPS} 个，请精简。"),
        (
            any(not 1 <= len(step.name) <= LONGEST_NAME for step in steps),
            f"每个环节都要有名称，不超过 {LONGEST_NAME} 个字。",
        ),
        (any(step.post not in POST_LABELS for step in steps), "请选择每个环节由谁办理。"),
        (
            any((step.post == UNIT) != (step.unit_id is not None) for step in steps),
            "由指定单位办理的环节请选择单位，其他环节不要选择单位。",
        ),
        (
            len(steps) > 1 and any(step.post == ANYBODY for step in steps),
            f"多个环节的路线要写明由谁办理，不能使用“{POST_LABELS[ANYBODY]}”。",
        ),
        (
            sum(step.post == OFFICE for step in steps) > MOST_OFFICE_STEPS,
            f"办公室环节最多 {MOST_OFFICE_STEPS} 个（如初审、复核），且须由不同的人办理。",
        ),
        (any(step.stage < 1 for step in steps), "顺序从 1 起填写；顺序相同的环节同时办理。"),
    )
    return tuple(sentence for is_wrong, sentence in checks if is_wrong)
