"""Checks what the office types about reminding."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from changai.areas.reporting.rules.reminding import COLOURS, FURTHEST_DAYS, MOST_STAGES, ReminderPlan, Stage


class ReminderPlanForm(forms.Form):
    """The rules of reminding: rows of stages (an empty row is none), the hours, the days of the colours."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    send_from = forms.TimeField(
        label=_("每天从"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    send_until = forms.TimeField(
        label=_("至"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )

    def __init__(self, plan: ReminderPlan, version: int, typed: Any = None) -> None:
        super().__init__(typed, initial=_initial(plan, version))
        for row in range(MOST_STAGES):
            self.fields[f"days_{row}"] = forms.IntegerField(
                label=_("与应报日相差的工作日"),
                required=False,
                min_value=-FURTHEST_DAYS,
                max_value=FURTHEST_DAYS,
            )
            self.fields[f"head_{row}"] = forms.BooleanField(label=_("单位负责人"), required=False)
            self.fields[f"superior_{row}"] = forms.BooleanField(label=_("上级单位"), required=False)
        for colour, label in COLOURS.items():
            self.fields[f"colour_{colour}"] = forms.IntegerField(
                label=label, min_value=1, max_value=10 * FURTHEST_DAYS
            )

    def rows(self) -> Iterator[tuple[BoundField, BoundField, BoundField]]:
        """Yield the fields of each stage."""
        for row in range(MOST_STAGES):
            yield self[f"days_{row}"], self[f"head_{row}"], self[f"superior_{row}"]

    def colours(self) -> list[BoundField]:
        """Return the fields of the colours."""
        return [self[f"colour_{colour}"] for colour in COLOURS]

    def plan(self) -> ReminderPlan:
        """Return the rules as typed; call it after `is_valid`."""
        typed = self.cleaned_data
        stages = tuple(
            Stage(typed[f"days_{row}"], typed[f"head_{row}"], typed[f"superior_{row}"])
            for row in range(MOST_STAGES)
            if typed[f"days_{row}"] is not None
        )
        colours = tuple((colour, typed[f"colour_{colour}"]) for colour in COLOURS)
        return ReminderPlan(stages, typed["send_from"], typed["send_until"], colours)


def _initial(plan: ReminderPlan, version: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "version": version,
        "send_from": plan.send_from,
        "send_until": plan.send_until,
    }
    for row, stage in enumerate(plan.stages):
        found |= {f"days_{row}": stage.days, f"head_{row}": stage.tells_head}
        found[f"superior_{row}"] = stage.tells_superior
    return found | {f"colour_{colour}": days for colour, days in plan.colours}
