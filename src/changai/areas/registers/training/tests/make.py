"""Makes entries of the training register for tests."""

from datetime import date
from typing import Any

from changai.areas.accounts.tests.make import MOMENT
from changai.areas.registers.training.actions import add_class
from changai.areas.registers.training.models import TrainingClass
from changai.areas.registers.training.rules import ClassEntry
from changai.foundation.actors import Actor


def entry(**changes: Any) -> ClassEntry:
    """Return an entry without a fault, but for what `changes` says."""
    right = {
        "title": "焊工技能提升班", "kind": "skill", "held_on": date(2026, 10, 20), "hours": 40, "persons": 50,
        "certified": 45,
    }  # fmt: skip
    return ClassEntry(**(right | changes))


def make_class(actor: Actor, **changes: Any) -> TrainingClass:
    """Enter a class for the actor's unit."""
    return add_class(actor, entry(**changes), at=MOMENT)
