"""What the head reads before a paper is numbered: the number it gets, and what should be looked at first."""

from datetime import date

from django.utils.translation import gettext as _

from changai.areas.briefings import queries
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.rules import ISSUED, PAPER_KINDS
from changai.areas.organisations import queries as organisations
from changai.core.periods import Month


def issue_sentence(found: Briefing, today: date) -> str:
    """Return what happens when the paper is issued now, with its number."""
    kind = found.paper_kind
    number, total = queries.next_numbers(found.series, today.year)
    if total is not None:
        named = _("%(year)s年第%(number)s期（总第%(total)s期）") % {
            "year": today.year, "number": number, "total": total,
        }  # fmt: skip
    elif kind.form == "briefing":
        named = _("%(year)s年第%(number)s期") % {"year": today.year, "number": number}
    else:
        code = found.number_code or queries.worded(kind.code, organisations.city())
        named = kind.number(code, today.year, number)
    return "".join(number_warnings(found, today)) + _(
        "将编为%(named)s。印发时取一次最新数据，生成 Word 和 PDF 文件；此后标题、文字、数据和来源记录全部固定，"
        "不能修改或撤回。以后数据更正，也不改动已印发的公文，只在更正登记中列明。"
    ) % {"named": named}


def number_warnings(found: Briefing, today: date) -> list[str]:
    """Return what to look at before the paper is issued: the same told twice, or another code in its row of numbers."""
    warned = twin_sentences(found.kind, Month.of(found.month), but=found.pk)
    codes = queries.other_codes(found, today.year) if found.paper_kind.code else []
    if codes:
        warned.append(
            _("注意：%(year)s年同一编号序列已用过发文代字“%(codes)s”，本文是“%(own)s”。")
            % {"year": today.year, "codes": "、".join(codes), "own": found.number_code}
        )
    return warned


def twin_sentences(kind: str, month: Month, *, but: int | None = None) -> list[str]:
    """Return which papers of the kind about the month are issued or under way, a sentence each."""
    issued = _("注意：反映%(month)s的%(kind)s已印发过《%(title)s》。")
    begun = _("注意：反映%(month)s的%(kind)s还有一件《%(title)s》在办理（%(status)s）。")
    return [
        (issued if twin.status == ISSUED else begun)
        % {
            "month": month.label,
            "kind": _(PAPER_KINDS[kind].name),
            "title": twin.title,
            "status": twin.get_status_display(),
        }
        for twin in queries.twins(kind, month, but=but)
    ]
