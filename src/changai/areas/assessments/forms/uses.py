"""Checks what people type about commendations and talks: what starts them, the list, the words of a step."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.assessments.models import Accountability
from changai.areas.assessments.rules import LONGEST_REASON, NO_QUOTA
from changai.core.errors import Invalid

_QUOTA = re.compile(
    r"(?:(?P<base>.+?)中的?)?(?P<group>.+?)\s*(?P<word>不低于|不少于|不高于|不超过|不多于)\s*(?P<share>\d+(?:\.\d+)?)\s*[%％]"
)
_LEAST = {"不低于", "不少于"}
_PARTED = re.compile(r"[，,\t]")
_GROUPS = re.compile(r"[、；;\s]+")
Quota = dict[str, str]


class CommendForm(forms.Form):
    """A list to be started: what for, and the approval it rests on."""

    title = forms.CharField(label=_("表彰名称"), max_length=100)
    basis = forms.CharField(
        label=_("批准依据"),
        max_length=300,
        help_text=_("写明批准文件的名称和文号。没有批准依据的表彰不能开展。"),
    )


class ListForm(forms.Form):
    """The composition asked for and the list, one line each; `quotas_in` and `nominees_in` read them."""

    quotas = forms.CharField(
        label=_("结构比例"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "每行一条，如“产业工人不低于35%”“机关人员中县处级不高于20%”；批准文件没有要求的，写“批准文件不要求结构比例”。"
        ),
    )
    nominees = forms.CharField(
        label=_("名单"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("每行一人：姓名，单位，类别、类别。如“李某，示范机械厂，产业工人、女”。"),
    )


class ProposeForm(forms.Form):
    """Talks or a circular: with which unit, in which way, on what facts."""

    unit = forms.ChoiceField(label=_("单位"))
    kind = forms.ChoiceField(label=_("方式"), choices=Accountability.Kind.choices)
    grounds = forms.CharField(
        label=_("事实依据"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明哪些工作没有做到、依据哪些核实过的数据，不要只写名次。"),
    )

    def __init__(self, units: Sequence[tuple[int, str]], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """A step of a list or of a talk, with its words when it asks for any."""

    move = forms.CharField(widget=forms.HiddenInput)
    place = forms.IntegerField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *arguments: Any, label: str = "", **named: Any) -> None:
        super().__init__(*arguments, **named)
        if label:
            self.fields["words"].label = label
        else:
            del self.fields["words"]


def quotas_in(text: str) -> list[Quota]:
    """Return the quotas typed, one a line: 产业工人不低于35%, 机关人员中县处级不高于20%.

    :raises Invalid: with one fault for each line that is not understood
    """
    found, faults = [], []
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.rstrip("。；;") == NO_QUOTA:
            found.append({"waived": NO_QUOTA})
            continue
        match = _QUOTA.fullmatch(line.rstrip("。；;"))
        if match is None or Fraction(match["share"]) > 100:
            faults.append(f"“{line[:30]}”看不懂，请写成“产业工人不低于35%”的样子。")
            continue
        side = "least" if match["word"] in _LEAST else "most"
        row = {
            "group": match["group"].strip(),
            "base": (match["base"] or "").strip(),
            "least": "",
            "most": "",
        }
        found.append(row | {side: match["share"]})
    if faults:
        raise Invalid("结构比例没有保存，请改正。", faults=tuple(faults))
    return found


def nominees_in(text: str) -> list[dict[str, object]]:
    """Return the list typed, one a line: 姓名，单位，产业工人、女.

    :raises Invalid: with one fault for each line that is not understood
    """
    found, faults = [], []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, employer, *rest = [part.strip() for part in (*_PARTED.split(line, maxsplit=2), "")][:3]
        if not name or not employer:
            faults.append(f"“{line[:30]}”缺少姓名或单位，请写成“姓名，单位，类别、类别”的样子。")
            continue
        groups = [group for group in _GROUPS.split(rest[0] if rest else "") if group]
        found.append({"name": name[:40], "employer": employer[:80], "groups": groups})
    if faults:
        raise Invalid("名单没有保存，请改正。", faults=tuple(faults))
    return found


def quota_lines(quotas: list[Quota]) -> str:
    """Return quotas as they are typed."""
    return "\n".join(
        row["waived"]
        if "waived" in row
        else f"{row['base'] + '中' if row['base'] else ''}{row['group']}"
        f"{'不低于' + row['least'] if row['least'] else '不高于' + row['most']}%"
        for row in quotas
    )


def nominee_lines(nominees: list[dict[str, object]]) -> str:
    """Return a list as it is typed."""
    return "\n".join(
        "，".join(filter(None, (str(row["name"]), str(row["employer"]), "、".join(_texts(row["groups"])))))
        for row in nominees
    )


def _texts(groups: object) -> list[str]:
    return [str(group) for group in groups] if isinstance(groups, list) else []
