"""How the figures of a paper are kept with it."""

from datetime import datetime

from changai.areas.briefings.models import Briefing, FrozenFigure
from changai.areas.briefings.queries import Composed
from changai.foundation.rows import insert_rows


def freeze_figures(briefing: Briefing, composed: Composed, *, at: datetime) -> None:
    """Keep every figure of a paper as it was produced at a moment, with the records behind it."""
    insert_rows(
        [
            FrozenFigure(
                briefing=briefing,
                key=produced.key,
                position=place,
                printed=produced.text,
                name=produced.name,
                definition=produced.definition,
                formula=produced.formula,
                as_of=at,
                records=[record_.to_dict() for record_ in produced.records],
            )
            for place, produced in enumerate(composed.produced.values(), start=1)
        ]
    )
