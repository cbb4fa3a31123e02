"""Rules to begin with, for cities whose dictionary has the figures; installed as drafts, tried, then switched on."""

from dataclasses import dataclass
from decimal import Decimal

from changai.core.checks import (
    EVERY,
    Jump,
    Kind,
    OwnHistory,
    PartOfWhole,
    Peers,
    Range,
    RatioBounds,
    Severity,
)

D = Decimal
_DEFINITION = "数据项目录的口径"
_PRACTICE = "统计工作通行做法"


@dataclass(frozen=True)
class DefaultRule:
    """A rule as it is installed; `seed` keeps it from being installed twice."""

    seed: str
    name: str
    severity: Severity
    kind: Kind
    origin: str
    passes: dict[str, str]
    fails: dict[str, str]


_MONTHS = "62 70 58 66 73 60 68 64"
_FIRMS = "120 135 150 165 180 195 120 135"

DEFAULTS = (
    DefaultRule(
        "contract-within", "已签不超过应签", Severity.BLOCK, PartOfWhole("contract_signed", "contract_due"),
        f"{_DEFINITION}：已签集体合同企业是应签企业的一部分",
        {"part": "120", "whole": "120"}, {"part": "121", "whole": "120"},
    ),
    DefaultRule(
        "contract-rate", "集体合同签订率偏低", Severity.EXPLAIN,
        RatioBounds("contract_signed", "contract_due", least_percent=D(80)),
        f"{_DEFINITION}：应签尽签，低于八成须说明原因",
        {"part": "96", "whole": "120"}, {"part": "95", "whole": "120"},
    ),
    DefaultRule(
        "contract-due-moves", "应签企业数变动过大", Severity.EXPLAIN,
        Jump("contract_due", D("1.2"), D(10)), f"{_DEFINITION}：月末存量，逐月变化不大",
        {"last": "120", "value": "130"}, {"last": "120", "value": "160"},
    ),
    DefaultRule(
        "certified-within", "取证人数不超过培训人次", Severity.BLOCK,
        PartOfWhole("training_certified", "training_persons"), f"{_DEFINITION}：同一批班次的结业人数和取证人数",
        {"part": "45", "whole": "50"}, {"part": "51", "whole": "50"},
    ),
    DefaultRule(
        "certified-rate", "取证率异常偏高", Severity.NOTE,
        RatioBounds("training_certified", "training_persons", most_percent=D(98)), _PRACTICE,
        {"part": "49", "whole": "50"}, {"part": "50", "whole": "50"},
    ),
    DefaultRule(
        "jobs-range", "竞赛工种数过大", Severity.EXPLAIN, Range("competition_jobs", most=D(20), decimals=0),
        f"{_DEFINITION}：同一工种本期只计一次", {"value": "2"}, {"value": "21"},
    ),
    DefaultRule(
        "jump", "变动较大", Severity.NOTE, Jump(EVERY, D(3), D(10)), _PRACTICE,
        {"last": "40", "value": "120"}, {"last": "40", "value": "121"},
    ),
    DefaultRule(
        "members-history", "入会人数偏离本单位历史", Severity.NOTE, OwnHistory("union_members", D("3.5")), _PRACTICE,
        {"past": _MONTHS, "value": "75"}, {"past": _MONTHS, "value": "160"},
    ),
    DefaultRule(
        "members-peers", "入会人数与同类单位相差较大", Severity.NOTE,
        Peers("union_members", "contract_due", D("3.5")), f"{_PRACTICE}：按应签企业数折算后比较",
        {"value": "66", "base": "140", "peers": _MONTHS, "peer_bases": _FIRMS},
        {"value": "660", "base": "140", "peers": _MONTHS, "peer_bases": _FIRMS},
    ),
)  # fmt: skip
