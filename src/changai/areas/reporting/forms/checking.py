"""What the office types about a rule of checking: fields by the kind of the rule, and its test values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from changai.areas.registers import figures as registers
from changai.areas.reporting.actions import RuleEntry
from changai.areas.reporting.models import CheckVersion
from changai.areas.reporting.queries import TASK_SOURCES
from changai.core.checks import BELOW, EVERY, KINDS, PARTS, SIGN_WORDS, Kind, Known, Severity, kind_from

FIGURE, FIGURES, NUMBER, COUNT, FLAG, SIGN, OVER, SOURCE = (
    "figure", "figures", "number", "count", "flag", "sign", "over", "source",
)  # fmt: skip
# Kinds that may read each typed figure of a sheet.
FOR_EVERY = frozenset({"range", "cumulative", "jump", "history", "present"})


@dataclass(frozen=True)
class Asked:
    """One value of a kind as it is asked: its name in the core, its shape, its label, help."""

    name: str
    shape: str
    label: Promise
    help: Promise | str = ""


@dataclass(frozen=True)
class KindWords:
    """A kind in the office's words, with what it asks and the roles of its test values."""

    name: Promise
    help: Promise
    asked: tuple[Asked, ...]
    roles: tuple[str, ...]


_FIGURE = Asked("figure", FIGURE, _("数据项"))
_TOLERANCE = Asked("tolerance", NUMBER, _("允许误差"), _("留空为 0；有小数的数据按四舍五入自动放宽"))
_THRESHOLD = Asked("threshold", NUMBER, _("偏离倍数"), _("按中位数和绝对中位差计，一般取 3.5"))
WORDS: dict[str, KindWords] = {
    "range": KindWords(
        _("数值范围"), _("数据在上下限之间，小数位不超过规定"),
        (
            _FIGURE,
            Asked("least", NUMBER, _("下限"), _("留空不限")),
            Asked("most", NUMBER, _("上限"), _("留空不限")),
            Asked("decimals", COUNT, _("小数位"), _("0 表示应为整数；留空不限")),
        ),
        ("value",),
    ),
    "part": KindWords(
        _("部分不大于总体"), _("例如已签企业数不大于应签企业数"),
        (Asked("part", FIGURE, _("部分")), Asked("whole", FIGURE, _("总体"))), ("part", "whole"),
    ),
    "compare": KindWords(
        _("数据之间的关系"), _("例如 A＋B＝C、A 不大于 B"),
        (
            Asked("left", FIGURES, _("左边（多项相加）")),
            Asked("sign", SIGN, _("关系")),
            Asked("right", FIGURES, _("右边（多项相加）")),
            _TOLERANCE,
        ),
        ("left", "right"),
    ),
    "ratio": KindWords(
        _("比率范围"), _("一项与另一项之比在规定的百分数之间"),
        (
            Asked("part", FIGURE, _("分子")),
            Asked("whole", FIGURE, _("分母")),
            Asked("least_percent", NUMBER, _("下限（%）"), _("留空不限")),
            Asked("most_percent", NUMBER, _("上限（%）"), _("留空不限")),
        ),
        ("part", "whole"),
    ),
    "rollup": KindWords(
        _("汇总一致"), _("例如县区数等于所属单位之和、合计等于分项之和"),
        (_FIGURE, Asked("over", OVER, _("由什么合计")), _TOLERANCE), ("value", "parts"),
    ),
    "ledger": KindWords(
        _("与台账核对"), _("月报数与名册、任务台账一致，差数列出是哪几条"),
        (_FIGURE, Asked("source", SOURCE, _("台账")), _TOLERANCE), ("value", "ledger"),
    ),
    "cumulative": KindWords(
        _("累计不减"), _("累计数不应小于上期"),
        (_FIGURE, Asked("within_year", FLAG, _("每年 1 月重新累计"))), ("last", "value"),
    ),
    "jump": KindWords(
        _("变动倍数"), _("与上期相比增减不超过若干倍"),
        (
            _FIGURE,
            Asked("factor", NUMBER, _("倍数"), _("大于 1，例如 3")),
            Asked("least_change", NUMBER, _("最小变动"), _("增减不到这个数的不提示，避免小数目误报")),
        ),
        ("last", "value"),
    ),
    "history": KindWords(
        _("偏离本单位历史"), _("与本单位以往各期相比差别过大"),
        (_FIGURE, _THRESHOLD, Asked("least_months", COUNT, _("至少期数"), _("不少于 8 期"))), ("past", "value"),
    ),
    "peers": KindWords(
        _("偏离同类单位"), _("与同期同类单位相比差别过大，可按另一项折算"),
        (
            _FIGURE,
            Asked("base", FIGURE, _("折算基数"), _("留空则直接比较")),
            _THRESHOLD,
            Asked("least_peers", COUNT, _("至少单位数"), _("不少于 8 个")),
        ),
        ("value", "peers", "base", "peer_bases"),
    ),
    "present": KindWords(
        _("必须填报"), _("数据不能空着；“须写说明”时可写明原因"), (_FIGURE,), ("value",)
    ),
}  # fmt: skip
ROLE_WORDS: dict[str, Promise] = {
    "value": _("本期数"),
    "last": _("上期数"),
    "left": _("左边各数"),
    "right": _("右边各数"),
    "part": _("部分（分子）"),
    "whole": _("总体（分母）"),
    "parts": _("各分项数"),
    "past": _("以往各期数"),
    "peers": _("同类单位各数"),
    "base": _("本单位基数"),
    "peer_bases": _("同类单位基数"),
    "ledger": _("台账数"),
}
OVER_WORDS: dict[str, Promise] = {BELOW: _("所属下级单位"), PARTS: _("本表分项")}
SOURCE_WORDS: dict[str, Promise] = {
    "training.classes": _("培训名册：班次数"),
    "training.persons": _("培训名册：培训人数"),
    "training.certified": _("培训名册：取证人数"),
    "tasks.due": _("任务台账：到期任务数"),
    "tasks.done": _("任务台账：到期已办结数"),
}


