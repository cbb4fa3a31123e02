"""Checks what people type into the pages of briefings."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from changai.areas.assessments.models import Round
from changai.areas.briefings.queries import consultations_to_tell, months_to_tell, rounds_to_tell
from changai.areas.briefings.rules import BRIEFING, DRAWN_KINDS, PAPER_KINDS, PaperKind
from changai.areas.organisations.models import Unit
from changai.areas.schemes.models import Consultation
from changai.core.periods import Month
from changai.foundation.actors import Actor
from changai.foundation.ui.figures import written_month

EMPTY, TEMPLATE, LAST = "empty", "template", "last"
_FORMS = {
    "briefing": _("简报类"),
    "official": _("文件、通报、报告"),
    "notice": _("督办单"),
    "letter": _("函件"),
    "minutes": _("纪要"),
}
# A row of numbers is called by the kinds that share it.
SERIES = {
    series: "、".join(dict.fromkeys(kind.name for kind in PAPER_KINDS.values() if kind.series == series))
    for series in dict.fromkeys(kind.series for kind in PAPER_KINDS.values())
}
_BRIEFING_FIELDS = ("report_to", "send_to", "distribute_to", "copies")
_DOCUMENT_FIELDS = ("number_code", "recipients", "copy_to", "signers", "urgency")


class UnitsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Units to tick, by level."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **named: Any) -> None:
        super().__init__(queryset=Unit.objects.none(), **named)

    def offer(self, units: QuerySet[Unit]) -> None:
        """Offer these units."""
        self.queryset = units
        levels: dict[str, list[tuple[int, str]]] = {}
        for unit in units:
            levels.setdefault(unit.get_level_display(), []).append((unit.pk, unit.name))
        self.choices = list(levels.items())


def _kinds_by_form() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Return the kinds of papers as a grouped choice."""
    groups: dict[Any, list[tuple[str, Any]]] = {}
    for kind in PAPER_KINDS.values():
        if kind.sends:  # started from the page of its round
            continue
        label = _FORMS["notice" if kind.series == "notice" else kind.form]
        groups.setdefault(label, []).append((kind.key, _(kind.name)))
    return list(groups.items())


class StartForm(forms.Form):
    """What kind of paper it is, what it is about, whom it is sent to and what it starts with."""

    kind = forms.ChoiceField(label=_("文种"), choices=_kinds_by_form, initial=BRIEFING)
    units = UnitsField(
        label=_("主送单位"),
        required=False,
        help_text=_("督办单、函和反馈意见必须选，只有主送单位能看到；通报可以不选，选了就登记签收。"),
    )
    month = forms.TypedChoiceField(label=_("反映月份"), coerce=Month.parse)
    title = forms.CharField(
        label=_("标题"),
        max_length=100,
        required=False,
        help_text=_("不填则按文种取常用标题，编写时还可以改。"),
    )
    round = forms.ModelChoiceField(
        label=_("考核结果"),
        queryset=Round.objects.none(),
        required=False,
        empty_label=_("不写考核结果"),
        help_text=_("只能选已公布的考核结果；累计数从考核起始月份算起，不选则从一月算起。"),
    )
    consultation = forms.ModelChoiceField(
        label=_("征求意见"),
        queryset=Consultation.objects.none(),
        required=False,
        empty_label=_("不写意见采纳情况"),
        help_text=_("意见采纳情况必须选；只能选已结束、意见都已处理的征求意见。"),
    )
    template = forms.ChoiceField(
        label=_("起草方式"),
        choices=[
            (TEMPLATE, _("按文种模板")),
            (LAST, _("照上一期（同一文种最近的一份，月份换成这次的，图片要重新选）")),
            (EMPTY, _("空白")),
        ],
        widget=forms.RadioSelect,
        initial=TEMPLATE,
    )

    def __init__(
        self, *arguments: object, actor: Actor, today: date, units: QuerySet[Unit], **named: object
    ) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        self.fields["consultation"].queryset = consultations_to_tell(actor)  # type: ignore[attr-defined]
        months = months_to_tell(today)
        month, rounds = self.fields["month"], self.fields["round"]
        self.fields["units"].offer(units)  # type: ignore[attr-defined]
        month.choices = [(str(each), written_month(each)) for each in months]  # type: ignore[attr-defined]
        self.initial.setdefault("month", str(months[0]))
        rounds.queryset = rounds_to_tell()  # type: ignore[attr-defined]


