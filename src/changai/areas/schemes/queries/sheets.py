"""One table as it is printed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from changai.core import scoring
from changai.core.scoring.decimals import show


@dataclass(frozen=True)
class Cell:
    """An indicator in the printed table: over how many rows and columns it reaches."""

    code: str
    name: str
    points: str
    rows: int
    columns: int


@dataclass(frozen=True)
class Line:
    """One row of the printed table: the indicators that begin here, the last of them scored as told."""

    cells: tuple[Cell, ...]
    wording: str
    fields: tuple[str, ...]
    data_owner: str
    evidence: str
    verification: str = ""


@dataclass(frozen=True)
class Extra:
    """A bonus or penalty item, or a veto: what stands below the regular hundred."""

    kind: str
    code: str
    name: str
    points: str
    wording: str
    fields: tuple[str, ...]
    data_owner: str


@dataclass(frozen=True)
class Sheet:
    """One category's table as it is printed; `depth` is the number of level columns."""

    category: str
    full: str
    depth: int
    lines: tuple[Line, ...]
    extras: tuple[Extra, ...]
    grades: tuple[str, ...]

    @property
    def has_evidence(self) -> bool:
        return any(line.evidence for line in self.lines)


def sheet_of(scheme: scoring.Scheme, category: str) -> Sheet:
    """Return the table of a category with the names of the figures it reads.

    :raises KeyError: when the scheme has no such table
    """
    table = scheme.tables[category]
    depth = max((level for _each, level in table.walk()), default=1)
    return Sheet(
        category=category,
        full=show(table.full),
        depth=depth,
        lines=tuple(_lines(table, depth, scheme.labels)),
        extras=extras_of(table, scheme.labels),
        grades=tuple(_grade(grade) for grade in table.grades),
    )


def _lines(table: scoring.Table, depth: int, labels: Mapping[str, str]) -> Iterator[Line]:
    begun: list[Cell] = []
    for node, level in table.walk():
        is_leaf = not node.children
        columns = depth - level + 1 if is_leaf else 1
        begun.append(
            Cell(node.code, node.name, show(node.points), sum(1 for _leaf in node.leaves()), columns)
        )
        if is_leaf:
            fields = node.rule.fields() if node.rule else ()
            names = tuple(labels.get(code, code) for code in fields)
            yield Line(tuple(begun), node.wording, names, node.data_owner, node.evidence, node.verification)
            begun = []


def extras_of(table: scoring.Table, labels: Mapping[str, str]) -> tuple[Extra, ...]:
    """Return what stands beside the hundred: bonus and penalty items, then vetoes."""
    return tuple(_extras(table, labels))


def _extras(table: scoring.Table, labels: Mapping[str, str]) -> Iterator[Extra]:
    items: list[tuple[str, scoring.Bonus | scoring.Penalty]] = [
        *(("bonus", bonus) for bonus in table.bonus),
        *(("penalty", penalty) for penalty in table.penalty),
    ]
    for kind, item in items:
        names = tuple(labels.get(code, code) for code in item.rule.fields())
        most = "" if item.cap is None else show(item.cap)
        yield Extra(kind, item.code, item.name, most, item.wording, names, item.data_owner)
    for veto in table.veto:
        yield Extra(
            "veto",
            veto.code,
            veto.name,
            "",
            veto_effect(veto),
            (labels.get(veto.when, veto.when),),
            veto.document,
        )


def veto_effect(veto: scoring.Veto) -> str:
    """Return what a veto does, in words."""
    told = {
        "zero": _("总分计零"),
        "factor": _("总分按系数 %(factor)s 计"),
        "grade_ceiling": _("等次不高于“%(grade)s”"),
        "exclude_from_rank": _("不参加排名"),
    }[veto.effect]
    return told % {"factor": show(veto.factor or Fraction(0)), "grade": veto.ceiling}


def _grade(grade: scoring.Grade) -> str:
    terms = []
    if grade.min is not None:
        terms.append(_("不低于 %(points)s 分") % {"points": show(grade.min)})
    if grade.quota is not None:
        terms.append(_("不超过参加排名单位的 %(share)s%%") % {"share": show(grade.quota * 100)})
    if grade.top is not None:
        terms.append(_("不超过 %(count)s 个") % {"count": grade.top})
    condition = _("，").join(terms) or _("其余")
    return _("%(grade)s：%(condition)s") % {"grade": grade.name, "condition": condition}
