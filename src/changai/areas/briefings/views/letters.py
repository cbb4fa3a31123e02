"""The letters of a round: started from one text, looked at unit by unit, followed while they are written."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from changai.areas.assessments.models import Round
from changai.areas.assessments.queries import round_for
from changai.areas.briefings import exports, queries
from changai.areas.briefings.actions import start_briefing
from changai.areas.briefings.forms import AnnulForm, ErratumForm
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.rules import (
    APPROVED,
    CANCELLED,
    DRAFT,
    ISSUED,
    ISSUING,
    LETTERS,
    SUBMITTED,
)
from changai.areas.briefings.views.frame import LIGHTS, briefing_crumb, crumbs, frame
from changai.areas.organisations import queries as organisations
from changai.core.errors import NotVisible, RecordMoved
from changai.core.periods import Month
from changai.documents.paper import Paper
from changai.foundation.downloads import attachment
from changai.foundation.matrix import allows
from changai.foundation.pages import Request, page, see_other
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb

ZIP = "application/zip"


@page("briefing.edit")
@require_http_methods(["GET", "POST"])
def of_round(request: Request, round_id: int) -> HttpResponse:
    """Show the texts of letters written for a round, or start one for all its units."""
    round_ = round_for(request.actor, round_id)
    if round_.status != Round.Status.PUBLISHED:
        raise RecordMoved(_("结果公布后才能起草反馈意见，请先公布结果。"))
    begun = list(queries.wordings_of(request.actor, round_))
    if request.method == "POST":
        return _started(request, round_)
    context = {
        "round": round_,
        "wordings": begun,
        "lights": LIGHTS,
        "batches": {each.pk: queries.batch_of(queries.letters_of(each)) for each in begun},
        "may_start": all(each.status in {ISSUED, CANCELLED} for each in begun),
        "units": len(queries.receivers(round_)),
        "breadcrumbs": crumbs(Crumb(_("反馈意见"))),
    }
    return render(request, "briefings/round_letters.html", context)


def _started(request: Request, round_: Round) -> HttpResponse:
    month, now = Month.of(round_.last_month), timezone.now()
    wording = start_briefing(  # type: ignore[call-arg]  # every action takes `once`
        request.actor,
        title=queries.letters_title(round_),
        month=month,
        kind=LETTERS,
        round_id=round_.pk,
        blocks=queries.letter_blocks(request.actor, round_, as_of=now),
        at=now,
        once=request.POST.get("once", ""),
    )
    messages.success(request, _("已起草。文字对全部单位通用，数据是各单位自己的，请核对后报批。"))
    return see_other(reverse("briefings:compose", args=[wording.pk]))


@page("briefing.view")
@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """List the units with their letters: to look at before, to follow while they are written, to open after."""
    wording = _wording(request, pk)
    units = queries.units_with_letters(wording)
    is_issued = wording.status == ISSUED
    listing = Listing(
        request.GET,
        units,
        sorts={},
        filters={
            "q": lambda rows, text: [row for row in rows if text in row.name],
            "open": lambda rows, _text: [row for row in rows if row.is_unsigned],
        },
        size=50,
    )
    context = frame(request.actor, wording) | {
        "listing": listing,
        "errata": wording.errata.all() if is_issued else [],
        "may_correct": is_issued and allows(request.actor, "briefing.approve"),
        "may_press": is_issued
        and allows(request.actor, "briefing.edit")
        and any(u.is_unsigned for u in units),
        "erratum_form": ErratumForm(),
        "annul_form": AnnulForm(),
        "void": queries.void_batches(wording),
        "progress": queries.progress_of(wording) if wording.status == ISSUING else None,
        "is_open": wording.status in {DRAFT, SUBMITTED, APPROVED},
        "breadcrumbs": crumbs(briefing_crumb(wording), Crumb(_("各单位"))),
    }
    return render(request, "briefings/letters.html", context)


@page("briefing.edit")
@require_safe
def preview(request: Request, pk: int, unit_id: int) -> HttpResponse:
    """Show the pages of one unit's letter as the text stands now."""
    wording, receiver, paper = _previewed(request, pk, unit_id)
    units = [each.unit_id for each in queries.units_with_letters(wording)]
    place = units.index(unit_id)
    pages = exports.pages_of(paper)
    context = {
        "briefing": wording,
        "receiver": receiver,
        "digest": paper.digest,
        "numbers": range(1, len(pages) + 1),
        "count": len(pages),
        "before": units[place - 1] if place else None,
        "after": units[place + 1] if place + 1 < len(units) else None,
        "breadcrumbs": crumbs(
            briefing_crumb(wording),
            Crumb(_("各单位"), reverse("briefings:letters", args=[pk])),
            Crumb(receiver.name),
        ),
    }
    return render(request, "briefings/letter_preview.html", context)


@page("briefing.edit")
@require_safe
def picture(request: Request, pk: int, unit_id: int, digest: str, number: int) -> HttpResponse:
    """Give one page of a unit's letter as PNG."""
    pages = exports.kept_pages(digest)
    if pages is None:
        pages = exports.pages_of(_previewed(request, pk, unit_id)[2])
    elif not queries.visible_to(request.actor).filter(pk=pk).exists():
        raise NotVisible
    if not 1 <= number <= len(pages):
        raise NotVisible
    return HttpResponse(pages[number - 1], content_type="image/png")


@page("briefing.view")
@require_safe
def whole(request: Request, pk: int) -> HttpResponse:
    """Give all issued letters of a text in one file."""
    wording = _wording(request, pk)
    if wording.status != ISSUED:
        raise RecordMoved(_("各单位的函件还没有全部印发，印发后才能下载。"))
    name = _("%(title)s（各单位）.zip") % {"title": wording.title}
    return attachment(name, exports.packed_letters(queries.issued_letters(wording)), media_type=ZIP)


def letters_sentence(found: Briefing, today: date) -> str:
    """Return what issuing the letters of a text comes to."""
    letters = len(queries.units_with_letters(found))
    first, _total = queries.next_numbers(found.series, today.year)
    kind = found.paper_kind
    code = found.number_code or queries.worded(kind.code, organisations.city())
    numbers = [kind.number(code, today.year, number) for number in (first, first + letters - 1)]
    told = _(
        "将向 %(letters)s 个单位各印发一件，编为%(first)s至%(last)s。各件逐一取数、生成文件，"
        "全部完成后同时印发，各单位只能看到本单位的一件；此后文字、数据和来源记录全部固定。"
    ) % {"letters": letters, "first": numbers[0], "last": numbers[1]}
    out = [batch.numbers for batch in queries.issued_before(found) if batch.in_force]
    if not out:
        return told
    before = _("本轮考核已印发%(numbers)s，仍然有效，再印发各单位会有两件。") % {"numbers": "、".join(out)}
    return before + told


def again_label(found: Briefing) -> str:
    """Return what is asked of the head before a round's letters go out once more, nothing where none are in force."""
    if not found.paper_kind.sends:
        return ""
    return _("补发理由") if any(batch.in_force for batch in queries.issued_before(found)) else ""


def _wording(request: Request, pk: int) -> Briefing:
    wording = queries.briefing_for(request.actor, pk)
    if not wording.paper_kind.sends:
        raise NotVisible
    return wording


def _previewed(request: Request, pk: int, unit_id: int) -> tuple[Briefing, queries.Receiver, Paper]:
    wording = _wording(request, pk)
    receiver = queries.receiver_of(wording, unit_id)
    composed = queries.letter_preview(wording, receiver, at=timezone.now())
    return wording, receiver, composed.paper