class WriteForm(forms.Form):
    """The composer's fields beside the blocks, as far as the kind of paper has them."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("标题"), max_length=100)
    report_to = forms.CharField(
        label=_("报"), max_length=200, required=False, help_text=_("上级机关和领导，用逗号隔开")
    )
    send_to = forms.CharField(label=_("送"), max_length=200, required=False, help_text=_("平级单位"))
    distribute_to = forms.CharField(label=_("发"), max_length=200, required=False, help_text=_("下级单位"))
    copies = forms.IntegerField(label=_("印数"), min_value=0, max_value=9999, help_text=_("填 0 则不印份数"))
    number_code = forms.CharField(
        label=_("发文代字"), max_length=20, required=False, help_text=_("文号中年份前的字，不填则按文种取")
    )
    recipients = forms.CharField(
        label=_("主送"), max_length=200, required=False, help_text=_("多个单位用逗号隔开")
    )
    copy_to = forms.CharField(label=_("抄送"), max_length=200, required=False)
    signers = forms.CharField(
        label=_("签发人"), max_length=60, required=False, help_text=_("上行文须标注，多人用逗号隔开")
    )
    urgency = forms.ChoiceField(
        label=_("紧急程度"),
        required=False,
        choices=[("", _("不标")), ("特急", _("特急")), ("加急", _("加急")), ("平急", _("平急"))],
    )

    def __init__(self, *arguments: object, kind: PaperKind, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        unused = _DOCUMENT_FIELDS if kind.form == "briefing" else _BRIEFING_FIELDS
        gone = [
            *unused,
            *([] if kind.is_upward else ["signers"]),
            *([] if kind.has_recipients else ["recipients"]),
        ]
        for name in gone:
            self.fields.pop(name, None)

    @property
    def lines(self) -> list[forms.BoundField]:
        """Return the fields of head and imprint: all but the title and what is hidden."""
        return [bound for bound in self.visible_fields() if bound.name != "title"]


class VersionForm(forms.Form):
    """A button: the version the person saw."""

    version = forms.IntegerField()


class AgainForm(VersionForm):
    """Letters of a round; with why they go out once more, where earlier ones are in force."""

    reason = forms.CharField(max_length=500, required=False)


class ReasonForm(VersionForm):
    """The version the person saw, and why it is given back or given up."""

    reason = forms.CharField(max_length=500)


class CirculateForm(forms.Form):
    """Which units are to countersign."""

    units = UnitsField(label=_("会签单位"))

    def __init__(self, *arguments: object, units: QuerySet[Unit], **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        self.fields["units"].offer(units)  # type: ignore[attr-defined]


class CountersignForm(forms.Form):
    """A unit's word on a paper."""

    answer = forms.ChoiceField(
        label=_("会签"), choices=[("agreed", _("同意")), ("opinion", _("有意见"))], widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("意见"), max_length=500, required=False, widget=forms.Textarea({"rows": 4})
    )


