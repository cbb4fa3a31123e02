"""The paper of a briefing: its pages on the screen, the draft and the issued files."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from changai.areas.briefings import exports, queries
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.views.frame import sketched
from changai.core.errors import NotVisible, RecordMoved
from changai.documents.pictures import extension
from changai.foundation.downloads import attachment
from changai.foundation.pages import Request, page


@page("briefing.edit")
@require_safe
def preview(request: Request, pk: int) -> HttpResponse:
    """Show the pages of a draft as a fragment, drawn from what is saved."""
    briefing = _unissued(request, pk)
    return render(
        request, "briefings/_pages.html", pages_context(briefing, sketched(request.actor, briefing))
    )


def pages_context(briefing: Briefing, composed: queries.Composed) -> dict[str, object]:
    """Return what `_pages.html` needs; draws the pages."""
    count = len(exports.pages_of(composed.paper))
    return {
        "briefing": briefing,
        "digest": composed.paper.digest,
        "numbers": range(1, count + 1),
        "count": count,
        "fallen": composed.fallen,
    }


@page("briefing.edit")
@require_safe
def page_picture(request: Request, pk: int, digest: str, number: int) -> HttpResponse:
    """Give one page of a draft as PNG. Pages no longer kept are drawn again, from the draft as it is now."""
    briefing = _unissued(request, pk)
    pages = exports.kept_pages(digest) or exports.pages_of(sketched(request.actor, briefing).paper)
    if not 1 <= number <= len(pages):
        raise NotVisible
    return HttpResponse(pages[number - 1], content_type="image/png")


@page("briefing.view")
@require_safe
def picture(request: Request, pk: int, digest: str) -> HttpResponse:
    """Give one picture of a paper, of the draft before it is issued."""
    content = queries.picture_content(queries.briefing_for(request.actor, pk), digest)
    return HttpResponse(content, content_type=f"image/{extension(content)}")


@page("briefing.edit")
@require_safe
def draft(request: Request, pk: int, kind: str) -> HttpResponse:
    """Give the draft as a file that says in its name that it is one."""
    briefing = _unissued(request, pk)
    _check_kind(kind)
    paper = sketched(request.actor, briefing).paper
    name = _("%(masthead)s（草稿）%(title)s.%(kind)s") % {
        "masthead": paper.masthead, "title": briefing.title, "kind": kind,
    }  # fmt: skip
    return attachment(name, exports.rendered(paper, kind), media_type=exports.MEDIA_TYPES[kind])


@page("briefing.view")
@require_safe
def issued(request: Request, pk: int, kind: str) -> HttpResponse:
    """Give the issued briefing as a file."""
    briefing = queries.briefing_for(request.actor, pk)
    if briefing.status != Briefing.Status.ISSUED:
        raise RecordMoved(_("公文尚未印发，印发后才有正式文件。"))
    if briefing.paper_kind.sends:
        raise RecordMoved(_("统一稿本身不印发，没有文件。请打开本文的“各单位”，下载各单位的函件。"))
    if briefing.paper_kind.sends:  # it was approved with the figures of one unit, as a sample
        raise RecordMoved(_("统一稿本身不印发，请从“各单位”打开各单位的函件。"))
    _check_kind(kind)
    name, content = exports.issued_file(briefing, kind)
    return attachment(name, content, media_type=exports.MEDIA_TYPES[kind])


def _check_kind(kind: str) -> None:
    if kind not in exports.MEDIA_TYPES:
        raise NotVisible(_("只有 Word（docx）和 PDF 两种文件。"))


def _unissued(request: Request, pk: int) -> Briefing:
    briefing = queries.briefing_for(request.actor, pk)
    if briefing.status == Briefing.Status.ISSUED:
        raise RecordMoved(_("公文已经印发，请查看印发稿。"))
    return briefing
