"""The sources of papers to one unit each, drawn from those of all units."""

from changai.areas.briefings.queries.sources import Sources

# What is read of all units, whomever the paper is sent to.
_OF_ALL = (
    "rates", "scores", "told_months", "ruled_by", "owing_levels", "of_several_forms", "before", "_levels",
    "_fact_units", "_part_of", "_facts",
)  # fmt: skip


def sources_of(units: frozenset[int], of_all: Sources) -> Sources:
    """Return the sources of a paper to these units alone.

    What tells of all units is read once for all such papers, so that papers to hundreds of units cost little more than
    one.
    """
    own = Sources(of_all.actor, of_all.month, of_all.round, of_all.as_of, units)
    narrowed = {
        "_records": {"scores": of_all.records("scores")},
        "claims": [claim for claim in of_all.claims if claim.unit_id in units],
        "lagging": [line for line in of_all.lagging if line.report.obligation.unit_id in units],
        "items": [item for item in of_all.items if item.line.claim.unit_id in units],
    }
    # The places where it keeps what it has read.
    own.__dict__.update({name: getattr(of_all, name) for name in _OF_ALL} | narrowed)
    return own
