"""The life of an objection (申诉): raised, answered, reviewed, closed. From every open state somebody can move."""

from collections.abc import Collection

RAISED, ANSWERED, REVIEWING = "raised", "answered", "reviewing"
UPHELD, REFUSED, WITHDRAWN = "upheld", "refused", "withdrawn"
CLOSED_OBJECTIONS = frozenset({UPHELD, REFUSED, WITHDRAWN})

# A reply that comes too late sends the objection on to review; a review nobody asks for in time closes it. A review
# that is not decided in time is given to somebody else.
OBJECTION_MOVES: dict[tuple[str, str], str] = {
    (RAISED, "reply"): ANSWERED,
    (RAISED, "withdraw"): WITHDRAWN,
    (RAISED, "escalate"): REVIEWING,
    (ANSWERED, "accept"): REFUSED,
    (ANSWERED, "ask_review"): REVIEWING,
    (ANSWERED, "withdraw"): WITHDRAWN,
    (ANSWERED, "lapse"): REFUSED,
    (REVIEWING, "name_reviewer"): REVIEWING,
    (REVIEWING, "call_again"): REVIEWING,
    (REVIEWING, "uphold_review"): UPHELD,
    (REVIEWING, "refuse_review"): REFUSED,
    (REVIEWING, "withdraw"): WITHDRAWN,
}
SHORTEST_GROUNDS, LONGEST_GROUNDS = 8, 1000

# What the clock does when a deadline has passed.
CLOCK_MOVES = {RAISED: "escalate", ANSWERED: "lapse", REVIEWING: "call_again"}


def next_objection_status(status: str, move: str, corrected: int | None = None) -> str | None:
    """Return the status after the move, or None when the move is not open.

    :param corrected: the version of the facts a reply made; what it corrected stands, so the objection ends upheld
    """
    after = OBJECTION_MOVES.get((status, move))
    return UPHELD if corrected is not None and after in CLOSED_OBJECTIONS else after


def conflict(
    person_id: int | None,
    unit_path: str,
    *,
    challenged_path: str,
    assessed_paths: Collection[str],
    owner_path: str,
    judged_by: Collection[int],
    replied_by: int | None,
) -> str:
    """Return why somebody may not decide the review of an objection, or nothing.

    :param assessed_paths: of the units assessed in the round: each gains by what another loses
    :param owner_path: of the unit that reviewed the figures of the challenged indicator, or empty
    :param judged_by: who judged the challenged indicator of the unit, or confirmed its figures
    """
    if unit_path.startswith(challenged_path):
        return "申诉单位的人员不能复核本单位的申诉，请由其他人员复核。"
    if unit_path.startswith(tuple(assessed_paths)):
        return "您所在单位也参加这次考核，按回避规定不能复核其他单位的申诉，请由其他人员复核。"
    if owner_path and unit_path.startswith(owner_path):
        return "这项指标的数据由您所在单位审核，按回避规定不能复核这件申诉，请由其他人员复核。"
    if person_id is not None and person_id in judged_by:
        return "您核定或审核过这项指标，按回避规定不能复核这件申诉，请由其他人员复核。"
    if person_id is not None and person_id == replied_by:
        return "这件申诉由您答复，按回避规定不能再由您复核，请由其他人员复核。"
    return ""
