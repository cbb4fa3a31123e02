"""How a file leaves the programme: always as a download, never rendered as a page of this site."""

from pathlib import Path
from urllib.parse import quote

from django.http import FileResponse, HttpResponse

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNKNOWN = "application/octet-stream"

_KEPT_FROM_NAMES = str.maketrans('\\/:*?"<>|\n', "＼／：＊？＂＜＞｜ ")


def workbook_called(title: str, content: bytes) -> HttpResponse:
    """Return a workbook as a download, its file called as the workbook is."""
    return attachment(f"{title}.xlsx", content, media_type=WORKBOOK)


def attachment(name: str, content: bytes, *, media_type: str = UNKNOWN) -> HttpResponse:
    """Return `content` as a download called `name` (any characters); browsers neither guess nor run it."""
    return HttpResponse(content, content_type=media_type, headers=_headers(name))


def attached_file(name: str, place: Path, *, media_type: str = UNKNOWN) -> FileResponse:
    """Return a file of any size as a download called `name`, handed over piece by piece."""
    return FileResponse(place.open("rb"), content_type=media_type, headers=_headers(name))


def _headers(name: str) -> dict[str, str]:
    name = name.translate(_KEPT_FROM_NAMES)
    plain = "".join(
        mark if mark.isascii() and mark.isprintable() and mark not in '"\\;' else "_" for mark in name
    )
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
