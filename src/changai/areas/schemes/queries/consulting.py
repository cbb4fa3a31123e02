"""Reads of consultations: who was asked, what each unit answers, which comments wait for a decision."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from changai.areas.schemes.models import Answer, Comment, Consultation
from changai.areas.schemes.policies import sees_drafts
from changai.areas.schemes.rules import readings, tree
from changai.areas.schemes.rules.consulting import folded
from changai.core import scoring
from changai.core.errors import Invalid, NotVisible
from changai.foundation.actors import Actor
from changai.foundation.matrix import allows


def consultations_visible_to(actor: Actor) -> QuerySet[Consultation]:
    """Return the consultations the actor may see as a whole: all for the office, none for others."""
    rows = Consultation.objects.select_related("scheme").order_by("-opened_at", "-pk")
    return rows if sees_drafts(actor) else rows.none()


def consultation_for(actor: Actor, consultation_id: int) -> Consultation:
    """Return one consultation.

    :raises NotVisible: when there is none for this actor
    """
    found = consultations_visible_to(actor).filter(pk=consultation_id).first()
    if found is None:
        raise NotVisible
    return found


def answers_visible_to(actor: Actor) -> QuerySet[Answer]:
    """Return the answers the actor may see: all for the office, those of the own unit for its people."""
    rows = Answer.objects.select_related("consultation__scheme", "unit").order_by(
        "-consultation__opened_at", "unit__position", "unit__code", "pk"
    )
    if sees_drafts(actor):
        return rows
    return rows.filter(unit_id=actor.unit_id or 0) if allows(actor, "scheme.comment") else rows.none()


def answer_for(actor: Actor, answer_id: int) -> Answer:
    """Return one unit's answer.

    :raises NotVisible: when there is none for this actor
    """
    found = answers_visible_to(actor).filter(pk=answer_id).first()
    if found is None:
        raise NotVisible
    return found


def comments_visible_to(actor: Actor) -> QuerySet[Comment]:
    """Return the comments the actor may see: all for the office, those of the own unit for its people."""
    return Comment.objects.filter(answer__in=answers_visible_to(actor).order_by())


def open_answers(actor: Actor, today: date) -> QuerySet[Answer]:
    """Return what waits for the actor's unit: the drafts it was asked about and has not answered in time."""
    if sees_drafts(actor):
        return Answer.objects.none()
    return (
        answers_visible_to(actor)
        .filter(consultation__closed_at__isnull=True, consultation__due_on__gte=today)
        .exclude(status=Answer.Status.SENT)
    )


def comment_for(actor: Actor, comment_id: int) -> Comment:
    """Return one comment that was sent.

    :raises NotVisible: when there is none for this actor
    """
    rows = Comment.objects.select_related("answer__consultation__scheme", "answer__unit", "merged_into")
    found = rows.filter(pk=comment_id, answer__status=Answer.Status.SENT).first()
    if found is None or not sees_drafts(actor):
        raise NotVisible
    return found


def sent_scheme(consultation: Consultation) -> scoring.Scheme:
    """Return the draft as it was sent."""
    return scoring.Scheme.from_json(consultation.content)


def node_named(consultation: Consultation, category: str, code: str) -> str:
    """Return the name of what a comment is about, "" for a whole table or the whole draft.

    :raises Invalid: when the draft as sent has no such table or indicator
    """
    if not category:
        return ""
    table = sent_scheme(consultation).tables.get(category)
    if table is None:
        raise Invalid("征求意见稿中没有这张指标表，请刷新后再选。")
    if not code:
        return ""
    beside = {part.code: part.name for part, _fields in readings(table)}
    if code in beside:
        return beside[code]
    try:
        return tree.node_at(table, code).name
    except KeyError:
        raise Invalid("征求意见稿中没有这项指标，请刷新后再选。") from None


def sent_comments(consultation: Consultation) -> QuerySet[Comment]:
    """Return the comments of the answers that were sent, by the place they are about."""
    return (
        Comment.objects.filter(answer__consultation=consultation, answer__status=Answer.Status.SENT)
        .select_related("answer__unit")
        .order_by("category", "code", "pk")
    )


