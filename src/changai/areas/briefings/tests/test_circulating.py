"""Countersigning before approval, receipts after issue, and the register of corrections."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import actor_for
from changai.areas.briefings import queries
from changai.areas.briefings.actions import (
    answer_countersign,
    approve_briefing,
    ask_countersigns,
    correct_paper,
    keep_opinions,
    receive_paper,
    submit_briefing,
    withdraw_countersign,
    write_briefing,
)
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.rules import WORD_HEAD, text_digest
from changai.areas.briefings.tests.make import WRITTEN, MadeMonth
from changai.areas.briefings.tests.test_kinds import issue, make_paper
from changai.areas.briefings.views.frame import sketched
from changai.areas.facts.models import Fact
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved
from changai.documents.paper import Table, paper_from_dict
from changai.foundation.actors import Actor, Role
from changai.foundation.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(officer: Actor, month: MadeMonth) -> Briefing:
    made = make_paper(officer, "supervision_circular", month)
    submit_briefing(officer, made.pk, version=made.version, at=WRITTEN)
    made.refresh_from_db()
    return made


@pytest.fixture
def head(month: MadeMonth) -> Actor:
    return actor_for(Role.UNIT_HEAD, month.late)


def test_a_paper_waits_for_those_asked_and_shows_their_word(
    paper: Briefing, officer: Actor, office_head: Actor, head: Actor, month: MadeMonth
) -> None:
    ask_countersigns(officer, paper.pk, unit_ids=(month.late.pk, month.early.pk), at=WRITTEN)
    assert [each.briefing for each in queries.countersigns_waiting(head)] == [paper]
    with pytest.raises(Invalid, match="还有单位没有会签"):
        approve_briefing(office_head, paper.pk, version=paper.version, at=WRITTEN)
    with pytest.raises(Invalid, match="请写明意见"):
        answer_countersign(head, paper.pk, answer="opinion", words=" ", at=WRITTEN)
    answer_countersign(head, paper.pk, answer="opinion", words="第二段数据请核对。", at=WRITTEN)
    with pytest.raises(RecordMoved):
        answer_countersign(head, paper.pk, answer="agreed", at=WRITTEN)
    withdraw_countersign(officer, paper.pk, unit_id=month.early.pk, at=WRITTEN)
    with pytest.raises(RecordMoved):
        withdraw_countersign(officer, paper.pk, unit_id=month.late.pk, at=WRITTEN)
    with pytest.raises(Invalid, match="写明采纳情况") as refused:
        approve_briefing(office_head, paper.pk, version=paper.version, at=WRITTEN)
    assert refused.value.faults == ("晚县：有意见（第二段数据请核对。）。",)
    with pytest.raises(Invalid, match="采纳"):
        keep_opinions(officer, paper.pk, reason=" ", at=WRITTEN)
    with pytest.raises(NotAllowed):
        keep_opinions(head, paper.pk, reason="已核对。", at=WRITTEN)
    keep_opinions(officer, paper.pk, reason="采纳，已核对。", at=WRITTEN)
    with pytest.raises(RecordMoved):
        keep_opinions(officer, paper.pk, reason="再写一次。", at=WRITTEN)
    approve_briefing(office_head, paper.pk, version=paper.version, at=WRITTEN)
    with pytest.raises(RecordMoved, match="已经审批"):
        ask_countersigns(officer, paper.pk, unit_ids=(month.early.pk,), at=WRITTEN)


def test_what_waits_for_the_word_of_a_unit_is_among_what_its_head_has_to_do(
    paper: Briefing, officer: Actor, head: Actor, month: MadeMonth, signed_in: Callable[[Actor], Client]
) -> None:
    ask_countersigns(officer, paper.pk, unit_ids=(month.late.pk,), at=WRITTEN)
    asked = f">会签督查通报《{paper.title}》<"  # not the notice, which begins 请会签
    assert asked in signed_in(head).get("/").content.decode()
    assert asked not in signed_in(actor_for(Role.UNIT_LIAISON, month.late)).get("/").content.decode()
    answer_countersign(head, paper.pk, answer="opinion", words="请核对。", at=WRITTEN)
    assert asked not in signed_in(head).get("/").content.decode()
    page = signed_in(officer).get(reverse("briefings:briefing", args=[paper.pk])).content.decode()
    assert "请核对。" in page
    assert "light-near" in page


def rewritten(officer: Actor, paper: Briefing, text: str) -> Briefing:
    paper.refresh_from_db()
    blocks = [*paper.draft, {"kind": "paragraph", "text": text}]
    given = {"imprint": {}, "version": paper.version, "at": WRITTEN}
    return write_briefing(officer, paper.pk, title=paper.title, blocks=blocks, **given)


def test_a_word_holds_to_the_text_it_was_given_to(
    officer: Actor, office_head: Actor, head: Actor, month: MadeMonth, signed_in: Callable[[Actor], Client]
) -> None:
    draft = make_paper(officer, "supervision_circular", month)
    ask_countersigns(officer, draft.pk, unit_ids=(month.late.pk,), at=WRITTEN)
    answer_countersign(head, draft.pk, answer="agreed", at=WRITTEN)
    assert not queries.opinions_open(draft)
    draft = rewritten(officer, draft, "会签后加写的一段。")
    assert draft.countersigns.get().is_stale
    assert queries.opinions_open(draft)
    keep_opinions(officer, draft.pk, reason="只改了错字。", at=WRITTEN)
    assert not queries.opinions_open(Briefing.objects.get(pk=draft.pk))
    draft = rewritten(officer, draft, "又加写的一段。")
    assert queries.opinions_open(draft)  # the reason held for the text before
    page = signed_in(officer).get(reverse("briefings:briefing", args=[draft.pk])).content.decode()
    assert "会签后稿子有改动" in page
    assert "再送会签" in page
    submitted = submit_briefing(officer, draft.pk, version=draft.version, at=WRITTEN)
    approval = reverse("briefings:approve", args=[draft.pk])
    shown = signed_in(office_head).get(reverse("briefings:briefing", args=[draft.pk])).content.decode()
    assert approval not in shown
    with pytest.raises(Invalid, match="稿子有改动"):
        approve_briefing(office_head, draft.pk, version=submitted.version, at=WRITTEN)
    ask_countersigns(officer, draft.pk, unit_ids=(month.late.pk,), at=WRITTEN)
    with pytest.raises(Invalid, match="还有单位没有会签"):
        approve_briefing(office_head, draft.pk, version=submitted.version, at=WRITTEN)
    answer_countersign(head, draft.pk, answer="agreed", at=WRITTEN)
    approve_briefing(office_head, draft.pk, version=submitted.version, at=WRITTEN)
    assert [word["answer"] for word in draft.countersigns.get().earlier] == ["agreed"]


def test_a_word_holds_to_the_head_and_an_earlier_word_to_what_it_was_given_to(
    officer: Actor, office_head: Actor, head: Actor, month: MadeMonth
) -> None:
    draft = make_paper(officer, "supervision_circular", month)
    ask_countersigns(officer, draft.pk, unit_ids=(month.late.pk,), at=WRITTEN)
    answer_countersign(head, draft.pk, answer="agreed", at=WRITTEN)

    def headed(**imprint: object) -> Briefing:
        now = Briefing.objects.get(pk=draft.pk)
        given = {"blocks": now.draft, "version": now.version, "at": WRITTEN}
        return write_briefing(officer, now.pk, title=now.title, imprint=imprint, **given)

    before = {name: getattr(draft, name) for name in WORD_HEAD}
    changed = {name: f"{text}，另加" for name, text in before.items()} | {"urgency": "特急"}
    for name, text in changed.items():
        assert headed(**{name: text}).countersigns.get().is_stale, name
        assert not headed(**{name: before[name]}).countersigns.get().is_stale, name
    assert not headed(copies=7).countersigns.get().is_stale  # how many are printed is nobody's word
    now = headed(urgency="特急")
    submitted = submit_briefing(officer, now.pk, version=now.version, at=WRITTEN)
    with pytest.raises(Invalid, match="稿子有改动"):
        approve_briefing(office_head, draft.pk, version=submitted.version, at=WRITTEN)
    # A word from before the head counted, and what was written of it, stay as they were.
    old = text_digest(now.title, now.draft)
    now.countersigns.update(text_digest=old, answer="opinion", words="请核对。")
    assert not now.countersigns.get().is_stale
    kept = {"found": [[month.late.name, "opinion", old, old]], "reason": "已核对。", "by": "甲", "at": "一日"}
    Briefing.objects.filter(pk=draft.pk).update(opinions_kept=kept)
    approve_briefing(office_head, draft.pk, version=submitted.version, at=WRITTEN)


def test_taking_the_second_question_back_leaves_the_first_word(
    officer: Actor, head: Actor, month: MadeMonth
) -> None:
    draft = make_paper(officer, "supervision_circular", month)
    ask_countersigns(officer, draft.pk, unit_ids=(month.late.pk,), at=WRITTEN)
    answer_countersign(head, draft.pk, answer="opinion", words="请核对。", at=WRITTEN)
    draft = rewritten(officer, draft, "改过的一段。")
    ask_countersigns(officer, draft.pk, unit_ids=(month.late.pk,), at=WRITTEN)
    withdraw_countersign(officer, draft.pk, unit_id=month.late.pk, at=WRITTEN)
    word = draft.countersigns.get()
    assert (word.answer, word.words, word.answered_at, word.earlier) == ("opinion", "请核对。", WRITTEN, [])
    assert word.is_stale


def test_nobody_signs_a_text_changed_while_it_was_read(
    officer: Actor, head: Actor, month: MadeMonth, signed_in: Callable[[Actor], Client]
) -> None:
    draft = make_paper(officer, "supervision_circular", month)
    ask_countersigns(officer, draft.pk, unit_ids=(month.late.pk,), at=WRITTEN)
    address, unit = reverse("briefings:countersign", args=[draft.pk]), signed_in(head)
    read = draft.text_digest
    assert read in unit.get(address).content.decode()
    rewritten(officer, draft, "刚刚加写的一段。")
    refused = unit.post(address, {"answer": "agreed", "text": read})
    assert "稿子刚刚改动过" in refused.content.decode()
    assert not draft.countersigns.get().answer


def test_a_unit_reads_the_same_text_as_the_office(
    paper: Briefing, officer: Actor, head: Actor, month: MadeMonth, signed_in: Callable[[Actor], Client]
) -> None:
    ask_countersigns(officer, paper.pk, unit_ids=(month.late.pk,), at=WRITTEN)
    shown = signed_in(head).get(reverse("briefings:countersign", args=[paper.pk]))
    written = sketched(officer, paper).paper
    assert shown.context["paper"].to_dict() == written.to_dict()
    own_sight = sketched(head, paper).paper
    assert own_sight.to_dict() != written.to_dict()
    assert "/figures/" not in shown.content.decode()


def test_a_correction_reaches_those_who_have_not_signed_too(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    notice = issue(officer, office_head, make_paper(officer, "notice_blue", month))
    circular = issue(officer, office_head, make_paper(officer, "supervision_circular", month))
    given = {"place": "第一段", "printed": "甲", "right": "乙", "reason": "笔误", "at": WRITTEN}
    for each in (notice, circular):
        told = Notice.objects.filter(sentence__contains="有更正").values_list("unit_id", "role")
        issued = set(Notice.objects.filter(sentence__contains="已印发").values_list("unit_id", "role"))
        correct_paper(office_head, each.pk, **given)
        assert told.exists()
        assert set(told) <= issued
    assert (month.late.pk, "") in set(told)
    assert {role for _unit, role in told} >= {Role.UNIT_HEAD, Role.LEADER}


def test_only_the_head_of_an_asked_unit_answers(
    paper: Briefing, officer: Actor, head: Actor, month: MadeMonth
) -> None:
    with pytest.raises(NotVisible):
        answer_countersign(head, paper.pk, answer="agreed", at=WRITTEN)
    ask_countersigns(officer, paper.pk, unit_ids=(month.late.pk,), at=WRITTEN)
    with pytest.raises(Invalid, match="不重复送"):
        ask_countersigns(officer, paper.pk, unit_ids=(month.late.pk,), at=WRITTEN)
    with pytest.raises(NotAllowed):
        answer_countersign(actor_for(Role.UNIT_LIAISON, month.late), paper.pk, answer="agreed", at=WRITTEN)
    with pytest.raises(NotVisible):
        answer_countersign(actor_for(Role.UNIT_HEAD, month.early), paper.pk, answer="agreed", at=WRITTEN)


def test_a_unit_signs_once_for_an_issued_paper(
    officer: Actor, office_head: Actor, head: Actor, month: MadeMonth
) -> None:
    notice = make_paper(officer, "notice_blue", month)
    with pytest.raises((RecordMoved, NotVisible)):
        receive_paper(head, notice.pk, at=WRITTEN)
    issue(officer, office_head, notice)
    receive_paper(head, notice.pk, at=WRITTEN)
    with pytest.raises(RecordMoved, match="不用再签"):
        receive_paper(actor_for(Role.UNIT_LIAISON, month.late), notice.pk, at=WRITTEN)
    assert notice.receipts.count() == 1
    with pytest.raises(NotVisible):
        receive_paper(actor_for(Role.UNIT_HEAD, month.early), notice.pk, at=WRITTEN)


def test_corrections_are_listed_and_the_paper_stays(
    officer: Actor, office_head: Actor, paper: Briefing
) -> None:
    with pytest.raises(RecordMoved, match="尚未印发"):
        correct_paper(
            office_head, paper.pk, place="标题", printed="甲", right="乙", reason="笔误", at=WRITTEN
        )
    paper.status = "draft"
    paper.save()
    issued = issue(officer, office_head, paper)
    digest = issued.content_digest
    with pytest.raises(Invalid, match="都要填写"):
        correct_paper(office_head, paper.pk, place="标题", printed="甲", right="", reason="笔误", at=WRITTEN)
    correct_paper(office_head, paper.pk, place="第一段", printed="甲", right="乙", reason="笔误", at=WRITTEN)
    issued.refresh_from_db()
    assert issued.content_digest == digest == paper_from_dict(issued.content).digest
    assert [each.place for each in queries.errata(officer)] == ["第一段"]


def test_a_figure_whose_source_was_corrected_is_told_on_the_page(
    officer: Actor, office_head: Actor, month: MadeMonth, signed_in: Callable[[Actor], Client]
) -> None:
    blocks = [{"kind": "paragraph", "text": "本月培训【本月培训人次】。"}]
    issued = issue(officer, office_head, make_paper(officer, "briefing", month, blocks=blocks))
    assert queries.superseded_figures(issued) == []
    fact = Fact.objects.get(pk=issued.figures.get().records[0]["id"])
    Fact.objects.filter(pk=fact.pk).update(is_current=False)
    fields = {
        name: getattr(fact, name) for name in ("unit", "field", "month", "status", "origin_type", "origin_id")
    }
    later = Fact.objects.create(
        **fields, value=fact.value + 1, origin_label="更正", accepted_by_name="甲", accepted_at=WRITTEN
    )
    Fact.objects.filter(pk=fact.pk).update(superseded_by=later)
    told = queries.superseded_figures(issued)
    assert told
    page = signed_in(officer).get(reverse("briefings:briefing", args=[issued.pk])).content.decode()
    assert "本文印发时的数字不变" in page


def test_tables_carry_the_address_of_their_place_when_the_installation_has_one(
    officer: Actor, office_head: Actor, month: MadeMonth, settings: object
) -> None:
    settings.SITE_ADDRESS = "http://changai.example"  # type: ignore[attr-defined]
    issued = issue(officer, office_head, make_paper(officer, "briefing", month))
    tables = [block for block in paper_from_dict(issued.content).blocks if isinstance(block, Table)]
    page = reverse("briefings:briefing", args=[issued.pk])
    assert [table.address for table in tables] == [
        f"http://changai.example{page}#table-{place}" for place in range(1, len(tables) + 1)
    ]


def test_pages_of_circulating(
    paper: Briefing,
    officer: Actor,
    office_head: Actor,
    head: Actor,
    month: MadeMonth,
    signed_in: Callable[[Actor], Client],
) -> None:
    office, unit = signed_in(officer), signed_in(head)
    address = reverse("briefings:countersign", args=[paper.pk])
    assert unit.get(address).status_code == 404
    sent = office.post(reverse("briefings:circulate", args=[paper.pk]), {"units": [month.late.pk]})
    assert sent.status_code == 303
    assert "待会签" in office.get(reverse("briefings:briefing", args=[paper.pk])).content.decode()
    assert paper.title in unit.get(address).content.decode()
    assert unit.post(address, {"answer": "opinion", "words": ""}).status_code == 422
    assert unit.post(address, {"answer": "agreed"}).status_code == 303
    assert "同意" in unit.get(address).content.decode()
    approve_briefing(office_head, paper.pk, version=paper.version, at=WRITTEN)
    paper.refresh_from_db()
    from changai.areas.briefings.actions import freeze_briefing

    freeze_briefing(office_head, paper.pk, version=paper.version, at=WRITTEN)
    shown = reverse("briefings:briefing", args=[paper.pk])
    assert "签收" in unit.get(shown).content.decode()
    assert unit.post(reverse("briefings:receive", args=[paper.pk])).status_code == 303
    assert "本单位已签收" in unit.get(shown).content.decode()
    leader_of_office = signed_in(office_head)
    given = {"place": "第一段", "printed": "甲", "right": "乙", "reason": "笔误"}
    assert leader_of_office.post(reverse("briefings:correct", args=[paper.pk]), given).status_code == 303
    assert "“甲”应为“乙”" in unit.get(shown).content.decode()
    assert "笔误" in unit.get(reverse("briefings:errata")).content.decode()


def test_what_a_unit_has_to_countersign_and_to_sign_for_waits_for_it(
    paper: Briefing, officer: Actor, office_head: Actor, head: Actor, month: MadeMonth
) -> None:
    notice = issue(officer, office_head, make_paper(officer, "notice_yellow", month))
    assert list(queries.papers_to_receive(head)) == [notice]
    assert list(queries.papers_to_receive(actor_for(Role.UNIT_HEAD, month.early))) == []
    assert list(queries.papers_to_receive(officer)) == []
    receive_paper(head, notice.pk, at=WRITTEN)
    assert list(queries.papers_to_receive(head)) == []


def test_the_writers_learn_when_every_unit_has_answered(
    officer: Actor, head: Actor, month: MadeMonth
) -> None:
    draft = make_paper(officer, "supervision_circular", month)
    ask_countersigns(officer, draft.pk, unit_ids=(month.late.pk, month.early.pk), at=WRITTEN)
    answer_countersign(head, draft.pk, answer="agreed", at=WRITTEN)
    assert list(queries.answered_papers(officer)) == []
    answer_countersign(actor_for(Role.UNIT_HEAD, month.early), draft.pk, answer="agreed", at=WRITTEN)
    assert list(queries.answered_papers(officer)) == [draft]
    assert list(queries.answered_papers(head)) == []
