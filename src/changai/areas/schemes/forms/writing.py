"""Forms of the editor: one indicator, what stands beside the hundred, what holds for a whole table."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.schemes.actions.writing import Indicator
from changai.areas.schemes.rules import LONGEST
from changai.core import scoring
from changai.core.scoring.decimals import show
from changai.core.scoring.phrases import phrase

VERIFICATIONS = (("查资料", _("查资料")), ("看现场", _("看现场")), ("抽样", _("抽样")), ("座谈", _("座谈")))
NATURES = (("", _("不注明")), ("result", _("结果")), ("process", _("过程")))
DIRECTIONS = (("", _("不注明")), ("more", _("越高越好")), ("less", _("越低越好")), ("centred", _("适度")))
POLICIES = (
    ("", _("按全表规定")),
    ("zero", _("计零分")),
    ("full", _("计满分")),
    ("average", _("按平均分")),
    ("reweight", _("按比例折算")),
)
LONGEST_TEXT = 500


def points_field(label: Any, **options: Any) -> forms.DecimalField:
    """Return a field for points: up to two decimals, not below zero."""
    return forms.DecimalField(
        label=label, min_value=Decimal(0), max_digits=7, decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **options,
    )  # fmt: skip


class IndicatorForm(forms.Form):
    """One indicator. An inner one has name, points and orientation alone."""

    seen = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("指标名称"), max_length=LONGEST["指标名称"])
    points = points_field(_("分值"))
    wording = forms.CharField(
        label=_("评分标准"), required=False, max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("印发文件中的文字，原样印出。"),
    )  # fmt: skip
    sentence = forms.CharField(
        label=_("计分句式"), required=False, max_length=300,
        widget=forms.TextInput(attrs={"list": "known-sentences", "autocomplete": "off"}),
        help_text=_("系统据以计分，从常用句式中选一条，改成本指标的数字。"),
    )  # fmt: skip
    figures = forms.CharField(
        label=_("数据项"), required=False, max_length=400, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("写数据项名称，多个用顿号隔开；求比率写成“完成数/计划数”。人工核定的不用填。"),
    )  # fmt: skip
    data_owner = forms.CharField(label=_("数据来源"), required=False, max_length=LONGEST_TEXT)
    responsible = forms.CharField(label=_("责任单位"), required=False, max_length=LONGEST_TEXT)
    evidence = forms.CharField(label=_("佐证材料"), required=False, max_length=LONGEST_TEXT)
    verification = forms.MultipleChoiceField(
        label=_("核验方式"), required=False, choices=VERIFICATIONS, widget=forms.CheckboxSelectMultiple
    )
    nature = forms.ChoiceField(label=_("性质"), required=False, choices=NATURES)
    direction = forms.ChoiceField(label=_("方向"), required=False, choices=DIRECTIONS)
    orientation = forms.CharField(
        label=_("导向说明"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 2})
    )
    missing = forms.ChoiceField(label=_("未报送时"), required=False, choices=POLICIES)
    not_applicable = forms.ChoiceField(label=_("不适用时"), required=False, choices=POLICIES)
    void = forms.ChoiceField(label=_("分母为零时"), required=False, choices=POLICIES)

    def __init__(self, *arguments: Any, node: scoring.Node, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.node = node
        choices = [each for each, _label in VERIFICATIONS]
        others = [each for each in verifications_of(node.verification) if each not in choices]
        field = self.fields["verification"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [*VERIFICATIONS, *((each, each) for each in others)]
        if node.children:
            for name in [*self.fields]:
                if name not in {"seen", "name", "points", "orientation"}:
                    del self.fields[name]

    def entry(self, *, is_confirmed: bool, keeps_rule: bool) -> Indicator:
        """Return what was written, for the action."""
        given = self.cleaned_data
        texts: dict[str, str] = {name: given[name] for name in ("name", "orientation") if name in given}
        if not self.node.children:
            texts |= {name: given[name] for name in ("wording", "data_owner", "evidence", "responsible")}
            texts["verification"] = "、".join(given["verification"])
        return Indicator(
            points=Fraction(given["points"]),
            texts=texts,
            sentence=given.get("sentence", ""),
            figures=given.get("figures", ""),
            nature=given.get("nature", self.node.nature),
            direction=given.get("direction", self.node.direction),
            missing=given.get("missing") or None,
            not_applicable=given.get("not_applicable") or None,
            void=given.get("void") or None,
            is_confirmed=is_confirmed,
            keeps_rule=keeps_rule,
        )


def verifications_of(text: str) -> list[str]:
    """Return the ways of checking that a text names."""
    return [part.strip() for part in text.replace("，", "、").replace(",", "、").split("、") if part.strip()]


def written_rule(node: scoring.Node, labels: Mapping[str, str]) -> tuple[str, str]:
    """Return the sentence and the figures by name of a leaf's rule; ("", "") when no sentence says it."""
    told = phrase(node.rule, node.points, labels) if node.rule else None
    if told is None:
        return "", ""
    names = [labels.get(name, name) for name in told.figures.fields]
    if "核定" in told.sentence:
        return told.sentence, ""
    return told.sentence, ("/" if told.figures.is_ratio else "、").join(names)


def indicator_values(
    node: scoring.Node, labels: Mapping[str, str], waiting: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return what the form shows of a node; of a sentence that waits, what is proposed."""
    sentence, figures = written_rule(node, labels)
    if waiting:
        sentence, figures = waiting.get("sentence", ""), waiting.get("figures", "")
    plain = {
        name: getattr(node, name)
        for name in (
            "name", "wording", "data_owner", "responsible", "evidence", "nature", "direction", "orientation",
            "missing", "not_applicable", "void",
        )
    }  # fmt: skip
    return {
        **plain,
        "points": show(node.points),
        "sentence": sentence,
        "figures": figures,
        "verification": verifications_of(node.verification),
    }