def unsigned_answers(consultation: Consultation, today: date) -> list[Answer]:
    """Return the answers whose unit's head had not signed when the time was over, with their comments."""
    if consultation.closed_at is None and today <= consultation.due_on:
        return []
    rows = consultation.answers.filter(status=Answer.Status.WRITTEN).select_related("unit")
    return list(rows.prefetch_related("comments").order_by("unit__position", "unit__code"))


def undecided(consultation: Consultation) -> QuerySet[Comment]:
    """Return the comments that wait for a decision; merged ones are decided with the one they are merged into."""
    return sent_comments(consultation).filter(decision="", merged_into__isnull=True)


@dataclass(frozen=True)
class Opinion:
    """One matter to decide: the leading comment and those merged into it, with the units that made them."""

    lead: Comment
    merged: tuple[Comment, ...]
    alike: bool = False

    @property
    def comments(self) -> tuple[Comment, ...]:
        return (self.lead, *self.merged)

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.answer.unit.short_name for each in self.comments))

    @property
    def place(self) -> str:
        if not self.lead.category:
            return "全文"
        if not self.lead.code:
            return f"{self.lead.category}指标表"
        return f"{self.lead.category} {self.lead.code} {self.lead.node_name}"


def opinions(consultation: Consultation) -> list[Opinion]:
    """Return the matters to decide in the order of the table; `alike` marks those whose words another one repeats."""
    comments = list(sent_comments(consultation))
    merged: dict[int, list[Comment]] = {}
    for each in comments:
        if each.merged_into_id is not None:
            merged.setdefault(each.merged_into_id, []).append(each)
    leads = [each for each in comments if each.merged_into_id is None]
    said = [_said(each) for each in leads]
    return [
        Opinion(each, tuple(merged.get(each.pk, ())), said.count(_said(each)) > 1 and not each.decision)
        for each in leads
    ]


def _said(comment: Comment) -> tuple[str, str, str]:
    return comment.category, comment.code, folded(comment.text)


def opinion_of(comment: Comment) -> Opinion:
    """Return the matter a leading comment stands for."""
    rows = Comment.objects.filter(merged_into=comment).select_related("answer__unit").order_by("pk")
    return Opinion(comment, tuple(rows))


@dataclass(frozen=True)
class Tally:
    """How a consultation stands: units asked, answered, without comment; comments and decisions."""

    asked: int
    answered: int
    without: int
    comments: int
    open: int
    adopted: int
    partly: int
    refused: int


def tally(consultation: Consultation) -> Tally:
    """Return how a consultation stands. Two queries."""
    sent = Q(status=Answer.Status.SENT)
    units = consultation.answers.aggregate(
        asked=Count("pk"),
        answered=Count("pk", filter=sent),
        without=Count("pk", filter=sent & Q(has_no_comment=True)),
    )
    lead = Q(merged_into__isnull=True)
    comments = sent_comments(consultation).order_by().aggregate(
        comments=Count("pk"),
        open=Count("pk", filter=lead & Q(decision="")),
        **{name: Count("pk", filter=lead & Q(decision=name)) for name in ("adopted", "partly", "refused")},
    )  # fmt: skip
    return Tally(**units, **comments)


def open_decisions(scheme_id: int) -> list[str]:
    """Return one sentence for each comment on a draft that nobody has decided, and for a consultation under way."""
    told = []
    for consultation in Consultation.objects.filter(scheme_id=scheme_id).order_by("round_number"):
        if consultation.closed_at is None:
            told.append(f"第 {consultation.round_number} 轮征求意见还没有结束。")
        told += [
            f"{_places(each)}：{each.answer.unit.short_name}的意见“{each.text[:20]}”还没有处理。"
            for each in undecided(consultation)
        ]
    return told


def _places(comment: Comment) -> str:
    return Opinion(comment, ()).place


def with_open_comments(actor: Actor) -> QuerySet[Consultation]:
    """Return the consultations on drafts that hold comments nobody has decided."""
    waiting = Q(
        answers__status=Answer.Status.SENT, answers__comments__decision="", answers__comments__merged_into__isnull=True,
        answers__comments__isnull=False,
    )  # fmt: skip
    return consultations_visible_to(actor).filter(waiting, scheme__status="draft").distinct()