class CheckForm(forms.Form):
    """One rule of a kind."""

    name = forms.CharField(label=_("规则名称"), max_length=40)
    severity = forms.ChoiceField(
        label=_("处理方式"),
        choices=CheckVersion.Severity.choices,
        help_text=_("必须改正：不改不能提交；须写说明：写明原因后可以提交；提示：只给填报人和审核人看"),
    )
    sentence = forms.CharField(
        label=_("提示语"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    origin = forms.CharField(label=_("依据"), max_length=200, help_text=_("依据哪份文件或哪条口径"))
    valid_from = forms.DateField(
        label=_("启用日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label=_("停用日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, kind: str, known: Mapping[str, Known], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.kind = kind
        self.words = WORDS[kind]
        for asked in self.words.asked:
            self.fields[asked.name] = _field(asked, known, kind)
        for role in self.words.roles:
            for case in ("passes", "fails"):
                self.fields[f"{case}_{role}"] = forms.CharField(
                    label=str(ROLE_WORDS[role]), max_length=200, required=False
                )
        placeholders = "、".join(f"{{{word}}}" for word in KINDS[kind].words)
        self.fields["sentence"].help_text = gettext("留空用通用提示语；可代入：%(words)s") % {
            "words": placeholders
        }
        self.fields["sentence"].widget.attrs["placeholder"] = KINDS[kind].sentence

    @property
    def values(self) -> list[forms.BoundField]:
        """Return the fields that the kind asks."""
        return [self[asked.name] for asked in self.words.asked]

    @property
    def cases(self) -> list[tuple[Promise, forms.BoundField, forms.BoundField]]:
        """Return the test values: role, the field that must pass, the field that must be found."""
        return [
            (ROLE_WORDS[role], self[f"passes_{role}"], self[f"fails_{role}"]) for role in self.words.roles
        ]

    def entry(self) -> RuleEntry | None:
        """Return what was typed as the action takes it; None with a fault on the form when it makes no rule."""
        typed = self.cleaned_data
        try:
            kind = kind_from(self.kind, {asked.name: typed[asked.name] for asked in self.words.asked})
        except ValueError:
            self.add_error(None, gettext("请把规则内容填写完整。"))
            return None
        return RuleEntry(
            name=typed["name"],
            kind=kind,
            severity=Severity(typed["severity"]),
            origin=typed["origin"],
            sentence=typed["sentence"],
            valid_from=typed["valid_from"],
            valid_to=typed["valid_to"],
            passes=self._case("passes"),
            fails=self._case("fails"),
        )

    def _case(self, name: str) -> dict[str, str]:
        return {role: self.cleaned_data[f"{name}_{role}"] for role in self.words.roles}


def initial_of(version: CheckVersion) -> dict[str, Any]:
    """Return a version as the form first shows it."""
    plain = ("name", "severity", "sentence", "origin", "valid_from", "valid_to")
    cases = {
        f"{case}_{role}": value
        for case in ("passes", "fails")
        for role, value in getattr(version, case).items()
    }
    return {**version.values, **cases, **{name: getattr(version, name) for name in plain}}


def content_of(kind: Kind, known: Mapping[str, Known]) -> list[tuple[Promise, str]]:
    """Return a rule's values in words: label and text, those left open left out."""
    rows = [(asked.label, _told(asked, getattr(kind, asked.name), known)) for asked in WORDS[kind.code].asked]
    return [(label, text) for label, text in rows if text]


def _told(asked: Asked, value: Any, known: Mapping[str, Known]) -> str:
    if asked.shape == FIGURE:
        return _named([value], known) if value else ""
    if asked.shape == FIGURES:
        return _named(value, known)
    if asked.shape == FLAG:
        return gettext("是") if value else gettext("否")
    tables: dict[str, Mapping[str, Any]] = {SIGN: SIGN_WORDS, OVER: OVER_WORDS, SOURCE: SOURCE_WORDS}
    words = tables.get(asked.shape, {})
    return "" if value is None else str(words.get(str(value), value))


def _named(codes: Iterable[str], known: Mapping[str, Known]) -> str:
    every = gettext("表中每个填报的数据项")
    return "＋".join(
        every if code == EVERY else known[code].name if code in known else code for code in codes
    )


def _field(asked: Asked, known: Mapping[str, Known], kind: str) -> forms.Field:
    figures = [(code, f"{found.name}{_('（')}{found.measure}{_('）')}") for code, found in known.items()]
    every = [(EVERY, gettext("表中每个填报的数据项"))] if kind in FOR_EVERY else []
    named: dict[str, Any] = {"label": asked.label, "help_text": asked.help}
    if asked.shape == FIGURE:
        return forms.ChoiceField(
            choices=[("", "—"), *every, *figures], required=asked.name != "base", **named
        )
    if asked.shape == FIGURES:
        return forms.MultipleChoiceField(choices=figures, widget=forms.CheckboxSelectMultiple, **named)
    if asked.shape == NUMBER:
        return forms.DecimalField(required=False, max_digits=18, **named)
    if asked.shape == COUNT:
        return forms.IntegerField(required=False, min_value=0, max_value=999, **named)
    if asked.shape == FLAG:
        return forms.BooleanField(required=False, **named)
    return forms.ChoiceField(choices=_choices(asked.shape), **named)


def _choices(shape: str) -> list[tuple[str, Any]]:
    if shape == SIGN:
        return list(SIGN_WORDS.items())
    if shape == OVER:
        return list(OVER_WORDS.items())
    return [(key, SOURCE_WORDS.get(key, key)) for key in (*registers.SOURCES, *TASK_SOURCES)]


class CheckFilter(forms.Form):
    """How the list of rules is narrowed."""

    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), ("on", _("已启用")), ("draft", _("有草稿")), ("off", _("已停用"))],
    )
    severity = forms.ChoiceField(
        label=_("处理方式"), required=False, choices=[("", _("全部")), *CheckVersion.Severity.choices]
    )
    kind = forms.ChoiceField(
        label=_("种类"),
        required=False,
        choices=[("", _("全部")), *((code, words.name) for code, words in WORDS.items())],
    )
    q = forms.CharField(label=_("名称"), required=False)
