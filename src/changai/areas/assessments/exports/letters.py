"""Feedback letters (反馈函): one a unit, with its score, what was lost, how to win it back, and every indicator."""

import os
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from changai.areas.assessments.models import LeafScore, LetterBatch, Round, Score
from changai.areas.assessments.queries import amended_score, earlier_of, gains_of, losses, regains, sheet_rows
from changai.areas.organisations.models import City
from changai.areas.organisations.queries import city, names_on
from changai.core.periods import Month
from changai.documents.docx import render_docx
from changai.documents.paper import (
    Attachment,
    Block,
    Document,
    Heading,
    Paragraph,
    Signature,
    Table,
    TableColumn,
)
from changai.documents.pdf import render_pdf

LETTERS_A_RUN = 30
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment a zip can hold: equal letters give an equal file
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|', "＿"))


def letter_of(score: Score, name: str, names: City) -> Document:
    """Return the feedback letter of one unit's published result, with the table of its indicators attached."""
    round_ = score.round
    day = _day(round_)
    return Document(
        kind="letter",
        masthead=names.office_name,
        number="",
        issuer=names.office_name,
        issued_on=day,
        title=f"关于{round_.name}结果的反馈函",
        recipients=(name,),
        blocks=tuple(_body(score, name)),
        signature=Signature(names.office_name, day),
        attachments=(Attachment(f"{name}逐项得分表", (_sheet(score),)),),
    )


def own_letter(score: Score, name: str, kind: str) -> bytes:
    """Return one unit's letter as `docx` or `pdf`.

    :raises FontsMissing: when no Chinese font is installed
    """
    render = render_docx if kind == "docx" else render_pdf
    return render(letter_of(score, name, city()), font_paths=tuple(settings.FONT_FOLDERS))


def _day(round_: Round) -> date:
    return timezone.localdate(round_.published_at)


def _body(score: Score, name: str) -> list[Block]:
    round_ = score.round
    rows = sheet_rows(score)
    lost = losses(rows)
    told = regains(score)
    ranked = round_.scores.exclude(rank=None).count()
    place = (
        f"在 {ranked} 个参加排名的单位中列第 {score.rank} 名"
        if score.rank
        else f"未参加排名（{score.unranked_reason}）"
    )
    grade = f"，等次为“{score.grade}”" if score.grade else ""
    span = f"{Month.of(round_.first_month).label}至{Month.of(round_.last_month).label}"
    blocks: list[Block] = [
        Paragraph((f"{round_.name}已经结束，考核时段为{span}。现将{name}的结果反馈如下。",)),
        Heading(1, ("一、得分情况",)),
        Paragraph((f"总分 {_points(score.total_hundredths)} 分，{place}{grade}。{_reason(score)}",)),
    ]
    amended = amended_score(score)
    if amended and amended.before != amended.after:
        after = f"总分 {amended.after.total} 分" + (
            f"，列第 {amended.after.rank} 名" if amended.after.rank else ""
        )
        graded = f"，等次为“{amended.after.grade}”" if amended.after.grade else ""
        blocks.append(Paragraph((f"以上是公布的结果。公布后经更正登记，更正后{after}{graded}。",)))
    earlier = earlier_of(score)
    if earlier and earlier.leaves:
        same = f"{len(earlier.leaves)} 项口径相同的指标合计{_changed(earlier.change)}"
        blocks.append(Paragraph((f"与{earlier.score.round.name}相比，{same}。",)))
    blocks.append(Heading(1, ("二、失分和改进办法",)))
    blocks += [Paragraph((_loss(leaf, told.get(leaf.code, "")),)) for leaf in lost] or [
        Paragraph(("各项指标均未失分。",))
    ]
    if gains := gains_of(score, most=3):
        points = "；".join(
            f"“{gain.name}”补足可增加 {_points(gain.points)} 分"
            + (f"，其他单位不变时列第 {gain.rank} 名" if gain.rank else "")
            for gain in gains
        )
        blocks += [Heading(1, ("三、最有提升空间的指标",)), Paragraph((f"{points}。",))]
    blocks.append(
        Paragraph(("逐项得分见附件。对结果有疑问的，请与办公室联系；结果已经公布，更正将登记并告知。",))
    )
    return blocks


