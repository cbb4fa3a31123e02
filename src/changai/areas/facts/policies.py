"""Who may read figures, take them over and keep the dictionary."""

from changai.areas.organisations.policies import require
from changai.foundation.actors import Actor
from changai.foundation.matrix import allows


def require_accept(actor: Actor) -> None:
    """Let pass who reviews reports: accepting a report is what makes its figures facts.

    :raises NotAllowed: otherwise
    """
    require(actor, "report.review")


def require_enter(actor: Actor) -> None:
    """Let pass who sets targets and enters what the office itself verified.

    :raises NotAllowed: otherwise
    """
    require(actor, "fact.enter")


def may_edit_fields(actor: Actor) -> bool:
    """Return whether the actor keeps the dictionary."""
    return allows(actor, "field.edit")


def require_edit_fields(actor: Actor) -> None:
    """Let pass who keeps the dictionary.

    :raises NotAllowed: otherwise
    """
    require(actor, "field.edit")