class AnnulForm(forms.Form):
    """Why an issued paper is no longer in force."""

    kind = forms.ChoiceField(
        label=_("效力"),
        choices=[
            ("revoked", _("撤销（视为自始无效）")),
            ("repealed", _("废止（自即日起失效）")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("原因"), max_length=500, widget=forms.Textarea({"rows": 3}))
    basis = forms.CharField(
        label=_("依据"), max_length=200, required=False, help_text=_("作出决定的公文文号、会议等，可以不填")
    )


class ErratumForm(forms.Form):
    """A correction of an issued paper."""

    place = forms.CharField(label=_("更正之处"), max_length=120, help_text=_("如“第二部分第三段”"))
    printed = forms.CharField(label=_("原文"), max_length=500)
    right = forms.CharField(label=_("更正为"), max_length=500)
    reason = forms.CharField(label=_("更正原因"), max_length=500)


class ListFilter(forms.Form):
    """Narrows the list of briefings."""

    q = forms.CharField(label=_("标题或正文"), required=False)
    kind = forms.ChoiceField(
        label=_("文种"),
        required=False,
        choices=[("", _("全部")), *((kind.key, _(kind.name)) for kind in PAPER_KINDS.values())],
    )
    month = forms.ChoiceField(label=_("反映月份"), required=False)
    year = forms.ChoiceField(label=_("印发年度"), required=False)
    unit = forms.ChoiceField(label=_("主送单位"), required=False)
    sent = forms.ChoiceField(
        label=_("收文"),
        required=False,
        choices=[("", _("全部")), ("all", _("发给本单位的")), ("open", _("待签收的"))],
    )

    def __init__(
        self, *arguments: object, years: Iterable[int], months: Iterable[Month], **named: object
    ) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        every = ("", _("全部"))
        self._choose("year", [every, *((str(year), str(year)) for year in years)])
        self._choose("month", [every, *((str(month), written_month(month)) for month in months)])

    def keep(self, **kept: bool) -> None:
        """Leave out the fields that are no use to the reader."""
        for name, is_kept in kept.items():
            if not is_kept:
                del self.fields[name]

    def offer(self, units: Iterable[Unit]) -> None:
        """Offer these units as addressees."""
        self._choose("unit", [("", _("全部")), *((str(unit.pk), unit.name) for unit in units)])

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class ArchiveForm(forms.Form):
    """Which issued papers go into a package."""

    year = forms.TypedChoiceField(label=_("印发年度"), coerce=int)
    series = forms.ChoiceField(label=_("编号序列"), required=False)

    def __init__(self, *arguments: object, years: Iterable[int], **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["series"].choices = [("", _("全部")), *SERIES.items()]  # type: ignore[attr-defined]


class SentFilter(forms.Form):
    """Narrows the list of papers that are signed for."""

    q = forms.CharField(label=_("标题"), required=False)
    open = forms.ChoiceField(
        label=_("签收"), required=False, choices=[("", _("全部")), ("yes", _("还有单位未签收"))]
    )


_SENT = ("kind", "text", "source", "verb", "figure", "each", "caption", "width")


def posted_blocks(posted: QueryDict) -> list[dict[str, str]]:
    """Return the blocks of the composer's form, in the order they stand on the page.

    Every block sends all of `_SENT`, its condition as `verb` and `figure`, whichever it uses.
    """
    length = len(posted.getlist("kind"))
    columns = [_column(posted, name, length) for name in _SENT]
    return [posted_block(dict(zip(_SENT, sent, strict=True))) for sent in zip(*columns, strict=True)]


def _column(posted: QueryDict, name: str, length: int) -> list[str]:
    sent = posted.getlist(name)[:length]
    return sent + [""] * (length - len(sent))


def posted_block(sent: Mapping[str, str]) -> dict[str, str]:
    """Return a block of what its fields on the composer's page hold."""
    kind = sent.get("kind", "")
    block = {"kind": kind} if kind in DRAWN_KINDS else {"kind": kind, "text": sent.get("text", "")}
    if kind in (*DRAWN_KINDS, "picture"):
        block["source"] = sent.get("source", "")
    verb, figure = sent.get("verb", ""), sent.get("figure", "").strip(" 【】")
    more = {name: sent.get(name, "") for name in ("each", "caption", "width")}
    more["when"] = f"{verb}:{figure}" if verb and figure else ""
    return block | {name: value for name, value in more.items() if value}
