"""What can be undone in a draft: blocks deleted, and blocks made of pasted lines. Kept in the session of who did it."""

import json
from collections.abc import Iterator
from typing import Any

from changai.areas.briefings import rules
from changai.areas.briefings.forms import posted_block
from changai.core.errors import Invalid
from changai.foundation.pages import Request

RESTORE, DELETE, SPLIT = "restore", "delete:", "split:"
RESTORED = "restored"
_MOST = 10
Blocks = list[dict[str, str]]


def steps_of(request: Request, pk: int) -> list[dict[str, Any]]:
    """Return what can be undone, the last step last: {"what", "block", "number"}, with "pieces" unless it deleted."""
    kept: list[dict[str, Any]] = request.session.get(_key(pk), [])
    return [{"what": "delete"} | step for step in kept]


def undone(request: Request, pk: int, blocks: Blocks) -> tuple[Blocks, int]:
    """Return the blocks without the last step, and the number of the block it leaves in hand.

    :raises Invalid: when there is nothing to undo
    """
    steps = steps_of(request, pk)
    if not steps:
        raise Invalid("没有可以撤销的删除或粘贴。")
    last = steps[-1]
    if last["what"] == "delete":
        return rules.restored(blocks, last["block"], last["number"])
    return rules.joined(blocks, last["pieces"], last["block"], last["number"])


def remember(request: Request, pk: int, blocks: Blocks, ordered: Blocks) -> None:
    """Keep what a saved order has done to the blocks, or forget the step it has undone."""
    order = request.POST.get("order", "")
    if order == RESTORE:
        _forget_last(request, pk)
    elif order.startswith(DELETE):
        number = int(order.removeprefix(DELETE))
        _keep_removed(request, pk, blocks[number - 1], number)
    elif order.startswith(SPLIT):
        number = int(order.removeprefix(SPLIT))
        before = request.POST.get("before")
        block = blocks[number - 1] | ({} if before is None else {"text": before})
        pieces = ordered[number - 1 : number + len(ordered) - len(blocks)]
        what = "split" if before is None else "paste"
        if pieces != [block]:
            _keep(request, pk, {"what": what, "block": block, "number": number, "pieces": pieces})


def note_removals(request: Request, pk: int) -> None:
    """Keep what the page deleted and brought back by itself since it last saved."""
    for event in _removals(request.POST.get("removals", "")):
        if event is None:
            _forget_last(request, pk)
        else:
            _keep_removed(request, pk, *event)


def _removals(written: str) -> Iterator[tuple[dict[str, str], int] | None]:
    """Yield each block deleted with its number, and None for each that was brought back."""
    try:
        events = json.loads(written or "[]")
    except ValueError:
        return
    for event in events if isinstance(events, list) else []:
        if event == RESTORED:
            yield None
        elif isinstance(event, dict) and isinstance(event.get("block"), dict):
            number = event.get("number")
            sent = {name: str(value) for name, value in event["block"].items()}
            if sent.get("kind") in rules.KINDS:
                yield posted_block(sent), number if isinstance(number, int) else 1


def _keep_removed(request: Request, pk: int, block: dict[str, str], number: int) -> None:
    if block.get("text", "").strip() or block.get("source", ""):
        _keep(request, pk, {"what": "delete", "block": block, "number": number})


def _keep(request: Request, pk: int, step: dict[str, Any]) -> None:
    request.session[_key(pk)] = [*steps_of(request, pk), step][-_MOST:]


def _forget_last(request: Request, pk: int) -> None:
    request.session[_key(pk)] = steps_of(request, pk)[:-1]


def _key(pk: int) -> str:
    return f"removed-blocks-{pk}"
