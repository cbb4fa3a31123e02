"""What a paper tells of a consultation (征求意见): who answered, what was said, what became of every opinion."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse

from changai.areas.briefings.queries.records import (
    Drawn,
    DrawnEntry,
    Printed,
    Produced,
    Record,
    Told,
    figure,
    percent,
)
from changai.areas.schemes.models import Answer, Comment, Consultation
from changai.areas.schemes.queries import consulting
from changai.documents import paper
from changai.foundation.actors import Actor

GROUP = "征求意见"
ANSWER, COMMENT = "schemes.answer", "schemes.comment"


def consultations_to_tell(actor: Actor) -> QuerySet[Consultation]:
    """Return the consultations that are over, newest first, as far as the actor may see them."""
    return consulting.consultations_visible_to(actor).filter(closed_at__isnull=False)


def hindrance(consultation: Consultation) -> str:
    """Return why no paper can tell yet what became of the opinions, or nothing."""
    if consultation.closed_at is None:
        return "征求意见还没有结束，结束后才能形成采纳情况。"
    count = consulting.undecided(consultation).count()
    return f"还有 {count} 条意见没有处理，处理完才能形成采纳情况。" if count else ""


def scheme_title(consultation: Consultation) -> str:
    """Return what was sent out for comment, as papers name it."""
    label = consultation.scheme.version_label
    return f"《{consultation.scheme.name}（{label if '征求意见稿' in label else f'{label} 版征求意见稿'}）》"


def entries(consultation: Consultation) -> Iterator[Told]:
    """Yield (key, name, group, definition, produce) of every figure of a consultation."""
    of = f"就{scheme_title(consultation)}第 {consultation.round_number} 轮征求意见"
    answers: tuple[tuple[str, str, str, Callable[[Answer], bool]], ...] = (
        ("asked", "征求意见单位数", "征求意见的单位数", lambda _row: True),
        ("answered", "反馈单位数", "已反馈的单位数", _is_sent),
        ("without", "无意见单位数", "反馈无意见的单位数", lambda row: _is_sent(row) and row.has_no_comment),
    )
    for key, name, meaning, keep in answers:
        yield f"consulted.{key}", name, GROUP, f"{of}，{meaning}", _counting_answers(consultation, keep)
    comments: tuple[tuple[str, str, str, Callable[[Comment], bool]], ...] = (
        ("comments", "意见条数", "收到的意见条数", lambda _row: True),
        ("matters", "合并后意见条数", "相同意见合并后的条数", _is_lead),
        ("adopted", "采纳意见数", "采纳的意见条数（合并后）", _decided(Comment.Decision.ADOPTED)),
        ("partly", "部分采纳意见数", "部分采纳的意见条数（合并后）", _decided(Comment.Decision.PARTLY)),
        ("refused", "不采纳意见数", "不采纳的意见条数（合并后）", _decided(Comment.Decision.REFUSED)),
    )
    for key, name, meaning, keep_comment in comments:
        produce = _counting_comments(consultation, keep_comment)
        yield f"consulted.{key}", name, GROUP, f"{of}，{meaning}", produce
    definition = f"{of}，采纳和部分采纳的意见占合并后意见的百分比"
    yield "consulted.share", "意见采纳率", GROUP, definition, lambda: _share(consultation)


def drawings(consultation: Consultation) -> Iterable[DrawnEntry]:
    """Yield the table of opinions, when every one of them was decided."""
    if not hindrance(consultation):
        yield DrawnEntry("table.opinions", "意见采纳情况表", lambda: _opinions_table(consultation))


def _is_sent(row: Answer) -> bool:
    return row.status == Answer.Status.SENT


def _is_lead(row: Comment) -> bool:
    return row.merged_into_id is None


def _decided(decision: str) -> Callable[[Comment], bool]:
    return lambda row: row.merged_into_id is None and row.decision == decision


def _counting_answers(consultation: Consultation, keep: Callable[[Answer], bool]) -> Callable[[], Printed]:
    def produce() -> Printed:
        rows = [row for row in consultation.answers.select_related("unit") if keep(row)]
        return str(len(rows)), f"共 {len(rows)} 个单位", tuple(map(_answer_record, rows))

    return produce


def _counting_comments(consultation: Consultation, keep: Callable[[Comment], bool]) -> Callable[[], Printed]:
    def produce() -> Printed:
        rows = [row for row in consulting.sent_comments(consultation) if keep(row)]
        return str(len(rows)), f"共 {len(rows)} 条意见", tuple(map(_comment_record, rows))

    return produce


def _share(consultation: Consultation) -> Printed:
    leads = [row for row in consulting.sent_comments(consultation) if _is_lead(row)]
    taken = [row for row in leads if row.decision in {Comment.Decision.ADOPTED, Comment.Decision.PARTLY}]
    printed = percent(Decimal(100 * len(taken)) / len(leads) if leads else None)
    formula = f"{len(taken)} ÷ {len(leads)} = {printed}" if leads else "没有意见"
    return printed, formula, tuple(map(_comment_record, leads))


def _answer_record(row: Answer) -> Record:
    said = "无意见" if _is_sent(row) and row.has_no_comment else str(row.get_status_display())
    return Record(
        ANSWER, row.pk, row.unit.name, said, reverse("schemes:answer", args=[row.pk]), row.unit.name
    )


def _comment_record(row: Comment) -> Record:
    unit = row.answer.unit.name
    decided = (
        str(row.get_decision_display()) if row.decision else "合并处理" if row.merged_into_id else "待处理"
    )
    address = reverse("schemes:answer", args=[row.answer_id])
    return Record(COMMENT, row.pk, f"{unit}：{row.text[:60]}", decided, address, unit)


def _opinions_table(consultation: Consultation) -> Drawn:
    produced: list[Produced] = []
    rows: list[tuple[paper.Parts, ...]] = []
    for number, opinion in enumerate(consulting.opinions(consultation), start=1):
        decided = Produced(
            f"opinions.{opinion.lead.pk}",
            f"第 {number} 条意见采纳情况",
            str(opinion.lead.get_decision_display()),
            f"对“{opinion.lead.text[:60]}”的处理",
            opinion.lead.reason,
            tuple(map(_comment_record, opinion.comments)),
        )
        produced.append(decided)
        said = dict.fromkeys(_said(comment) for comment in opinion.comments)
        units = "、".join(opinion.units)
        texts = (str(number), opinion.place, "\n".join(said), units)
        rows.append((*((text,) for text in texts), figure(decided), (opinion.lead.reason,)))
    return Drawn(_table(consultation, rows), tuple(produced))


def _table(consultation: Consultation, rows: Sequence[tuple[paper.Parts, ...]]) -> paper.Table:
    return paper.Table(
        caption="意见采纳情况表",
        columns=(
            paper.TableColumn("序号", 0.6),
            paper.TableColumn("所涉内容", 1.5, "left"),
            paper.TableColumn("意见建议", 2.8, "left"),
            paper.TableColumn("提出单位", 1.2),
            paper.TableColumn("采纳情况", 1.0),
            paper.TableColumn("理由", 2.2, "left"),
        ),
        rows=tuple(rows),
        note=f"注：{scheme_title(consultation)}第{consultation.round_number}轮征求意见，相同意见已合并。",
    )


def _said(comment: Comment) -> str:
    return comment.text + (f"（建议修改为：{comment.proposed}）" if comment.proposed else "")
