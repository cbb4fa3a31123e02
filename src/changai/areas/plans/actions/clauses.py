"""Correcting the tree: join, cut and re-level clauses. The text stays what was uploaded."""

from datetime import datetime

from changai.areas.plans import queries, rules
from changai.areas.plans.actions.corrections import Step, open_draft
from changai.areas.plans.models import Clause, Measure
from changai.core.errors import Invalid
from changai.documents.intake.outline import propose
from changai.foundation.actions import action
from changai.foundation.actors import Actor


@action("plan.merge_clause")
def merge_clause(actor: Actor, clause_id: int, *, version: int, at: datetime) -> None:
    """Join a clause with the one before it, the first with the preamble; its measures go along.

    The measures of a clause that becomes preamble are taken out.

    :raises RecordMoved: when the plan has changed since `version` or is issued
    """
    clause, step, draft = _begin(actor, clause_id, version, "plan.merge_clause", at)
    after = rules.merged(draft, clause.pk)
    above = _before(draft, clause.pk)
    step.remember(*clause.measures.all())
    step.change_tree(draft, after)
    if above is not None:
        clause.measures.update(clause_id=above)
    step.remove_clauses(draft, after)
    step.finish(f"“{clause}”并入上一条" if above else f"“{clause}”并入前言", clause=clause_id)


@action("plan.split_clause")
def split_clause(actor: Actor, clause_id: int, *, offset: int, version: int, at: datetime) -> int:
    """Cut a clause's own text at `offset`; return the id of the new clause that begins there.

    Measures whose wording stands in the second half go along.

    :raises Invalid: when one of the halves would be empty
    :raises RecordMoved: when the plan has changed since `version` or is issued
    """
    clause, step, draft = _begin(actor, clause_id, version, "plan.split_clause", at)
    offset = _past_blanks(clause.text, offset)
    first, second = clause.text[:offset], clause.text[offset:]
    moving = [m for m in clause.measures.all() if m.text in second and m.text not in clause.heading + first]
    step.remember(*moving)
    made = step.change_tree(draft, rules.split(draft, clause.pk, offset, head=head_of(second)))
    Measure.objects.filter(pk__in=[measure.pk for measure in moving]).update(clause_id=made)
    step.finish(f"拆分“{clause}”", clause=clause_id, made=made)
    return made or 0


@action("plan.add_clause")
def add_clause(actor: Actor, plan_id: int, *, source: str, offset: int, version: int, at: datetime) -> int:
    """Make a clause of the end of the preamble or the beginning of the closing (`source`) and return its id.

    :raises Invalid: when no text would be in it
    :raises RecordMoved: when the plan has changed since `version` or is issued
    """
    plan = open_draft(actor, plan_id, version)
    step, draft = Step(actor, plan, "plan.add_clause", at=at), queries.draft_of(plan)
    if source == "preamble":
        offset = _past_blanks(plan.preamble, offset)
        after = rules.clause_from_preamble(draft, offset, head=head_of(plan.preamble[offset:]))
        where = "前言"
    else:
        after = rules.clause_from_closing(draft, offset, head=head_of(plan.closing[:offset]))
        where = "结尾"
    made = step.change_tree(draft, after) or 0
    step.finish(f"将{where}的文字列为一条", made=made)
    return made


@action("plan.promote_clause")
def promote_clause(actor: Actor, clause_id: int, *, version: int, at: datetime) -> None:
    """Move a clause and those below it up one level.

    :raises Invalid: when it stands at the top
    :raises RecordMoved: when the plan has changed since `version` or is issued
    """
    clause, step, draft = _begin(actor, clause_id, version, "plan.promote_clause", at)
    step.change_tree(draft, rules.promoted(draft, clause.pk))
    step.finish(f"“{clause}”升一级", clause=clause_id)


@action("plan.demote_clause")
def demote_clause(actor: Actor, clause_id: int, *, version: int, at: datetime) -> None:
    """Move a clause and those below it down one level.

    :raises Invalid: when there is no clause before it to stand below
    :raises RecordMoved: when the plan has changed since `version` or is issued
    """
    clause, step, draft = _begin(actor, clause_id, version, "plan.demote_clause", at)
    step.change_tree(draft, rules.demoted(draft, clause.pk))
    step.finish(f"“{clause}”降一级", clause=clause_id)


def head_of(text: str) -> tuple[str, str]:
    """Return the label and the heading that a stretch of text begins with; both empty when it has none."""
    outline = propose(text)
    if outline.title or outline.preamble or not outline.clauses:
        return "", ""
    return outline.clauses[0].label, outline.clauses[0].heading


def _begin(
    actor: Actor, clause_id: int, version: int, act: str, at: datetime
) -> tuple[Clause, Step, rules.Draft]:
    clause = queries.clause_for(actor, clause_id)
    plan = open_draft(actor, clause.plan_id, version)
    return clause, Step(actor, plan, act, at=at), queries.draft_of(plan)


def _before(draft: rules.Draft, key: int) -> int | None:
    """Return the key of the clause before another in reading order."""
    keys = [piece.key for piece in draft.pieces]
    at = keys.index(key)
    return keys[at - 1] if at else None


def _past_blanks(text: str, offset: int) -> int:
    """Return the offset after the blanks at `offset`: indentation ends the text before, as in the parser."""
    if not 0 <= offset <= len(text):
        raise Invalid("拆分位置不在该条文字之内，请刷新页面后重新选择。")
    rest = text[offset:]
    return offset + len(rest) - len(rest.lstrip())
