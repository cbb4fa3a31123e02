"""How a file leaves the programme: always as a download, never rendered as a page of this site."""

from urllib.parse import quote

from django.http import HttpResponse

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNKNOWN = "application/octet-stream"

_KEPT_FROM_NAMES = str.maketrans('\\/:*?"<>|\n', "＼／：＊？＂＜＞｜ ")


def workbook_called(title: str, content: bytes) -> HttpResponse:
    """Return a workbook as a download, its file called as the workbook is."""
    return attachment(f"{title}.xlsx", content, media_type=WORKBOOK)


def attachment(name: str, content: bytes, *, media_type: str = UNKNOWN) -> HttpResponse:
    """Return `content` as a download called `name` (any characters); browsers neither guess nor run it."""
    name = name.translate(_KEPT_FROM_NAMES)
    plain = "".join(
        mark if mark.isascii() and mark.isprintable() and mark not in '"\\;' else "_" for mark in name
    )
    names = f"filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": f"attachment; {names}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
