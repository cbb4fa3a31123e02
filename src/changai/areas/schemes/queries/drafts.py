"""What the pages of a draft show: the tree with its sums, what is open at each indicator, examples of a rule."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.queries.figures import Figure, known_figures
from changai.areas.schemes.queries.sheets import Extra, extras_of
from changai.core import burden, scoring
from changai.core.scoring.decimals import show
from changai.core.scoring.examples import Example, examples
from changai.core.scoring.rules import Rule
from changai.core.scoring.voice import Language
from changai.core.scoring.wordings import Figures


@dataclass(frozen=True)
class TreeRow:
    """One indicator in the table of the editor. `gap` is what the points below lack (negative: exceed) of its own;
    `state` is `waiting` (to be confirmed), `error`, `warning` or empty, with its sentences.
    """

    code: str
    name: str
    level: int
    parent: str
    points: str
    is_leaf: bool
    wording: str
    data_owner: str
    gap: str
    state: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Tree:
    """One table in the editor; `gap` is what first-level points lack of the full mark."""

    category: str
    rows: tuple[TreeRow, ...]
    extras: tuple[Extra, ...]
    full: str
    total: str
    gap: str
    general: tuple[str, ...]
    waiting: int


def tree_of(version: SchemeVersion, scheme: scoring.Scheme, table: scoring.Table, lang: Language) -> Tree:
    """Return a table of a draft with everything that is open in it."""
    waiting: Mapping[str, Any] = version.waiting.get(table.category, {})
    found = findings_by_code(scheme, table, lang)
    rows = tuple(_row(node, level, _parent(node.code, table), waiting, found) for node, level in table.walk())
    total = sum((node.points for node in table.nodes), Fraction(0))
    return Tree(
        category=table.category,
        rows=rows,
        extras=extras_of(table, scheme.labels),
        full=show(table.full),
        total=show(total),
        gap=_gap(table.full, total),
        general=tuple(sentence for _severity, sentence in found.get("", ())),
        waiting=len(waiting),
    )


Found = dict[str, list[tuple[str, str]]]


def findings_by_code(scheme: scoring.Scheme, table: scoring.Table, lang: Language) -> Found:
    """Return (severity, sentence) of everything wrong or doubtful in one table, by code; "" for the table itself."""
    alone = replace(scheme, tables={table.category: table})
    found: Found = defaultdict(list)
    for finding in (*alone.validate(), *burden.scheme_findings(alone)):
        # A burden finding never stops an issue: the rules name exceptions that a person has to weigh.
        told = finding.message_zh if lang == "zh" else finding.message_en
        found[finding.node_code].append((str(finding.severity), told))
    return found


def _row(node: scoring.Node, level: int, parent: str, waiting: Mapping[str, Any], found: Found) -> TreeRow:
    told = found.get(node.code, [])
    below = sum((child.points for child in node.children), Fraction(0))
    state = "waiting" if node.code in waiting else ""
    if not state and told:
        state = "error" if any(severity == "error" for severity, _sentence in told) else "warning"
    return TreeRow(
        code=node.code,
        name=node.name,
        level=level,
        parent=parent,
        points=show(node.points),
        is_leaf=not node.children,
        wording=node.wording,
        data_owner=node.data_owner,
        gap=_gap(node.points, below) if node.children else "",
        state=state,
        sentences=tuple(sentence for _severity, sentence in told),
    )


def _parent(code: str, table: scoring.Table) -> str:
    for node, _level in table.walk():
        if any(child.code == code for child in node.children):
            return node.code
    return ""


def _gap(wanted: Fraction, found: Fraction) -> str:
    return "" if wanted == found else show(wanted - found)


@dataclass(frozen=True)
class Preview:
    """What a rule being written does: its figures, examples, and whether other units move it."""

    figures: tuple[Figure, ...]
    examples: tuple[Example, ...]
    is_relative: bool

    @property
    def unknown(self) -> tuple[Figure, ...]:
        """The figures that the dictionary does not hold."""
        return tuple(figure for figure in self.figures if not figure.label)


def preview_of(rule: Rule, points: Fraction, lang: Language) -> Preview:
    """Return what a rule does, drawn by the engine on made-up figures named after the dictionary."""
    figures = tuple(known_figures(Figures(rule.fields())))
    named = [
        scoring.Field(figure.code, figure.label or _plain_name(figure.code), figure.unit)
        for figure in figures
    ]
    judged = _is_judged(rule)
    shown = examples(rule, points, named, lang) if points > 0 else ()
    labels = {field.name: field.label for field in named}
    told = tuple(
        replace(each, figures=tuple((labels.get(name, name), value) for name, value in each.figures))
        for each in shown
    )
    return Preview(() if judged else figures, told, rule.reads_relative())


def _is_judged(rule: Rule) -> bool:
    return isinstance(rule, scoring.Reviewed)


def _plain_name(code: str) -> str:
    return "核定得分" if code.startswith("judged_") else code
