"""Checks what people type into the pages of briefings."""

from collections.abc import Iterable
from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from changai.areas.assessments.models import Round
from changai.areas.briefings.queries import months_to_tell, rounds_to_tell
from changai.areas.briefings.rules import DRAWN_KINDS
from changai.core.periods import Month
from changai.foundation.ui.figures import written_month

EMPTY, MONTHLY_TEMPLATE = "empty", "monthly"


class StartForm(forms.Form):
    """What a new briefing is about and what it starts with."""

    month = forms.TypedChoiceField(label=_("反映月份"), coerce=Month.parse)
    title = forms.CharField(
        label=_("标题"),
        max_length=100,
        required=False,
        help_text=_("不填则为“某年某月产业工人队伍建设改革工作情况”，编写时还可以改。"),
    )
    round = forms.ModelChoiceField(
        label=_("考核结果"),
        queryset=Round.objects.none(),
        required=False,
        empty_label=_("不写考核结果"),
        help_text=_("只能选已公布的考核结果；累计数从考核起始月份算起，不选则从一月算起。"),
    )
    template = forms.ChoiceField(
        label=_("起草方式"),
        choices=[(MONTHLY_TEMPLATE, _("月度简报模板")), (EMPTY, _("空白"))],
        widget=forms.RadioSelect,
        initial=MONTHLY_TEMPLATE,
    )

    def __init__(self, *arguments: object, today: date, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        months = months_to_tell(today)
        month, rounds = self.fields["month"], self.fields["round"]
        month.choices = [(str(each), written_month(each)) for each in months]  # type: ignore[attr-defined]
        self.initial.setdefault("month", str(months[0]))
        rounds.queryset = rounds_to_tell()  # type: ignore[attr-defined]


class WriteForm(forms.Form):
    """The composer's fields beside the blocks."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("标题"), max_length=100)
    report_to = forms.CharField(
        label=_("报"), max_length=200, required=False, help_text=_("上级机关和领导，用逗号隔开")
    )
    send_to = forms.CharField(label=_("送"), max_length=200, required=False, help_text=_("平级单位"))
    distribute_to = forms.CharField(label=_("发"), max_length=200, required=False, help_text=_("下级单位"))
    copies = forms.IntegerField(label=_("印数"), min_value=0, max_value=9999, help_text=_("填 0 则不印份数"))


class VersionForm(forms.Form):
    """A button: the version the person saw."""

    version = forms.IntegerField()


class ReturnForm(VersionForm):
    """The version the person saw, and what is to be changed."""

    reason = forms.CharField(max_length=500)


class ListFilter(forms.Form):
    """Narrows the list of briefings."""

    q = forms.CharField(label=_("标题"), required=False)
    year = forms.ChoiceField(label=_("印发年度"), required=False)

    def __init__(self, *arguments: object, years: Iterable[int], **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        self.fields["year"].choices = [("", _("全部")), *((str(year), str(year)) for year in years)]  # type: ignore[attr-defined]


def posted_blocks(posted: QueryDict) -> list[dict[str, str]]:
    """Return the blocks of the composer's form, in the order they stand on the page.

    Every block sends `kind`, `text` and `source`, whichever of the two it uses.
    """
    rows = zip(posted.getlist("kind"), posted.getlist("text"), posted.getlist("source"), strict=False)
    return [
        {"kind": kind, "source": source} if kind in DRAWN_KINDS else {"kind": kind, "text": text}
        for kind, text, source in rows
    ]
