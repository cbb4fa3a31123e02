"""The way of a report as one table: from which status, by which move, to which, with which permission."""

from dataclasses import dataclass

DRAFT, SUBMITTED, SIGNED, RETURNED, ACCEPTED = "draft", "submitted", "signed", "returned", "accepted"
EDITABLE = frozenset({DRAFT, RETURNED})
# The unit has it in hand: not sent yet, or sent back and not sent again.
WITH_UNIT = frozenset({DRAFT, SUBMITTED, RETURNED})

FILL, SUBMIT, WITHDRAW, SIGN, DECLINE = "fill", "submit", "withdraw", "sign", "decline"
RETURN, PASS, ACCEPT, PART, UNLOCK = "return", "pass", "accept", "part", "unlock"
# What one step of the route decides. To accept at a step that others still follow or accompany is to PASS.
REVIEWS = frozenset({RETURN, ACCEPT, PART})


@dataclass(frozen=True)
class Move:
    """Where a move leads and which permission it needs."""

    to: str
    permission: str


MOVES: dict[tuple[str, str], Move] = {
    (DRAFT, FILL): Move(DRAFT, "report.fill"),
    (DRAFT, SUBMIT): Move(SUBMITTED, "report.submit"),
    (RETURNED, FILL): Move(RETURNED, "report.fill"),
    (RETURNED, SUBMIT): Move(SUBMITTED, "report.submit"),
    (SUBMITTED, WITHDRAW): Move(DRAFT, "report.submit"),
    (SUBMITTED, SIGN): Move(SIGNED, "report.sign"),
    (SUBMITTED, DECLINE): Move(DRAFT, "report.sign"),
    (SIGNED, RETURN): Move(RETURNED, "report.review"),
    (SIGNED, PASS): Move(SIGNED, "report.review"),
    (SIGNED, PART): Move(RETURNED, "report.review"),
    (SIGNED, ACCEPT): Move(ACCEPTED, "report.review"),
    (ACCEPTED, UNLOCK): Move(RETURNED, "report.unlock"),
}
# PASS is no choice of a person: it is what accepting means while other steps have not signed.
PERMISSIONS: dict[str, str] = {move: found.permission for (_, move), found in MOVES.items() if move != PASS}

_STATES = {
    DRAFT: "该月报正在填报",
    SUBMITTED: "该月报已提交，正待本单位负责人审签",
    SIGNED: "该月报已审签报出，正在审核",
    RETURNED: "该月报已退回，正待单位补正",
    ACCEPTED: "该月报已采用",
}
_NEXT = {
    DRAFT: "待联络员提交后再办理。",
    SUBMITTED: "如需修改，请联络员先撤回，或由负责人退给联络员。",
    SIGNED: "如需修改，请联系审核人退回。",
    RETURNED: "待单位补正重报后再办理。",
    ACCEPTED: "如需更正，请申请更正或联系办公室解锁。",
}


def status_after(status: str, move: str, times_back: int) -> str:
    """Return the status a move leads to; what comes back to the liaison after a return or unlocking stays returned.

    :raises KeyError: when the move is not open from this status
    """
    to = MOVES[status, move].to
    return RETURNED if to == DRAFT and times_back else to


_UNLOCKING = "如需更正，请打开该月报点“解锁”；只改一两个数的，在“数据”里点开该数申请更正。"


def refusal_in(status: str, *, by: str = "", unlocks: bool = False) -> str:
    """Return why a move that is not open from `status` is refused, and what to do.

    `by` names who reviewed it last; `unlocks` says that the reader opens accepted reports again and asks nobody.
    """
    state = (
        _STATES[status].replace("已", f"已由{by}", 1)
        if by and status in {ACCEPTED, RETURNED}
        else _STATES[status]
    )
    return f"{state}，{_UNLOCKING if unlocks and status == ACCEPTED else _NEXT[status]}"
