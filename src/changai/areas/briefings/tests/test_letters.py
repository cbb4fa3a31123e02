"""The letters of a round: one text, numbered in a row, written piece by piece, each read by its unit alone."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from changai.areas.accounts.tests.make import actor_for
from changai.areas.assessments.actions import approve_amendment, propose_amendment
from changai.areas.assessments.models import Round
from changai.areas.briefings.actions import (
    annul_paper,
    approve_briefing,
    cancel_briefing,
    freeze_briefing,
    number_letters,
    order_letters,
    receive_paper,
    restore_briefing,
    retry_letters,
    start_briefing,
    stop_letters,
    submit_briefing,
    write_briefing,
    write_letters,
)
from changai.areas.briefings.actions.picturing import keep_picture
from changai.areas.briefings.exports import packed_letters
from changai.areas.briefings.jobs import write_next_letters
from changai.areas.briefings.models import Briefing, FrozenFigure
from changai.areas.briefings.queries import (
    briefing_for,
    errata,
    figure_for,
    figure_paths,
    issued_letters,
    letter_blocks,
    letters_of,
    papers_to_receive,
    papers_with_amended_figures,
    receivers,
    record_path,
    visible_to,
    wordings_under_way,
)
from changai.areas.briefings.rules import CANCELLED, DRAFT, ISSUED, ISSUING, LETTERS
from changai.areas.briefings.tests.make import OCTOBER, WRITTEN, MadeMonth
from changai.areas.organisations.models import Unit
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved
from changai.documents import paper as papers
from changai.foundation.actors import MACHINE, Actor, Role
from changai.foundation.notices.models import Notice

SignIn = Callable[[Actor], Client]
pytestmark = pytest.mark.django_db


def make_wording(officer: Actor, round_: Round) -> Briefing:
    """Start the common text of the letters to all units of a round."""
    blocks = letter_blocks(officer, round_, as_of=WRITTEN)
    return start_briefing(
        officer,
        title="关于反馈县区考核结果的函",
        month=OCTOBER,
        kind=LETTERS,
        round_id=round_.pk,
        blocks=blocks,
        at=WRITTEN,
    )


def make_approved_wording(officer: Actor, head: Actor, round_: Round) -> Briefing:
    """Make a common text the head has approved."""
    draft = make_wording(officer, round_)
    submitted = submit_briefing(officer, draft.pk, version=draft.version, at=WRITTEN)
    return approve_briefing(head, submitted.pk, version=submitted.version, at=WRITTEN)


def make_rewritten(officer: Actor, head: Actor, wording: Briefing, block: dict[str, str]) -> Briefing:
    """Write one more block into a common text and have it approved."""
    blocks = [*wording.draft, block]
    written = write_briefing(
        officer,
        wording.pk,
        title=wording.title,
        blocks=blocks,
        imprint={},
        version=wording.version,
        at=WRITTEN,
    )
    submitted = submit_briefing(officer, wording.pk, version=written.version, at=WRITTEN)
    return approve_briefing(head, wording.pk, version=submitted.version, at=WRITTEN)


def make_png() -> bytes:
    """Make a small picture."""
    content = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(content, "PNG")
    return content.getvalue()


def make_letters(officer: Actor, head: Actor, round_: Round, *, reason: str = "") -> Briefing:
    """Make a common text with all its letters issued."""
    approved = make_approved_wording(officer, head, round_)
    order_letters(head, approved.pk, version=approved.version, reason=reason, at=WRITTEN)
    (wording,) = wordings_under_way()
    assert write_letters(MACHINE, wording, at=WRITTEN)
    wording.refresh_from_db()
    return wording


def test_every_unit_of_the_round_gets_its_own_letter_in_one_row_of_numbers(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, prints: None
) -> None:
    wording = make_letters(officer, office_head, round_)
    letters = list(issued_letters(wording))
    sent_to = receivers(round_)
    assert [letter.issue_number for letter in letters] == list(range(1, len(sent_to) + 1))
    assert [letter.recipients for letter in letters] == [each.name for each in sent_to]
    assert all(letter.kind == "feedback" and letter.docx_file and letter.pdf_file for letter in letters)
    assert letters[0].number_text == "本产改函〔2026〕1号"
    assert wording.status == ISSUED
    assert wording.number_text == ""
    for letter, each in zip(letters, sent_to, strict=True):
        frozen = papers.paper_from_dict(letter.content)
        assert frozen.digest == letter.content_digest
        said = "".join(
            papers.plain(block.parts) for block in frozen.blocks if isinstance(block, papers.Paragraph)
        )
        score = round_.scores.get(unit=each.unit)
        assert (
            f"你单位总分{score.total_hundredths / 100:.2f}分，在3个参加排名的单位中列第{score.rank}名" in said
        )
        assert not any(other.name in said for other in sent_to if other is not each)
        keys = set(letter.figures.values_list("key", flat=True))
        assert {figure.key for figure in papers.figures(frozen)} == keys
        assert {"own.total", "own.place", "own.gains"} <= keys


def test_every_figure_of_a_letter_opens_down_to_the_records(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, prints: None
) -> None:
    wording = make_letters(officer, office_head, round_)
    liaison = actor_for(Role.UNIT_LIAISON, month.late)
    letter = visible_to(liaison).get(wording=wording)
    for figure in letter.figures.all():
        found = figure_for(liaison, letter.pk, figure.key)
        assert found.definition
        if found.key.startswith("own."):
            assert {row["type"] for row in found.records} <= {"assessments.score"}
        elif found.key.startswith(("points.", "loss.")):
            assert {row["type"] for row in found.records} == {"assessments.leaf"}
            for place, row in enumerate(found.records, start=1):
                assert record_path(liaison, found, place)["id"] == row["id"]
                with pytest.raises(NotVisible):
                    record_path(actor_for(Role.UNIT_LIAISON, month.early), found, place)
    path = figure_paths(letter.figures.get(key="own.total"))
    assert path["records"][0]["from"], "the indicators under the score"
    (trained,) = record_path(liaison, letter.figures.get(key="points.1.1"), 1)["from"][:1]
    assert trained["type"] == "facts.fact"
    whole = figure_for(liaison, letter.pk, "points.1")
    assert [row["label"][:3] for row in whole.records] == ["1.1", "1.2"]


def test_a_unit_reads_its_own_letter_alone(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, prints: None, signed_in: SignIn
) -> None:
    wording = make_letters(officer, office_head, round_)
    late, early = (actor_for(Role.UNIT_LIAISON, unit) for unit in (month.late, month.early))
    (own,) = visible_to(late).filter(wording=wording)
    assert list(own.addressees.all()) == [month.late]
    with pytest.raises(NotVisible):
        briefing_for(early, own.pk)
    with pytest.raises(NotVisible):
        briefing_for(late, wording.pk)
    assert [paper.pk for paper in papers_to_receive(late)] == [own.pk]
    stranger, reader = signed_in(early), signed_in(late)
    for address in (
        reverse("briefings:briefing", args=[own.pk]),
        reverse("briefings:issued", args=[own.pk, "pdf"]),
        reverse("briefings:figure", args=[own.pk, "own.total"]),
        reverse("briefings:record", args=[own.pk, 1, "own.total"]),
    ):
        assert stranger.get(address).status_code == 404, address
        assert reader.get(address).status_code == 200, address
    for name in ("letters", "letters_file"):
        assert reader.get(reverse(f"briefings:{name}", args=[wording.pk])).status_code == 404
    told = Notice.objects.filter(unit_id=month.late.pk, sentence__contains=own.number_text)
    assert told.count() == 1


def test_half_an_issue_never_shows_and_goes_on_where_it_stopped(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, prints: None
) -> None:
    approved = make_approved_wording(officer, office_head, round_)
    order_letters(office_head, approved.pk, version=approved.version, at=WRITTEN)
    (wording,) = wordings_under_way()
    assert not write_letters(MACHINE, wording, most=1, at=WRITTEN)
    first = wording.letters.get(pdf_file__isnull=False)
    for actor in (officer, office_head, actor_for(Role.UNIT_LIAISON, month.late)):
        assert not visible_to(actor).filter(wording=wording).exists()
    assert Notice.objects.filter(sentence__contains="产改函〔2026〕").count() == 0
    digest = first.content_digest
    assert "共 3 件" in write_next_letters(WRITTEN + timedelta(minutes=5))
    first.refresh_from_db()
    assert (first.status, first.content_digest) == (ISSUED, digest)
    assert sorted(wording.letters.values_list("issue_number", flat=True)) == [1, 2, 3]
    assert not wordings_under_way()
    assert write_next_letters(WRITTEN) == "没有要写的函件"


def test_letters_are_ordered_once_and_only_when_approved(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round
) -> None:
    draft = make_wording(officer, round_)
    with pytest.raises(RecordMoved):
        number_letters(office_head, draft.pk, version=draft.version, at=WRITTEN)
    with pytest.raises(Invalid):  # one text a round until it is issued
        make_wording(officer, round_)
    submitted = submit_briefing(officer, draft.pk, version=draft.version, at=WRITTEN)
    approved = approve_briefing(office_head, submitted.pk, version=submitted.version, at=WRITTEN)
    with pytest.raises(RecordMoved):
        freeze_briefing(office_head, approved.pk, version=approved.version, at=WRITTEN)
    with pytest.raises(RecordMoved):
        number_letters(office_head, approved.pk, version=approved.version - 1, at=WRITTEN)
    number_letters(office_head, approved.pk, version=approved.version, at=WRITTEN)
    with pytest.raises(RecordMoved):
        number_letters(office_head, approved.pk, version=approved.version + 1, at=WRITTEN)
    assert approved.letters.filter(status=ISSUING).count() == 3


def test_the_office_orders_looks_at_and_packs_the_letters(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, prints: None, signed_in: SignIn
) -> None:
    office = signed_in(officer)
    address = reverse("briefings:round_letters", args=[round_.pk])
    assert "3 个单位" in office.get(address).content.decode()
    started = office.post(address)
    wording = Briefing.objects.get(kind=LETTERS)
    assert started.headers["Location"] == reverse("briefings:compose", args=[wording.pk])
    assert office.get(started.headers["Location"]).status_code == 200
    listed = office.get(reverse("briefings:letters", args=[wording.pk]), {"q": "晚县"}).content.decode()
    assert "晚县" in listed
    assert "早县" not in listed
    shown = office.get(reverse("briefings:letter_preview", args=[wording.pk, month.late.pk]))
    picture = reverse(
        "briefings:letter_picture", args=[wording.pk, month.late.pk, shown.context["digest"], 1]
    )
    assert office.get(picture).content[:4] == b"\x89PNG"
    assert (
        office.get(reverse("briefings:letter_preview", args=[wording.pk, officer.unit_id])).status_code == 404
    )
    assert office.get(reverse("briefings:letters_file", args=[wording.pk])).status_code == 409


def test_the_head_issues_them_and_the_office_downloads_all(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, prints: None, signed_in: SignIn
) -> None:
    office, head = signed_in(officer), signed_in(office_head)
    approved = wording = make_approved_wording(officer, office_head, round_)
    review = head.get(reverse("briefings:briefing", args=[wording.pk])).content.decode()
    assert "将向 3 个单位各印发一件，编为本产改函〔2026〕1号至本产改函〔2026〕3号" in review
    pressed = head.post(reverse("briefings:issue", args=[wording.pk]), {"version": approved.version})
    assert pressed.status_code == 303
    under_way = head.get(reverse("briefings:briefing", args=[wording.pk]), follow=True).content.decode()
    assert "待生成" in under_way
    write_next_letters(WRITTEN)
    done = office.get(reverse("briefings:letters", args=[wording.pk])).content.decode()
    assert "本产改函〔2026〕3号" in done
    packed = [office.get(reverse("briefings:letters_file", args=[wording.pk])).content for _ in range(2)]
    assert packed[0] == packed[1]
    with zipfile.ZipFile(io.BytesIO(packed[0])) as whole:
        assert len(whole.namelist()) == 6
        assert {whole.read(name)[:2] for name in whole.namelist()} == {b"%P", b"PK"}
    index = office.get(reverse("briefings:index")).content.decode()
    assert index.count("关于反馈县区考核结果的函") == 1


def test_a_correction_after_publication_stands_in_the_letter_and_is_told_of_letters_issued_before(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, prints: None
) -> None:
    make_letters(officer, office_head, round_)
    made = propose_amendment(
        officer, round_.pk, month.early.pk, "2", values={"typical": "1"}, reason="核定依据有误", basis="复核记录第3号",
        at=WRITTEN,
    )  # fmt: skip
    approve_amendment(office_head, made.pk, version=made.version, at=WRITTEN)
    listed = {paper.recipients: count for paper, count in papers_with_amended_figures(officer)}
    assert listed["早县"] == 1
    wording = make_letters(officer, office_head, round_, reason="结果已更正")
    assert [letter.issue_number for letter in issued_letters(wording)] == [4, 5, 6]
    letter = issued_letters(wording).get(recipients="早县")
    amended = letter.figures.get(key="own.amended")
    assert amended.formula == "经第1次更正"
    said = [papers.plain(block.parts) for block in papers.paper_from_dict(letter.content).blocks[:6]]  # type: ignore[union-attr]
    assert f"以上是公布的结果。公布后经更正登记，更正后{amended.printed}。" in said
    assert "总分" in amended.printed


def test_a_picture_in_the_common_text_stands_in_every_letter(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, prints: None
) -> None:
    wording = make_wording(officer, round_)
    kept = keep_picture(officer, wording.pk, name="图.png", content=make_png(), at=WRITTEN)
    approved = make_rewritten(
        officer, office_head, wording, {"kind": "picture", "source": kept.written, "text": "示意"}
    )
    order_letters(office_head, approved.pk, version=approved.version, at=WRITTEN)
    assert "已写 3 件，共 3 件" in write_next_letters(WRITTEN)
    letters = list(issued_letters(wording))
    assert len(letters) == 3
    assert all(papers.pictures(papers.paper_from_dict(letter.content)) for letter in letters)


def test_a_letter_that_cannot_be_written_holds_up_no_other_and_the_office_is_told_once(
    officer: Actor,
    office_head: Actor,
    month: MadeMonth,
    round_: Round,
    prints: None,
    signed_in: SignIn,
) -> None:
    approved = make_approved_wording(officer, office_head, round_)
    order_letters(office_head, approved.pk, version=approved.version, at=WRITTEN)
    broken = approved.letters.get(recipients="晚县")
    whole = broken.content
    Briefing.objects.filter(pk=broken.pk).update(content={"kind": "no paper"})
    assert "已写 2 件，共 3 件，1 件不能生成" in write_next_letters(WRITTEN)
    assert "已写 2 件" in write_next_letters(WRITTEN)  # tried once
    told = Notice.objects.filter(sentence__contains="给晚县的一件没有生成")
    assert sorted(told.values_list("role", flat=True)) == ["office_head", "office_officer"]
    head = signed_in(office_head)
    address = reverse("briefings:letters", args=[approved.pk])
    shown = head.get(address).content.decode()
    assert "有 1 件不能生成" in shown
    assert "生成文件时出错" in shown
    retry = reverse("briefings:retry_letters", args=[approved.pk])
    assert retry in shown
    assert retry not in signed_in(officer).get(address).content.decode()
    Briefing.objects.filter(pk=broken.pk).update(content=whole)
    wording = Briefing.objects.get(pk=approved.pk)
    head.post(retry, {"version": wording.version})
    write_next_letters(WRITTEN)
    assert issued_letters(wording).count() == 3
    with pytest.raises(RecordMoved):
        retry_letters(office_head, wording.pk, version=wording.version + 1, at=WRITTEN)


def test_what_goes_wrong_with_one_text_is_kept_on_it_and_holds_up_no_other(
    officer: Actor,
    office_head: Actor,
    month: MadeMonth,
    round_: Round,
    prints: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    approved = make_approved_wording(officer, office_head, round_)
    order_letters(office_head, approved.pk, version=approved.version, at=WRITTEN)

    def fail(*_given: object, **_named: object) -> None:
        raise ValueError("no")

    monkeypatch.setattr("changai.areas.briefings.actions.delivering.issue_letters", fail)
    write_next_letters(WRITTEN)
    monkeypatch.undo()
    wording = Briefing.objects.get(pk=approved.pk)
    assert wording.refusal
    assert write_next_letters(WRITTEN) == "没有要写的函件"
    retry_letters(office_head, wording.pk, version=wording.version, at=WRITTEN)
    write_next_letters(WRITTEN)
    assert issued_letters(wording).count() == 3


def test_the_head_stops_letters_under_way_and_their_numbers_are_void(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, prints: None, signed_in: SignIn
) -> None:
    approved = make_approved_wording(officer, office_head, round_)
    order_letters(office_head, approved.pk, version=approved.version, at=WRITTEN)
    (wording,) = wordings_under_way()
    assert not write_letters(MACHINE, wording, most=1, at=WRITTEN)
    with pytest.raises(NotAllowed):
        stop_letters(officer, wording.pk, reason="数据有误", version=wording.version, at=WRITTEN)
    with pytest.raises(Invalid):
        stop_letters(office_head, wording.pk, reason=" ", version=wording.version, at=WRITTEN)
    head = signed_in(office_head)
    given = {"version": wording.version, "reason": "数据有误"}
    head.post(reverse("briefings:stop_letters", args=[wording.pk]), given)
    wording.refresh_from_db()
    assert (wording.status, wording.year, wording.approved_at, wording.content) == (DRAFT, None, None, {})
    assert set(wording.letters.values_list("status", flat=True)) == {CANCELLED}
    assert write_next_letters(WRITTEN) == "没有要写的函件"
    written = wording.letters.get(pdf_file__isnull=False)
    with pytest.raises(NotVisible):
        briefing_for(office_head, written.pk)
    page = head.get(reverse("briefings:letters", args=[wording.pk])).content.decode()
    assert "本产改函〔2026〕1号至本产改函〔2026〕3号已作废" in page
    assert "数据有误" in page
    submitted = submit_briefing(officer, wording.pk, version=wording.version, at=WRITTEN)
    approved = approve_briefing(office_head, wording.pk, version=submitted.version, at=WRITTEN)
    order_letters(office_head, wording.pk, version=approved.version, at=WRITTEN)
    write_next_letters(WRITTEN)
    assert [letter.issue_number for letter in issued_letters(wording)] == [4, 5, 6]
    assert [letter.issue_number for letter in letters_of(wording)] == [4, 5, 6]


def test_a_fault_of_one_letter_is_told_with_its_unit_before_a_number_is_taken(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, prints: None
) -> None:
    approved = make_approved_wording(officer, office_head, round_)
    block = {"kind": "paragraph", "text": "已完成【没有这样的数据】。"}
    Briefing.objects.filter(pk=approved.pk).update(draft=[*approved.draft, block])
    with pytest.raises(Invalid) as refused:
        order_letters(office_head, approved.pk, version=approved.version, at=WRITTEN)
    names = [each.name for each in receivers(round_)]
    assert len(refused.value.faults) == 1
    assert refused.value.faults[0].startswith("、".join(names))
    assert "没有名为“没有这样的数据”的数据" in refused.value.faults[0]
    assert not approved.letters.exists()
    # What falls for a unit by its condition is not printed, so it is no fault.
    fallen = block | {"when": "present:没有这样的数据"}
    Briefing.objects.filter(pk=approved.pk).update(draft=[*approved.draft, fallen])
    order_letters(office_head, approved.pk, version=approved.version, at=WRITTEN)
    assert approved.letters.count() == 3


def test_all_letters_tell_of_one_moment_whenever_they_are_written(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, prints: None, signed_in: SignIn
) -> None:
    approved = make_approved_wording(officer, office_head, round_)
    ordered = WRITTEN + timedelta(hours=1)
    order_letters(office_head, approved.pk, version=approved.version, at=ordered)
    (wording,) = wordings_under_way()
    for hours in range(3):
        write_letters(MACHINE, wording, most=1, at=ordered + timedelta(hours=hours))
    figures = FrozenFigure.objects.filter(briefing__wording=wording)
    letter = issued_letters(wording).last()
    assert letter is not None
    page = signed_in(officer).get(reverse("briefings:briefing", args=[letter.pk]))
    assert page.context["as_of"] == ordered
    assert set(figures.values_list("as_of", flat=True)) == {ordered}
    assert set(issued_letters(wording).values_list("issued_at", flat=True)) == {ordered}


def test_a_round_gets_its_letters_once_unless_the_head_says_why(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, prints: None, signed_in: SignIn
) -> None:
    first = make_wording(officer, round_)
    cancelled = cancel_briefing(officer, first.pk, reason="不要", version=first.version, at=WRITTEN)
    second = make_letters(officer, office_head, round_)
    restored = restore_briefing(officer, first.pk, version=cancelled.version, at=WRITTEN)
    submitted = submit_briefing(officer, first.pk, version=restored.version, at=WRITTEN)
    approved = approve_briefing(office_head, first.pk, version=submitted.version, at=WRITTEN)
    head = signed_in(office_head)
    assert "补发理由" in head.get(reverse("briefings:briefing", args=[first.pk])).content.decode()
    assert "本产改函〔2026〕1号至本产改函〔2026〕3号" in (
        head.get(reverse("briefings:round_letters", args=[round_.pk])).content.decode()
    )
    with pytest.raises(Invalid, match="本产改函〔2026〕1号至本产改函〔2026〕3号"):
        order_letters(office_head, first.pk, version=approved.version, at=WRITTEN)
    given = {"version": approved.version, "reason": "补充改进办法"}
    head.post(reverse("briefings:issue", args=[first.pk]), given)
    assert first.letters.count() == 3
    write_next_letters(WRITTEN)
    first.refresh_from_db()
    assert first.again_reason == "补充改进办法"
    assert second.letters.count() == 3


def test_a_cancelled_text_comes_back_only_while_no_other_is_under_way(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round
) -> None:
    first = make_wording(officer, round_)
    cancelled = cancel_briefing(officer, first.pk, reason="不要", version=first.version, at=WRITTEN)
    make_wording(officer, round_)
    with pytest.raises(Invalid):
        restore_briefing(officer, first.pk, version=cancelled.version, at=WRITTEN)


def test_two_texts_of_a_round_are_not_issued_at_once(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, prints: None
) -> None:
    one = make_approved_wording(officer, office_head, round_)
    Briefing.objects.filter(pk=one.pk).update(
        status=CANCELLED
    )  # as left by a text restored in earlier versions
    other = make_approved_wording(officer, office_head, round_)
    Briefing.objects.filter(pk=one.pk).update(status="approved")
    order_letters(office_head, one.pk, version=one.version, at=WRITTEN)
    with pytest.raises(RecordMoved):
        order_letters(office_head, other.pk, version=other.version, reason="补发", at=WRITTEN)


def test_annulling_and_correcting_the_common_text_reaches_every_letter_and_tells_each_unit_once(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, prints: None, signed_in: SignIn
) -> None:
    wording = make_letters(officer, office_head, round_)
    head = signed_in(office_head)
    address = reverse("briefings:letters", args=[wording.pk])
    assert head.get(reverse("briefings:issued", args=[wording.pk, "pdf"])).status_code == 409
    given = {"place": "第一段", "printed": "甲", "right": "乙", "reason": "笔误"}
    assert head.post(reverse("briefings:correct", args=[wording.pk]), given).status_code == 303
    late = actor_for(Role.UNIT_LIAISON, month.late)
    assert [each.briefing.recipients for each in errata(late)] == ["晚县"]
    assert errata(officer).count() == 3
    assert Notice.objects.filter(unit_id=month.late.pk, sentence__contains="有更正").count() == 1
    annul_paper(
        office_head, wording.letters.get(recipients="早县").pk, kind="revoked", reason="重复", at=WRITTEN
    )
    assert not head.get(address, {"open": "yes", "q": "早县"}).context["listing"].count
    given = {"kind": "revoked", "reason": "有误"}
    assert head.post(reverse("briefings:annul", args=[wording.pk]), given).status_code == 303
    assert not wording.letters.filter(annulment__isnull=True).exists()
    for unit in (month.late, month.early):
        assert Notice.objects.filter(unit_id=unit.pk, sentence__contains="已撤销").count() == 1
    shown = head.get(address).content.decode()
    assert "更正 1 处" in shown
    assert shown.count("撤销") > 3
    make_letters(officer, office_head, round_)  # annulled letters ask for no reason


def test_the_office_sees_who_has_not_signed_and_reminds_them_all(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, prints: None, signed_in: SignIn
) -> None:
    wording = make_letters(officer, office_head, round_)
    late = actor_for(Role.UNIT_LIAISON, month.late)
    receive_paper(late, visible_to(late).get(wording=wording).pk, at=WRITTEN)
    office = signed_in(officer)
    address = reverse("briefings:letters", args=[wording.pk])
    listed = office.get(address, {"open": "yes"}).content.decode()
    assert "晚县" not in listed
    assert "早县" in listed
    assert office.post(reverse("briefings:press_receipts", args=[wording.pk])).headers["Location"] == address
    pressed = Notice.objects.filter(sentence__startswith="请签收")
    assert set(pressed.values_list("unit_id", flat=True)) == {month.early.pk, month.silent.pk}
    assert office.post(reverse("briefings:press_receipts", args=[wording.pk])).status_code == 409


def test_a_unit_with_commas_and_a_long_name_is_one_receiver_and_one_short_file(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, prints: None
) -> None:
    name = "早，县," + "很" * 70
    Unit.objects.filter(pk=month.early.pk).update(name=name)
    wording = make_letters(officer, office_head, round_)
    letter = issued_letters(wording).get(addressees=month.early)
    assert letter.content["recipients"] == [letter.recipients]
    with zipfile.ZipFile(io.BytesIO(packed_letters(issued_letters(wording)))) as whole:
        assert max(len(each.encode()) for each in whole.namelist()) <= 255
