"""The figures a rule may read: named by people, found in the dictionary, guessed for an imported sentence."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from changai.areas.facts.models import Field
from changai.core.scoring.proposals import Proposal
from changai.core.scoring.wordings import Figures

_ALIKE = 0.55


@dataclass(frozen=True)
class Figure:
    """A figure named beside a sentence; `label` is its name in the dictionary, "" when it is not there."""

    code: str
    label: str
    unit: str = ""


def named_figures(figures: Figures) -> Figures:
    """Return the figures by code; those the dictionary does not hold stay as they are written."""
    found = {figure.label: figure.code for figure in known_figures(figures) if figure.label}
    codes = {figure.code for figure in known_figures(figures) if figure.label}
    fields = tuple(name if name in codes else found.get(name, name) for name in figures.fields)
    return Figures(fields, figures.is_ratio)


def known_figures(figures: Figures) -> list[Figure]:
    """Return each figure as the dictionary has it, by code or by name."""
    rows = list(Field.objects.filter(code__in=figures.fields).values_list("code", "name", "unit_of_measure"))
    rows += list(Field.objects.filter(name__in=figures.fields).values_list("code", "name", "unit_of_measure"))
    by_word = {word: Figure(code, name, unit) for code, name, unit in rows for word in (name, code)}
    return [by_word.get(name, Figure(name, "")) for name in figures.fields]


def choices() -> list[Figure]:
    """Return the whole dictionary for the list people pick from."""
    rows = Field.objects.filter(valid_to__isnull=True).order_by("name", "code")
    return [
        Figure(code, name, unit) for code, name, unit in rows.values_list("code", "name", "unit_of_measure")
    ]


def guessed_figures(name: str, wording: str, proposal: Proposal) -> str:
    """Return what may stand beside a proposed sentence, as people write it; "" when nothing in the dictionary is
    like the indicator. A judged indicator needs none.
    """
    if "核定" in proposal.sentence:
        return ""
    rows = list(Field.objects.filter(valid_to__isnull=True).values_list("name", flat=True))
    ranked = sorted(rows, key=lambda each: -_likeness(each, name, wording))
    alike = [each for each in ranked if _likeness(each, name, wording) >= _ALIKE]
    if len(alike) < proposal.figures:
        return "、".join(alike[:1]) if proposal.figures == 1 else ""
    chosen = alike[: proposal.figures]
    return "/".join(chosen) if proposal.is_ratio else "、".join(chosen)


def _likeness(field: str, name: str, wording: str) -> float:
    inside = 0.4 if field in wording else 0.0
    return SequenceMatcher(None, field, name).ratio() + inside
