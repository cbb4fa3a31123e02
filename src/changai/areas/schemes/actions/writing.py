"""Writing a draft: one indicator, the points of a table, the tree, what stands beside it; and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from changai.areas.schemes.actions._drafting import open_draft, save_draft, table_at, with_table
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.queries import named_figures, scheme_of
from changai.areas.schemes.rules import LONGEST, tree
from changai.areas.schemes.rules.marks import mark_of
from changai.core import scoring
from changai.core.errors import Invalid, NotVisible, RecordMoved
from changai.core.scoring.phrases import phrase
from changai.core.scoring.rules import PerItem, Reviewed, Rule
from changai.core.scoring.wordings import Figures, UnknownWording, parse_figures, read_wording
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.versions import last_change

TEXTS = ("name", "wording", "data_owner", "evidence", "verification", "responsible", "orientation")


@dataclass(frozen=True)
class Indicator:
    """What is written about one indicator. Without `sentence` and `figures` a leaf has no rule yet.

    `is_confirmed` says that a person has read the rule against the wording; `keeps_rule` leaves a rule that no
    sentence can say as it is.
    """

    points: Fraction
    texts: Mapping[str, str]
    sentence: str = ""
    figures: str = ""
    nature: str = ""
    direction: str = ""
    missing: str | None = None
    not_applicable: str | None = None
    void: str | None = None
    is_confirmed: bool = True
    keeps_rule: bool = False


@action("scheme.write")
def write_indicator(
    actor: Actor, version_id: int, place: int, code: str, entry: Indicator, *, seen: str, at: datetime
) -> SchemeVersion:
    """Write one indicator of the table at `place`. `seen` is the mark of the indicator the page had shown.

    Others may have changed other indicators meanwhile: that is no conflict.

    :raises RecordMoved: when somebody changed this indicator meanwhile, or the version is issued
    :raises Invalid: when the scoring sentence cannot be read, or a text is too long
    """
    row = open_draft(actor, version_id)
    scheme = scheme_of(row)
    table = table_at(scheme, place)
    old = _node(table, code)
    waiting = dict(row.waiting.get(table.category, {}))
    if mark_of(old, waiting.get(code)) != seen:
        raise RecordMoved(f"{last_change(row)}修改了这项指标，您的内容没有保存。请另开页面核对后再改。")
    new = _written(table, old, entry, is_waiting=code in waiting)
    if code in waiting and entry.is_confirmed:
        del waiting[code]
    elif code in waiting:
        waiting[code] = {**waiting[code], "sentence": entry.sentence, "figures": entry.figures}
    changed = tree.with_node(table, code, new)
    return save_draft(
        actor, "scheme.write", row, replace(scheme, tables=with_table(scheme, table.category, changed)),
        sentence=f"修改指标 {code} {new.name}", place=f"{table.category}/{code}", at=at,
        waiting={**row.waiting, table.category: waiting},
    )  # fmt: skip


def _node(table: scoring.Table, code: str) -> scoring.Node:
    try:
        return tree.node_at(table, code)
    except KeyError:
        raise NotVisible("这项指标已被删除或移到别处，请从指标表重新打开。") from None


def _written(table: scoring.Table, old: scoring.Node, entry: Indicator, *, is_waiting: bool) -> scoring.Node:
    texts = {name: entry.texts.get(name, getattr(old, name)).strip() for name in TEXTS}
    faults = _text_faults(texts)
    if faults:
        raise Invalid(faults[0], faults=faults)
    new = replace(
        old, points=entry.points, nature=entry.nature, direction=entry.direction, missing=entry.missing,
        not_applicable=entry.not_applicable, void=entry.void,
    )  # fmt: skip
    new = replace(new, **texts)
    if old.children or entry.keeps_rule or (is_waiting and not entry.is_confirmed):
        return new
    return replace(new, rule=read_rule(table, old, entry.sentence, entry.figures, entry.points))


def _text_faults(texts: Mapping[str, str]) -> tuple[str, ...]:
    faults = [] if texts["name"] else ["请填写指标名称。"]
    if len(texts["name"]) > LONGEST["指标名称"]:
        faults.append(f"指标名称超过 {LONGEST['指标名称']} 个字，请缩短。")
    return tuple(faults)


def read_rule(
    table: scoring.Table, node: scoring.Node, sentence: str, figures: str, points: Fraction
) -> Rule | None:
    """Return the rule of a scoring sentence over the figures named beside it, None when neither is written.

    A judged indicator needs no figure named: it gets one of its own.

    :raises Invalid: when the sentence is not one of the known ones, or does not fit the figures
    """
    if not sentence.strip() and not figures.strip():
        return None
    if not sentence.strip():
        raise Invalid("请选择或填写计分句式。")
    named = named_figures(parse_figures(figures))
    if not named.fields and (own := _judged(table, node, sentence, points)) is not None:
        return own
    if not named.fields:
        raise Invalid("请写明计分所用的数据项。")
    try:
        return read_wording(sentence, named, points)
    except UnknownWording as unknown:
        raise Invalid(f"{unknown}。".replace("，或 JSON 规则", "")) from unknown
    except ZeroDivisionError:
        raise Invalid("请先填写分值，再写各档得分。") from None


def _judged(table: scoring.Table, node: scoring.Node, sentence: str, points: Fraction) -> Rule | None:
    if isinstance(node.rule, Reviewed):
        field = node.rule.field
    else:
        stem = f"judged_{node.code.replace('.', '_')}"
        used = set(table.fields())
        field = next(name for name in _numbered(stem) if name not in used)
    try:
        rule = read_wording(sentence, Figures((field,)), points)
    except (UnknownWording, ZeroDivisionError):
        return None
    return rule if isinstance(rule, Reviewed) else None


def _numbered(stem: str) -> Any:
    yield stem
    number = 2
    while True:
        yield f"{stem}_{number}"
        number += 1


@action("scheme.weigh")
def weigh_indicators(
    actor: Actor, version_id: int, place: int, points: Mapping[str, Fraction], *, version: int, at: datetime
) -> SchemeVersion:
    """Set the points of indicators of one table, by code; rules whose sentence names shares of them follow.

    :raises RecordMoved: when somebody changed the draft meanwhile
    :raises Invalid: when nothing is changed
    """
    row = open_draft(actor, version_id, version)
    scheme = scheme_of(row)
    table = table_at(scheme, place)
    given = {node.code: points[node.code] for node, _level in table.walk() if node.code in points}
    told = {code: each for code, each in given.items() if tree.node_at(table, code).points != each}
    if not told:
        raise Invalid("分值没有变化。")
    changed = tree.with_points(table, told)
    for code, each in told.items():
        changed = _kept_sentence(changed, tree.node_at(table, code), each)
    return save_draft(
        actor, "scheme.weigh", row, replace(scheme, tables=with_table(scheme, table.category, changed)),
        sentence=f"调整 {len(told)} 项分值", at=at,
    )  # fmt: skip


def _kept_sentence(table: scoring.Table, old: scoring.Node, points: Fraction) -> scoring.Table:
    """Let the rule say at the new points what its sentence says: 70%得2分 stays two points, not two fifths."""
    told = phrase(old.rule, old.points) if old.rule else None
    if told is None:
        return table
    try:
        rule = read_wording(told.sentence, told.figures, points)
    except (UnknownWording, ZeroDivisionError):
        return table
    return tree.with_node(table, old.code, replace(tree.node_at(table, old.code), rule=rule))


@action("scheme.undo")
def undo_step(actor: Actor, version_id: int, *, version: int, at: datetime) -> str:
    """Take back the last step of a draft and return what it was.

    :raises Invalid: when there is none
    """
    row = open_draft(actor, version_id, version)
    last = row.steps.first()
    if last is None:
        raise Invalid("没有可以撤销的修改。")
    sentence = last.sentence
    scheme = scoring.Scheme.from_json(last.before["content"])
    save_draft(
        actor, "scheme.undo", row, scheme, sentence=sentence, at=at, waiting=last.before["waiting"]
    )  # fmt: skip
    row.steps.filter(pk__gte=last.pk).delete()
    return sentence


def deducting(rule: Rule) -> Rule:
    """Return the rule of a penalty: it takes points off from nothing, instead of from a full mark."""
    if isinstance(rule, PerItem):
        return replace(rule, start=Fraction(0), floor=None)
    if isinstance(rule, Reviewed):
        worst = Fraction(0) if rule.hi is None else rule.hi
        return replace(rule, lo=-abs(worst), hi=Fraction(0))
    raise Invalid("减分项可用“每有一项扣1分”或“在0至5分内核定”这样的句式。")
