"""Using a result: the way of holding a unit to account, what has to hold before it, and how points are converted."""

PROPOSED, REVIEWED, DECIDED, CLOSED, DROPPED = "proposed", "reviewed", "decided", "closed", "dropped"
ACCOUNTABILITY_MOVES: dict[tuple[str, str], str] = {
    (PROPOSED, "review"): REVIEWED,
    (PROPOSED, "drop"): DROPPED,
    (REVIEWED, "decide"): DECIDED,
    (REVIEWED, "drop"): DROPPED,
    (DECIDED, "close"): CLOSED,
}
COMMENDATION_NOTICE_DAYS = 5
LONGEST_LIST = 500
NO_QUOTA = "批准文件不要求结构比例"


def next_accountability_status(status: str, move: str) -> str | None:
    """Return the status after the move, or None when the move is not open."""
    return ACCOUNTABILITY_MOVES.get((status, move))


def accountability_hindrance(
    *, is_full: bool, is_settled: bool, open_objections: int, open_doubts: int, is_published: bool, move: str
) -> str:
    """Return why a unit may not be held to account just now, or nothing.

    :param is_full: whether the round took the full course, in which facts are reviewed, confirmed and contested
    :param is_settled: whether the days for confirming facts are over, or the result is published
    """
    if not is_full:
        return (
            "这次考核走的是简易程序，数据没有经过归口审核、单位确认和申诉，不能据此约谈、通报。"
            "请以完整程序的考核结果为依据。"
        )
    if not is_settled:
        return "事实确认还没有结束。约谈、通报只能依据各单位确认过、办公室核实过的事实，请待事实确认结束后再提出。"
    if open_objections:
        return f"该单位还有 {open_objections} 件申诉没有办结，办结前不能约谈、通报，请先办理申诉。"
    if open_doubts:
        return f"该单位还有 {open_doubts} 项数据疑问没有办结，请先更正数据或写明排除理由。"
    if move == "decide" and not is_published:
        return "结果还没有公布，公布后才能决定约谈、通报。"
    return ""


def verifying_bar(*, is_proposer: bool, is_only_decider: bool) -> str:
    """Return why a person may not verify what somebody is held to account for, or nothing.

    :param is_only_decider: whether nobody else could decide once this person has verified
    """
    if is_proposer:
        return "提出人不能核实自己提出的事项，请由其他工作人员核实。"
    if is_only_decider:
        return (
            "核实和决定不能是同一个人。您是唯一能作决定的负责人，请由提出人以外的工作人员核实；"
            "没有其他工作人员的，请先不予办理，由您提出、工作人员核实后再决定。"
        )
    return ""


def deciding_bar() -> str:
    """Return why who verified may not decide."""
    return "核实人不能决定自己核实的事项，请由其他负责人决定；没有其他负责人的，请不予办理后重新提出。"


def converted(points: int, full: int, to_full: int) -> int:
    """Return points in hundredths of a table with the full mark `full` as points of the full mark `to_full`,
    rounded half up once.

    :raises ValueError: when a full mark is not positive
    """
    if full <= 0 or to_full <= 0:
        raise ValueError("a full mark is positive")
    return (2 * points * to_full + full) // (2 * full)
