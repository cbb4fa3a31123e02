"""Forms of what stands beside the hundred and of what holds for a whole table."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.schemes.actions.arranging import TableSettings
from changai.areas.schemes.forms.writing import LONGEST_TEXT, POLICIES, points_field, written_rule
from changai.areas.schemes.rules import LONGEST
from changai.core import scoring
from changai.core.scoring.decimals import show
from changai.core.scoring.rules import Rule

KINDS = {"bonus": _("加分项"), "penalty": _("减分项"), "veto": _("一票否决")}
EFFECTS = (
    ("grade_ceiling", _("等次不高于")),
    ("zero", _("总分计零")),
    ("factor", _("总分按系数计")),
    ("exclude_from_rank", _("不参加排名")),
)
TABLE_POLICIES = POLICIES[1:]


class AdjustmentForm(forms.Form):
    """A bonus or penalty item."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("项目名称"), max_length=LONGEST["指标名称"])
    cap = points_field(_("最高分值"))
    wording = forms.CharField(
        label=_("评分标准"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 2})
    )
    sentence = forms.CharField(
        label=_("计分句式"),
        max_length=300,
        widget=forms.TextInput(attrs={"list": "known-sentences", "autocomplete": "off"}),
    )
    figures = forms.CharField(
        label=_("数据项"), required=False, max_length=400, help_text=_("写数据项名称；人工核定的不用填。")
    )
    data_owner = forms.CharField(label=_("数据来源"), required=False, max_length=LONGEST_TEXT)
    evidence = forms.CharField(label=_("佐证材料"), required=False, max_length=LONGEST_TEXT)
    matter = forms.CharField(
        label=_("同一事项"),
        required=False,
        max_length=60,
        help_text=_("同一事项的几个减分项只按最重的一项扣。"),
    )

    def __init__(self, *arguments: Any, kind: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if kind == "bonus":
            del self.fields["matter"]
        else:
            self.fields["cap"].required = False
            self.fields["cap"].help_text = _("留空表示不限。")


class VetoForm(forms.Form):
    """A veto: what happened, and what it does to the result."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("否决情形"), max_length=LONGEST["指标名称"])
    when = forms.CharField(
        label=_("数据项"), max_length=60, help_text=_("办公室核验的是/否数据项，为“是”时生效。")
    )
    effect = forms.ChoiceField(label=_("处理办法"), choices=EFFECTS)
    factor = forms.DecimalField(
        label=_("系数"), required=False, min_value=Decimal(0), max_value=Decimal(1), decimal_places=2
    )
    ceiling = forms.CharField(label=_("最高等次"), required=False, max_length=20)
    document = forms.CharField(label=_("依据文件"), required=False, max_length=LONGEST_TEXT)

    def veto(self, code: str) -> scoring.Veto:
        """Return the veto of what was typed."""
        given = self.cleaned_data
        effect = given["effect"]
        factor = Fraction(given["factor"]) if effect == "factor" and given["factor"] is not None else None
        ceiling = given["ceiling"] if effect == "grade_ceiling" else None
        return scoring.Veto(code, given["name"], given["when"], effect, factor, ceiling, given["document"])


def item_values(
    item: scoring.Bonus | scoring.Penalty | scoring.Veto,
    labels: Mapping[str, str],
    waiting: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return what the form of an item shows."""
    if isinstance(item, scoring.Veto):
        members = ("name", "effect", "ceiling", "document")
        shown = {name: getattr(item, name) for name in members}
        factor = None if item.factor is None else show(item.factor)
        when = "" if item.when == f"happened_{item.code}" else labels.get(item.when, item.when)
        return {**shown, "factor": factor, "when": when}
    points = item.cap if item.cap is not None else Fraction(0)
    rule = item.rule if isinstance(item, scoring.Bonus) else _from_full(item.rule)
    sentence, figures = written_rule(scoring.Node(item.code, item.name, points, rule), labels)
    if waiting:
        sentence, figures = waiting.get("sentence", ""), waiting.get("figures", "")
    shown = {
        name: getattr(item, name, "") for name in ("name", "wording", "data_owner", "evidence", "matter")
    }
    return {
        **shown,
        "cap": "" if item.cap is None else show(item.cap),
        "sentence": sentence,
        "figures": figures,
    }


def _from_full(rule: Rule) -> Rule:
    """Return a penalty's rule as its sentence says it: off a full mark."""
    if isinstance(rule, scoring.PerItem):
        return replace(rule, start="full", floor=Fraction(0))
    return replace(rule, lo=Fraction(0), hi=-rule.lo) if isinstance(rule, scoring.Reviewed) else rule


class GradeForm(forms.Form):
    """One grade."""

    name = forms.CharField(label=_("等次"), required=False, max_length=20)
    min = points_field(_("最低分"), required=False)
    quota_percent = forms.DecimalField(
        label=_("名额比例（%）"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(100),
        decimal_places=1,
    )
    top = forms.IntegerField(label=_("名额"), required=False, min_value=1)
    ties = forms.ChoiceField(
        label=_("末位并列"), choices=(("in", _("计入")), ("out", _("不计入"))), required=False
    )
    bars = forms.CharField(label=_("不得评定情形"), required=False, max_length=200)

    def grade(self) -> scoring.Grade | None:
        """Return the grade, None for an empty row."""
        given = self.cleaned_data
        if not given.get("name"):
            return None
        return scoring.Grade(
            given["name"],
            None if given["min"] is None else Fraction(given["min"]),
            None if given["quota_percent"] is None else Fraction(given["quota_percent"]) / 100,
            given["top"],
            given["ties"] or "in",
            tuple(part.strip() for part in given["bars"].split("、") if part.strip()),
        )


GRADES = forms.formset_factory(GradeForm, extra=2, max_num=12)


class TableForm(forms.Form):
    """What holds for a whole table."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    category = forms.CharField(
        label=_("考核对象类别"),
        max_length=LONGEST["类别"],
        help_text=_("如 县区、成员单位、直属企业，或组织机构中分组的名称。"),
    )
    full = points_field(_("满分"))
    missing = forms.ChoiceField(label=_("未报送时"), choices=TABLE_POLICIES)
    not_applicable = forms.ChoiceField(label=_("不适用时"), choices=TABLE_POLICIES)
    void = forms.ChoiceField(
        label=_("分母为零时"), required=False, choices=(("", _("不排名，待核")), *TABLE_POLICIES)
    )
    cover_percent = forms.DecimalField(
        label=_("折算所需适用比例（%）"), min_value=Decimal(0), max_value=Decimal(100), decimal_places=1
    )
    rank_cover_percent = forms.DecimalField(
        label=_("排名所需适用比例（%）"), min_value=Decimal(0), max_value=Decimal(100), decimal_places=1
    )
    bonus_cap = points_field(_("加分合计上限"), required=False, help_text=_("留空表示不限。"))
    penalty_cap = points_field(_("减分合计上限"), required=False, help_text=_("留空表示不限。"))
    rank_by = forms.ChoiceField(
        label=_("排名依据"), choices=(("total", _("总分")), ("regular", _("指标得分")))
    )
    tie_breakers = forms.CharField(
        label=_("并列时依次比较"),
        required=False,
        max_length=200,
        help_text=_("指标编号，用顿号隔开；留空则并列。"),
    )

    def settings(self, grades: list[scoring.Grade]) -> TableSettings:
        """Return what was typed, for the action."""
        given = self.cleaned_data
        members: dict[str, Any] = {name: given[name] for name in ("category", "missing", "not_applicable")}
        members |= {"void": given["void"] or None, "full": Fraction(given["full"])}
        for name in ("cover", "rank_cover"):
            members[name] = Fraction(given[f"{name}_percent"]) / 100
        for name in ("bonus_cap", "penalty_cap"):
            members[name] = None if given[name] is None else Fraction(given[name])
        breakers = tuple(part.strip() for part in given["tie_breakers"].split("、") if part.strip())
        return TableSettings(members, grades, scoring.Ranking(given["rank_by"], breakers))


def table_values(table: scoring.Table) -> dict[str, Any]:
    """Return what the form of a table shows."""
    shown: dict[str, Any] = {
        name: getattr(table, name) for name in ("category", "missing", "not_applicable", "void")
    }
    shown |= {name: _shown(getattr(table, name)) for name in ("full", "bonus_cap", "penalty_cap")}
    shown |= {f"{name}_percent": show(getattr(table, name) * 100) for name in ("cover", "rank_cover")}
    return {**shown, "rank_by": table.ranking.by, "tie_breakers": "、".join(table.ranking.tie_breakers)}


def grade_values(table: scoring.Table, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what the rows of the grades show."""
    return [
        {
            "name": grade.name,
            "min": _shown(grade.min),
            "quota_percent": "" if grade.quota is None else show(grade.quota * 100),
            "top": grade.top,
            "ties": grade.ties,
            "bars": "、".join(labels.get(bar, bar) for bar in grade.bars),
        }
        for grade in table.grades
    ]


def _shown(number: Fraction | None) -> str:
    return "" if number is None else show(number)
