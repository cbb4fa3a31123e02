"""The routes of review and the reasons on offer, as the office types them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.reporting.models import RouteStep
from changai.areas.reporting.models.routes import Post
from changai.areas.reporting.queries.reviewing import reviewing_units
from changai.areas.reporting.rules.routes import LONGEST_NAME, MOST_STEPS, PlannedStep

_STYLES = {"stage": "form-control", "name": "form-control", "post": "form-select", "unit": "form-select"}


class StepForm(forms.Form):
    """One step of a route; a row without a name is no step."""

    stage = forms.IntegerField(label=_("顺序"), min_value=1, max_value=MOST_STEPS, required=False)
    name = forms.CharField(label=_("环节名称"), max_length=LONGEST_NAME, required=False)
    post = forms.ChoiceField(label=_("由谁办理"), choices=Post.choices, required=False)
    unit = forms.ModelChoiceField(label=_("指定单位"), queryset=reviewing_units(), required=False)

    def __init__(self, *arguments: Any, units: Sequence[tuple[object, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, style in _STYLES.items():
            self.fields[name].widget.attrs["class"] = style
        self.fields["unit"].choices = units  # type: ignore[attr-defined]

    @property
    def step(self) -> PlannedStep | None:
        """The step typed into the row, None in an empty one."""
        typed = self.cleaned_data
        if not typed.get("name", "").strip():
            return None
        unit = typed["unit"].pk if typed["unit"] else None
        return PlannedStep(typed["stage"] or 1, typed["name"].strip(), typed["post"], unit)


def initial_rows(steps: list[RouteStep]) -> list[dict[str, object]]:
    """Return the rows of a route as they are shown for changing."""
    return [
        {"stage": step.stage, "name": step.name, "post": step.post, "unit": step.unit_id} for step in steps
    ]


class ReasonForm(forms.Form):
    """A reason reviewers may pick."""

    words = forms.CharField(label=_("退回原因"), max_length=60)


class ReasonChangeForm(ReasonForm):
    """A reason of the list: its words, its place, whether it is in use."""

    position = forms.IntegerField(label=_("排序"), min_value=0, max_value=9999)
    is_closed = forms.BooleanField(label=_("停用"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)
