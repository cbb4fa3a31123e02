"""Who may read figures, take them over and keep the dictionary."""

from changai.areas.organisations.policies import require
from changai.core.errors import NotAllowed
from changai.foundation.actors import Actor, Role
from changai.foundation.matrix import allows


def require_accept(actor: Actor, unit_id: int) -> None:
    """Let pass who reviews reports: accepting a report is what makes its figures facts.

    :raises NotAllowed: otherwise, and to a county's reviewer for the county's own figures
    """
    require(actor, "report.review")
    if actor.role is Role.COUNTY_REVIEWER and actor.unit_id == unit_id:
        raise NotAllowed("不能采用本单位的数据，请由上级审核。")


def require_enter(actor: Actor) -> None:
    """Let pass who sets targets and enters what the office itself verified.

    :raises NotAllowed: otherwise
    """
    require(actor, "fact.enter")


def require_issue_tables(actor: Actor) -> None:
    """Let pass who issues tables of sums.

    :raises NotAllowed: otherwise
    """
    require(actor, "table.issue")


def may_edit_fields(actor: Actor) -> bool:
    """Return whether the actor keeps the dictionary."""
    return allows(actor, "field.edit")


def require_edit_fields(actor: Actor) -> None:
    """Let pass who keeps the dictionary.

    :raises NotAllowed: otherwise
    """
    require(actor, "field.edit")
