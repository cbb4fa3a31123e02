"""Reads of accounts."""

from changai.areas.accounts.models import Person
from changai.foundation.actors import Actor, Role


def actor_of(person: Person, *, address: str = "") -> Actor | None:
    """Return the person as an actor, or None while no post has been granted."""
    if not person.role:
        return None
    unit = person.unit
    return Actor(
        person_id=person.pk,
        name=person.name,
        role=Role(person.role),
        unit_id=unit.pk if unit else None,
        unit_path=unit.path if unit else "",
        address=address,
    )
