"""One step of correcting a proposal: what it changed is kept as it was; nothing of the text may be lost."""

import hashlib
from datetime import datetime
from typing import Any

from django.db.models import F

from changai.areas.plans import policies, queries
from changai.areas.plans.models import Assignment, Clause, Correction, Measure, Plan
from changai.areas.plans.rules import NEW, Draft, Piece
from changai.core.errors import Invalid
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.versions import require_version

# What a correction may change of a measure that stays; units, target, deadline are assigned, not corrected.
_STRUCTURE = ("clause_id", "position", "text", "quantities", "dates", "is_dropped")
_WHOLE = (*_STRUCTURE, "target_value", "target_unit", "completion_mark", "due_on", "version")
_PARKED = 1_000_000


class TextLost(RuntimeError):
    """The pieces no longer join to the uploaded text: a fault of the programme, so nothing is kept."""


def digest_of(text: str) -> str:
    """Return the SHA-256 of a plan's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def open_draft(actor: Actor, plan_id: int, version: int) -> Plan:
    """Return the plan, locked, when the actor may correct it and saw its present state.

    :raises NotVisible: when there is none for this actor
    :raises NotAllowed: when the actor may not correct plans
    :raises RecordMoved: when it has been issued, or changed since
    """
    seen = queries.plan_for(actor, plan_id)
    plan = Plan.objects.select_for_update().get(pk=seen.pk)
    policies.require(actor, "edit", plan.status)
    require_version(plan, version)
    return plan


class Step:
    """One correction under way: apply the changes, then `finish`."""

    def __init__(self, actor: Actor, plan: Plan, act: str, *, at: datetime) -> None:
        self.actor, self.plan, self.act, self.at = actor, plan, act, at
        self.before: dict[str, Any] = {
            "plan": {},
            "clauses": {},
            "measures": {},
            "reassigned": [],
            "new_clauses": [],
            "new_measures": [],
        }

    def remember(self, *measures: Measure) -> None:
        """Keep measures as they stand, before they are changed or removed."""
        for measure in measures:
            row = {name: getattr(measure, name) for name in _WHOLE}
            row["assignments"] = list(measure.assignments.values_list("unit_id", "part"))
            row["higher_clauses"] = list(measure.higher_clauses.values_list("pk", flat=True))
            self.before["measures"][str(measure.pk)] = row

    def room_after(self, position: int) -> int:
        """Return the position after `position`, made free for a new measure."""
        self.plan.measures.filter(position__gt=position).update(position=F("position") + 1)
        return position + 1

    def reassign(self, measure: Measure) -> None:
        """Note that this step changes the units of a remembered measure."""
        self.before["reassigned"].append(measure.pk)

    def made(self, measure: Measure) -> None:
        """Note a measure that this step has made."""
        self.before["new_measures"].append(measure.pk)

    def change_tree(self, before: Draft, after: Draft) -> int | None:
        """Write the difference of two drafts; return the id of the new clause, when there is one."""
        self._change_frame(before, after)
        old = {piece.key: piece for piece in before.pieces}
        kept = {piece.key: piece for piece in after.pieces if piece.key != NEW}
        rows = {row.pk: row for row in self.plan.clauses.all()}
        touched = [key for key, piece in old.items() if kept.get(key) != piece]
        for key in touched:
            self.before["clauses"][str(key)] = _clause_row(rows[key])
        for key in touched:
            if key in kept:
                _write_clause(rows[key], kept[key])
        new = next((piece for piece in after.pieces if piece.key == NEW), None)
        return self._insert(new, after) if new else None

    def remove_clauses(self, before: Draft, after: Draft) -> None:
        """Remove the clauses that are gone from the draft; their measures must have moved by now."""
        gone = {piece.key for piece in before.pieces} - {piece.key for piece in after.pieces}
        self.plan.clauses.filter(pk__in=gone).delete()

    def finish(self, sentence: str, **detail: Any) -> None:
        """Count the change, keep the way back, tell the audit log.

        :raises TextLost: when the pieces no longer join to the uploaded text
        """
        check_text(self.plan)
        Correction.objects.create(
            plan=self.plan, sentence=sentence[:200], before=self.before, at=self.at, by_name=self.actor.name
        )
        _count_change(self.plan)
        record(self.actor, self.act, self.plan, at=self.at, version=self.plan.version, **detail)

    def _change_frame(self, before: Draft, after: Draft) -> None:
        for name in ("preamble", "closing"):
            if getattr(before, name) != getattr(after, name):
                self.before["plan"][name] = getattr(before, name)
                setattr(self.plan, name, getattr(after, name))
        self.plan.save(update_fields=["preamble", "closing"])

    def _insert(self, piece: Piece, after: Draft) -> int:
        place = after.pieces.index(piece)
        following = after.pieces[place + 1].key if place + 1 < len(after.pieces) else None
        clauses = self.plan.clauses.order_by("position")
        if following is None:
            last = clauses.last()
            position = last.position + 1 if last else 1
        else:
            position = clauses.get(pk=following).position
            _shift(self.plan, position, 1)
        made = Clause(plan=self.plan, position=position)
        _write_clause(made, piece)
        self.before["new_clauses"].append(made.pk)
        return made.pk


def check_text(plan: Plan) -> None:
    """Make sure that the pieces still join to the uploaded text.

    :raises TextLost: when they do not
    """
    if digest_of(queries.plan_text(plan)) != plan.source_digest:
        raise TextLost(f"plan {plan.pk}")


def _count_change(plan: Plan) -> None:
    """Save that the plan was changed once more."""
    plan.version += 1
    plan.save(update_fields=["version"])


@action("plan.undo")
def undo_correction(actor: Actor, plan_id: int, *, version: int, at: datetime) -> str:
    """Take back the last correction of a draft and return what it was.

    :raises Invalid: when there is none
    """
    plan = open_draft(actor, plan_id, version)
    last = plan.corrections.first()
    if last is None:
        raise Invalid("没有可以撤销的修改。")
    _restore(plan, last.before)
    sentence = last.sentence
    last.delete()
    check_text(plan)
    _count_change(plan)
    record(actor, "plan.undo", plan, at=at, version=plan.version)
    return sentence


def _restore(plan: Plan, before: dict[str, Any]) -> None:
    for name, text in before["plan"].items():
        setattr(plan, name, text)
    plan.save(update_fields=["preamble", "closing"])
    for key, row in before["clauses"].items():
        Clause.objects.update_or_create(pk=int(key), defaults={"plan": plan, **row})
    for key, row in before["measures"].items():
        _restore_measure(plan, int(key), row, is_reassigned=int(key) in before["reassigned"])
    # Positions are taken back too: an earlier step kept the ones of its own moment.
    for measure in plan.measures.filter(pk__in=before["new_measures"]):
        measure.delete()
        plan.measures.filter(position__gt=measure.position).update(position=F("position") - 1)
    for clause in plan.clauses.filter(pk__in=before["new_clauses"]):
        clause.delete()
        _shift(plan, clause.position, -1)


def _restore_measure(plan: Plan, key: int, row: dict[str, Any], *, is_reassigned: bool) -> None:
    measure = plan.measures.filter(pk=key).first()
    if measure is None:
        measure = Measure.objects.create(pk=key, plan=plan, **{name: row[name] for name in _WHOLE})
        measure.higher_clauses.set(row["higher_clauses"])
        is_reassigned = True
    else:
        plan.measures.filter(pk=key).update(**{name: row[name] for name in _STRUCTURE})
    if is_reassigned:
        measure.assignments.all().delete()
        Assignment.objects.bulk_create(
            Assignment(measure=measure, unit_id=unit, part=part) for unit, part in row["assignments"]
        )


def _shift(plan: Plan, start: int, step: int) -> None:
    """Move the clauses from position `start` on by `step`."""
    # By way of a far place, because the order is unique and a database checks it row by row.
    plan.clauses.filter(position__gte=start).update(position=F("position") + _PARKED)
    plan.clauses.filter(position__gte=_PARKED).update(position=F("position") - _PARKED + step)


def _clause_row(clause: Clause) -> dict[str, Any]:
    return {name: getattr(clause, name) for name in ("position", "level", "label", "heading", "text")}


def _write_clause(row: Clause, piece: Piece) -> None:
    row.level, row.label, row.heading, row.text = piece.level, piece.label, piece.heading, piece.text
    row.save()