def _reason(score: Score) -> str:
    return f"等次依据：{score.grade_reason}。" if score.grade_reason else ""


def _loss(leaf: LeafScore, how: str) -> str:
    told = f"“{leaf.name}”失分 {_points(leaf.lost_hundredths)} 分：{leaf.sentence.rstrip('。')}。"
    return f"{told}改进：{how.rstrip('。')}。" if how else told


def _changed(points: int) -> str:
    if not points:
        return "得分持平"
    return f"{'增加' if points > 0 else '减少'} {_points(abs(points))} 分"


def _sheet(score: Score) -> Table:
    columns = (
        TableColumn("编号", 0.8),
        TableColumn("指标", 2.2, "left"),
        TableColumn("满分", 0.8, "right"),
        TableColumn("得分", 0.8, "right"),
        TableColumn("说明", 4, "left"),
    )
    rows = tuple(
        (
            (row.code,),
            (row.name,),
            (_points(row.full),),
            (_own(row.leaf, row.points),),
            (row.leaf.sentence if row.leaf else "",),
        )
        for row in sheet_rows(score)
    )
    note = f"总分 {_points(score.total_hundredths)} 分。结果摘要值：{score.round.result_digest[:16]}"
    return Table("逐项得分", columns, rows, note)


def _own(leaf: LeafScore | None, points: int) -> str:
    if leaf is not None and (leaf.is_open or leaf.is_left_out):
        return "待核" if leaf.is_open else "—"
    return _points(points)


def _points(hundredths: int) -> str:
    return f"{hundredths / 100:.2f}"


def write_letters(batch: LetterBatch, folder: Path, *, tell: Callable[[int], None]) -> bool:
    """Write the next letters of a batch into its folder, and the file of all once they are there: True.

    A letter that lies there is not written again, so a killed worker's successor goes on where it stopped; half a
    letter never has its name.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    round_ = batch.round
    scores = list(round_.scores.select_related("unit").order_by("rank", "unit__position", "pk"))
    named = names_on([score.unit_id for score in scores], Month.of(round_.last_month).last_on)
    open_scores = [score for score in scores if not _file(folder, score, "pdf").exists()]
    names = city()
    for written, score in enumerate(open_scores[:LETTERS_A_RUN], start=len(scores) - len(open_scores) + 1):
        score.round = round_
        _write(folder, score, named[score.unit_id], names)
        tell(written)
    if len(open_scores) > LETTERS_A_RUN:
        return False
    _pack(folder, scores, named)
    return True


def _file(folder: Path, score: Score, ending: str) -> Path:
    return folder / f"{score.pk}.{ending}"


def _write(folder: Path, score: Score, name: str, names: City) -> None:
    paper = letter_of(score, name, names)
    fonts = tuple(settings.FONT_FOLDERS)
    _put(_file(folder, score, "docx"), render_docx(paper, font_paths=fonts))
    _put(
        _file(folder, score, "pdf"), render_pdf(paper, font_paths=fonts)
    )  # last: its name says both are there


def _put(place: Path, content: bytes) -> None:
    unfinished = place.with_suffix(f"{place.suffix}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.rename(place)


def _pack(folder: Path, scores: list[Score], named: dict[int, str]) -> None:
    place = folder.with_suffix(".zip")
    unfinished = folder.with_suffix(f".{os.getpid()}.part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, score in enumerate(scores, start=1):
            for ending in ("docx", "pdf"):
                name = f"{number:03d} {named[score.unit_id]}反馈函.{ending}".translate(_NOT_IN_NAMES)
                packed.writestr(zipfile.ZipInfo(name, _EPOCH), _file(folder, score, ending).read_bytes())
    unfinished.rename(place)
