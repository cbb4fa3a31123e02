"""What the later chapters of the demonstration find: the city after its months were played."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from changai.areas.schemes.models import SchemeVersion
from changai.cli.demonstration.founding import Town
from changai.cli.demonstration.history import Player
from changai.core.periods import Month


@dataclass(frozen=True)
class Scene:
    """The city on the day the demonstration is loaded: `first` to the month before `running` were played."""

    town: Town
    player: Player
    random: Random
    now: datetime
    first: Month
    running: Month
    version: SchemeVersion

    def ago(self, **span: float) -> datetime:
        """Return the moment so many days or hours before now."""
        return self.now - timedelta(**span)
