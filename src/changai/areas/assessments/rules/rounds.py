"""The life of a round, and who is assessed by which table."""

OPEN, CHECKING, SCORED = "open", "checking", "scored"
CONFIRMING, DECIDING, NOTICE = "confirming", "deciding", "notice"
PUBLISHED, DROPPED = "published", "dropped"

# The steps in which units have seen a result that is not published yet.
SHOWN = (CONFIRMING, DECIDING, NOTICE)

# The short course scores and publishes; the full one freezes first, lets units check and object, and gives notice.
SHORT, FULL = "short", "full"
MOVES: dict[str, dict[tuple[str, str], str]] = {
    SHORT: {
        (OPEN, "judge"): OPEN,
        (OPEN, "exempt"): OPEN,
        (OPEN, "score"): SCORED,
        (SCORED, "judge"): OPEN,
        (SCORED, "score"): SCORED,
        (SCORED, "publish"): PUBLISHED,
        (OPEN, "drop"): DROPPED,
        (SCORED, "drop"): DROPPED,
    },
    FULL: {
        (OPEN, "judge"): OPEN,
        (OPEN, "exempt"): OPEN,
        (OPEN, "freeze"): CHECKING,
        (CHECKING, "self_check"): CHECKING,
        (CHECKING, "review"): CHECKING,
        (CHECKING, "judge"): CHECKING,
        (CHECKING, "correct"): CHECKING,
        (CHECKING, "score"): SCORED,
        (SCORED, "review"): SCORED,
        (SCORED, "judge"): CHECKING,
        (SCORED, "correct"): SCORED,
        (SCORED, "score"): SCORED,
        (SCORED, "ask_units"): CONFIRMING,
        (CONFIRMING, "confirm"): CONFIRMING,
        (CONFIRMING, "object"): CONFIRMING,
        (CONFIRMING, "settle"): CONFIRMING,
        (CONFIRMING, "close"): DECIDING,
        (DECIDING, "settle"): DECIDING,
        (DECIDING, "correct"): DECIDING,
        (DECIDING, "announce"): NOTICE,
        (NOTICE, "halt"): DECIDING,
        (NOTICE, "publish"): PUBLISHED,
        **{(status, "drop"): DROPPED for status in (OPEN, CHECKING, SCORED, CONFIRMING, DECIDING, NOTICE)},
    },
}

# How many working days a clock may be given, and what it is given when nobody says otherwise.
LEAST_DAYS, MOST_DAYS, USUAL_DAYS = 1, 30, 5

LONGEST_NAME = 100
SHORTEST_REASON, LONGEST_REASON = 4, 500


def next_status(status: str, move: str, course: str = SHORT) -> str | None:
    """Return the status after the move, or None when the move is not open."""
    return MOVES[course].get((status, move))


def way_to_correct(status: str, course: str = SHORT) -> str:
    """Return how a wrong figure is mended while a round stands so, in a sentence."""
    if status == PUBLISHED:
        return "请打开该单位的这项指标，点“登记更正”，批准后另列更正后的结果。"
    if course == SHORT:
        return "直接计分的考核，请在数据来源处更正后重新计分。"
    return {
        OPEN: "数据还没有冻结，请在数据来源处更正后再冻结。",
        CONFIRMING: "正在事实确认期内，请由单位提出申诉、在答复时更正，或待事实确认结束后更正冻结数据。",
        NOTICE: "结果正在公示，请先由办公室负责人停止公示，更正冻结数据后重新公示。",
    }.get(status, "请打开该单位的这项指标，点“更正冻结数据”，更正后自动重新计分。")


def heat_band(points: int, full: int, policy: str) -> str:
    """Return the band of a score rate for the heat map: `full`, `high` (from 90 %), `middle` (from 75 %),
    `low` (from 60 %), `bottom`; `open` while undecided, `out` when left out.
    """
    if policy in {"open", "reweight"}:
        return "open" if policy == "open" else "out"
    if points >= full:
        return "full"
    bounds = (("high", 90), ("middle", 75), ("low", 60))
    return next((name for name, percent in bounds if points * 100 >= full * percent), "bottom")
