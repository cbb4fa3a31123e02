"""Checks what people type about exemptions, self-scores, reviews of figures and panels."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.assessments.actions import OwnPoints, Verdict
from changai.areas.assessments.queries import CheckedLeaf, Queue
from changai.areas.assessments.rules import LONGEST_REASON
from changai.core.errors import Invalid
from changai.core.scoring import NotANumber, to_decimal
from changai.foundation.pages import number_in


class ExemptionForm(forms.Form):
    """A request not to be assessed by an indicator."""

    code = forms.ChoiceField(label=_("申请不适用的指标"))
    reason = forms.CharField(
        label=_("理由"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明为什么这项工作在本单位不存在，以及依据的文件。"),
    )

    def __init__(self, leaves: Sequence[tuple[str, str]], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["code"].choices = [("", _("请选择")), *leaves]  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    """One of several people."""

    person = forms.ChoiceField(label=_("人员"))

    def __init__(self, people: Sequence[tuple[int, str]], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["person"].choices = people  # type: ignore[attr-defined]


class OwnerForm(forms.Form):
    """Which unit confirms the figures of an indicator; without one the office does."""

    code = forms.ChoiceField(label=_("指标"))
    unit = forms.ChoiceField(label=_("审核单位"), required=False)

    def __init__(
        self,
        leaves: Sequence[tuple[str, str]],
        units: Sequence[tuple[int, str]],
        *arguments: Any,
        **named: Any,
    ) -> None:
        super().__init__(*arguments, **named)
        self.fields["code"].choices = leaves  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", _("办公室")), *units]  # type: ignore[attr-defined]


def own_points_in(posted: Mapping[str, str], leaves: Sequence[CheckedLeaf]) -> list[OwnPoints]:
    """Return the self-scores somebody typed.

    :raises Invalid: naming every indicator whose points are no number
    """
    given, faults = [], []
    for leaf in leaves:
        typed = posted.get(f"points-{leaf.code}", "").strip()
        if not typed:
            continue
        reason, file = posted.get(f"reason-{leaf.code}", ""), posted.get(f"file-{leaf.code}", "")
        try:
            given.append(OwnPoints(leaf.code, to_decimal(typed), reason, number_in(file)))
        except NotANumber:
            faults.append(f"“{leaf.name}”的自评得分应为数字，现为“{typed[:20]}”。")
    if faults:
        raise Invalid("有自评得分不是数字，没有保存。", faults=tuple(faults))
    return given


def verdicts_in(posted: Mapping[str, str], queue: Queue) -> Iterator[Verdict]:
    """Yield the verdicts somebody gave or changed on the page.

    With `rest`, units on the page without a verdict, a finding or an open doubt are confirmed too.
    """
    confirms_rest = posted.get("move") == "rest"
    for row in queue.rows:
        key = row.unit.pk
        said, reason = posted.get(f"verdict-{key}", ""), posted.get(f"reason-{key}", "").strip()
        if confirms_rest and not said and f"version-{key}" in posted and row.is_unremarkable:
            said = "confirmed"
        before = (row.verdict.verdict, row.verdict.reason) if row.verdict else ("", "")
        if said in {"confirmed", "doubted"} and (said, reason) != before:
            yield Verdict(key, said == "confirmed", reason, number_in(posted.get(f"version-{key}", "")) or 0)


def points_typed(typed: str) -> Decimal:
    """Return the points typed into a cell.

    :raises Invalid: when they are no number
    """
    try:
        return to_decimal(typed)
    except NotANumber as fault:
        raise Invalid(str(_("评分应为数字，现为“%(found)s”。") % {"found": typed[:20]})) from fault
