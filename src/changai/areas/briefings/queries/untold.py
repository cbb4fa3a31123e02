"""What a paper tells of a result beyond its 公布范围: whoever writes and approves it has to know."""

from collections.abc import Iterable

from changai.areas.assessments.models import Round, Score
from changai.areas.assessments.queries import unannounced
from changai.areas.assessments.rules import Told
from changai.areas.briefings.queries.records import Produced

# Figures over all units, of which no unit's own place or points can be read.
_OF_ALL = frozenset({"scores.units", "scores.mean", "scores.round", "scores.scheme", "scores.grades"})
_OF_UNITS = ("scores.", "each.scored.", "places.")
_MOST_NAMED = 5


def untold_sentences(round_: Round | None, produced: Iterable[Produced]) -> list[str]:
    """Return, for each kind of figure in a paper, of which units it tells more than was announced."""
    if round_ is None:
        return []
    scores = {score.pk: score for score in Score.objects.filter(round=round_).select_related("unit")}
    hidden = {
        how: {score.pk for score in unannounced(round_, scores.values(), how)}
        for how in (Told.GRADE, Told.PLACE)
    }
    named: dict[str, list[str]] = {}
    for figure in produced:
        if not figure.key.startswith(_OF_UNITS) or figure.key in _OF_ALL:
            continue
        is_grade = figure.key.endswith(".grade")
        for record in figure.records:
            if record.id in hidden[Told.GRADE if is_grade else Told.PLACE]:
                told = named.setdefault(figure.name.removeprefix(record.unit), [])
                told += [record.unit] if record.unit not in told else []
    return [f"{name}：{_listed(units)}" for name, units in named.items()]


def _listed(units: list[str]) -> str:
    if len(units) <= _MOST_NAMED:
        return "、".join(units)
    return f"{'、'.join(units[:_MOST_NAMED])}等 {len(units)} 个单位"
