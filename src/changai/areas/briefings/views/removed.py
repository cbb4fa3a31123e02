"""Deleted blocks of a draft, kept in the session of who deleted them until they are brought back."""

from typing import Any

from changai.foundation.pages import Request

_MOST = 10


def keep_removed(request: Request, pk: int, block: dict[str, str], number: int) -> None:
    """Keep a block that was deleted under this number."""
    kept = [*removed_of(request, pk), {"block": block, "number": number}]
    request.session[_key(pk)] = kept[-_MOST:]


def removed_of(request: Request, pk: int) -> list[dict[str, Any]]:
    """Return the deleted blocks, the last deleted one last."""
    kept: list[dict[str, Any]] = request.session.get(_key(pk), [])
    return kept


def drop_last(request: Request, pk: int) -> None:
    """Forget the last deleted block: it is back in the draft."""
    request.session[_key(pk)] = removed_of(request, pk)[:-1]


def _key(pk: int) -> str:
    return f"removed-blocks-{pk}"
