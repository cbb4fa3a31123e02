"""The closed set of kinds: every rule is one of these, given as values. No formula is ever typed."""

from changai.core.checks.kinds.figures import Compare, PartOfWhole, Present, Range, RatioBounds
from changai.core.checks.kinds.others import AgainstLedger, Peers, RollUp
from changai.core.checks.kinds.periods import Jump, NeverFalls, OwnHistory

Kind = (
    Range
    | Present
    | Compare
    | PartOfWhole
    | RatioBounds
    | NeverFalls
    | Jump
    | RollUp
    | OwnHistory
    | Peers
    | AgainstLedger
)
KINDS: dict[str, type[Kind]] = {
    kind.code: kind
    for kind in (
        Range,
        PartOfWhole,
        Compare,
        RatioBounds,
        RollUp,
        AgainstLedger,
        NeverFalls,
        Jump,
        OwnHistory,
        Peers,
        Present,
    )
}

__all__ = [
    "KINDS",
    "AgainstLedger",
    "Compare",
    "Jump",
    "Kind",
    "NeverFalls",
    "OwnHistory",
    "PartOfWhole",
    "Peers",
    "Present",
    "Range",
    "RatioBounds",
    "RollUp",
]
