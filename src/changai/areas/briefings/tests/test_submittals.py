"""Every text handed to the head is kept; any two are compared, head, kinds and words."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.briefings.actions import (
    approve_briefing,
    cancel_briefing,
    restore_briefing,
    return_briefing,
    submit_briefing,
    take_back_briefing,
    write_briefing,
)
from changai.areas.briefings.models import Briefing, Submittal
from changai.areas.briefings.queries import process_of
from changai.areas.briefings.rules import APPROVED, DRAFT, MOVES, edits, head_edits
from changai.areas.briefings.tests.make import WRITTEN, MadeMonth, make_draft
from changai.areas.briefings.tests.test_kinds import make_paper
from changai.areas.briefings.views.frame import fallen_steps, frame
from changai.core.errors import RecordMoved
from changai.foundation.actors import Actor

SignIn = Callable[[Actor], Client]
PLAIN = [{"kind": "paragraph", "text": "第一稿的话。"}]


def rewrite(actor: Actor, paper: Briefing, blocks: list[dict[str, str]], **imprint: object) -> Briefing:
    paper.refresh_from_db()
    given_ = {"imprint": imprint, "version": paper.version, "at": WRITTEN}
    return write_briefing(actor, paper.pk, title=paper.title, blocks=blocks, **given_)


@pytest.mark.django_db
@pytest.mark.usefixtures("month")
def test_every_text_is_kept_with_what_became_of_it_and_why(officer: Actor, office_head: Actor) -> None:
    paper = make_draft(officer, blocks=PLAIN)
    for number in range(1, 4):
        paper = rewrite(officer, paper, [{"kind": "paragraph", "text": f"第{number}稿的话。"}])
        paper = submit_briefing(officer, paper.pk, version=paper.version, at=WRITTEN)
        reason = f"再改第{number}处"
        paper = return_briefing(office_head, paper.pk, reason=reason, version=paper.version, at=WRITTEN)
    paper = submit_briefing(officer, paper.pk, version=paper.version, at=WRITTEN)
    paper = take_back_briefing(officer, paper.pk, version=paper.version, at=WRITTEN)
    paper = submit_briefing(officer, paper.pk, version=paper.version, at=WRITTEN)
    paper = approve_briefing(office_head, paper.pk, version=paper.version, at=WRITTEN)
    kept = list(paper.submittals.values_list("number", "outcome", "reason"))
    assert kept == [
        (1, "returned", "再改第1处"),
        (2, "returned", "再改第2处"),
        (3, "returned", "再改第3处"),
        (4, "taken_back", ""),
        (5, "approved", ""),
    ]
    first, *_rest, last = paper.submittals.all()
    assert first.draft == [{"kind": "paragraph", "text": "第1稿的话。"}]
    assert (first.head["title"], first.head["report_to"]) == (paper.title, "市委，市政府")
    assert first.digest != last.digest
    cancel_briefing(office_head, paper.pk, reason="不发了", version=paper.version, at=WRITTEN)
    last = paper.submittals.get(number=5)
    assert last.outcome == "cancelled"
    assert [(each["outcome"], each["by"]) for each in last.earlier] == [("approved", office_head.name)]


@pytest.mark.django_db
@pytest.mark.usefixtures("month")
def test_an_approval_that_fell_stays_in_the_record(
    officer: Actor, office_head: Actor, liaison: Actor, signed_in: SignIn
) -> None:
    paper = make_draft(officer, blocks=PLAIN)
    paper = submit_briefing(officer, paper.pk, version=paper.version, at=WRITTEN)
    first, second = WRITTEN + timedelta(hours=1), WRITTEN + timedelta(hours=2)
    paper = approve_briefing(office_head, paper.pk, version=paper.version, at=first)
    paper = return_briefing(office_head, paper.pk, reason="再改一处", version=paper.version, at=second)
    paper = submit_briefing(officer, paper.pk, version=paper.version, at=second)
    paper = approve_briefing(office_head, paper.pk, version=paper.version, at=second)
    paper = cancel_briefing(office_head, paper.pk, reason="缓发", version=paper.version, at=second)
    paper = restore_briefing(officer, paper.pk, version=paper.version, at=second)
    assert paper.approved_at is None
    told = [(step.state, step.at, step.sentence) for step in fallen_steps(paper)]
    assert told == [
        ("done", WRITTEN, ""),
        ("done", first, ""),
        ("returned", second, "再改一处"),
        ("done", second, ""),
        ("done", second, ""),
        ("returned", second, "缓发"),
    ]
    client = signed_in(officer)
    assert client.get(reverse("briefings:changes", args=[paper.pk])).content.decode().count("审批同意") == 2
    assert client.get(reverse("briefings:briefing", args=[paper.pk])).content.decode().count("审批同意") == 2
    outcomes = [[each["outcome"] for each in row["earlier"]] for row in process_of(paper)["submittals"]]
    assert outcomes == [["approved"], ["approved"]]
    paper = submit_briefing(officer, paper.pk, version=paper.version, at=second)
    assert len(fallen_steps(paper)) == 6  # what stands is told with the steps to come
    for actor, steps in ((officer, 10), (liaison, 4)):
        assert len(frame(actor, paper)["nodes"]) == steps


@pytest.mark.django_db
def test_the_page_of_changes_shows_head_kind_and_words_and_compares_any_two(
    officer: Actor, office_head: Actor, liaison: Actor, month: MadeMonth, signed_in: SignIn
) -> None:
    paper = make_paper(officer, "supervision_circular", month)
    paper = rewrite(officer, paper, [*PLAIN, {"kind": "paragraph", "text": "不动的话。"}], copy_to="甲局")
    paper = submit_briefing(officer, paper.pk, version=paper.version, at=WRITTEN)
    address = reverse("briefings:changes", args=[paper.pk])
    client = signed_in(officer)
    assert "只报批过一次" in client.get(address).content.decode()
    paper = return_briefing(office_head, paper.pk, reason="抄送乙局", version=paper.version, at=WRITTEN)
    paper = rewrite(
        officer,
        paper,
        [
            {"kind": "heading1", "text": "第一稿的话。"},
            {"kind": "paragraph", "text": "不动的话。"},
            {"kind": "paragraph", "text": "新的话。"},
        ],
        copy_to="甲局，乙局",
    )
    page = client.get(address).content.decode()  # the text now against the one returned
    assert "抄送乙局" in page
    assert "第 1 段，正文改为一级标题" in page
    assert "第 3 段，增加正文" in page
    assert "<ins>，乙局</ins>" in page
    assert "改动 3 处" in page
    paper = submit_briefing(officer, paper.pk, version=paper.version, at=WRITTEN)
    review = client.get(reverse("briefings:briefing", args=[paper.pk])).content.decode()
    assert "与上次报批相比，改动 3 处" in review
    assert "两稿没有不同" in client.get(address, {"before": 2, "after": 2}).content.decode()
    assert client.get(address, {"before": "x", "after": "99"}).status_code == 200
    assert signed_in(liaison).get(address).status_code == 403


def test_nothing_is_written_on_after_approval_without_another_approval() -> None:
    """Source: 条例: a substantive change after signature goes back to the signer."""
    assert {status for status, move in MOVES if move == "write"} == {DRAFT}
    assert {status for status, move in MOVES if move == "issue"} == {APPROVED}
    assert {move for (_, move), (after, _) in MOVES.items() if after == APPROVED} == {"approve"}


@pytest.mark.django_db
@pytest.mark.usefixtures("month")
def test_an_approved_text_is_not_written_on(officer: Actor, office_head: Actor) -> None:
    paper = make_draft(officer, blocks=PLAIN)
    paper = submit_briefing(officer, paper.pk, version=paper.version, at=WRITTEN)
    approve_briefing(office_head, paper.pk, version=paper.version, at=WRITTEN)
    with pytest.raises(RecordMoved):
        rewrite(officer, paper, [{"kind": "paragraph", "text": "悄悄改一句。"}])


TEXTS = st.sampled_from(["", "甲", "甲，乙"])
HEADS = st.fixed_dictionaries({"title": TEXTS}, optional={"copy_to": TEXTS, "urgency": TEXTS})


@given(HEADS, HEADS)
def test_edits_of_the_head_lead_from_one_to_the_other(before: dict[str, str], now: dict[str, str]) -> None:
    found = {edit.field: edit for edit in head_edits(before, now)}
    for name in before.keys() | now.keys():
        assert (name in found) == (before.get(name, "") != now.get(name, ""))
    for name, edit in found.items():
        assert "".join(text for mark, text in edit.pieces if mark != "removed") == now.get(name, "")
        assert "".join(text for mark, text in edit.pieces if mark != "added") == before.get(name, "")


def test_a_rewritten_block_is_found_beside_a_new_one() -> None:
    before = [{"kind": "paragraph", "text": "各县区要抓紧推进培训。"}]
    now = [
        {"kind": "paragraph", "text": "全新的一段，谈别的事。"},
        {"kind": "table", "source": "t", "when": "present:迟报单位数"},
        {"kind": "paragraph", "text": "各县区要加快推进培训。"},
    ]
    added, drawn, changed = edits(before, now, {"t": "报送情况表"})
    assert (added.number, added.kinds) == (1, ("", "paragraph"))
    assert drawn.pieces == (("added", "报送情况表〔有迟报单位数时〕"),)
    assert (changed.number, changed.kinds) == (3, ("paragraph", "paragraph"))
    (set_otherwise,) = edits(
        [{"kind": "table", "source": "t"}], [{"kind": "table", "source": "t", "wide": "yes"}]
    )
    assert set_otherwise.is_only_set_otherwise


@pytest.mark.django_db
@pytest.mark.usefixtures("month")
def test_the_last_two_drafts_of_old_papers_are_taken_over_with_moments_from_the_log(
    officer: Actor, office_head: Actor
) -> None:
    paper = make_draft(officer, blocks=PLAIN)
    for _round in range(2):
        paper = submit_briefing(officer, paper.pk, version=paper.version, at=WRITTEN)
        paper = return_briefing(office_head, paper.pk, reason="再改", version=paper.version, at=WRITTEN)
    migration = import_module("changai.areas.briefings.migrations.0009_submittals")
    courses = migration._courses(apps, paper)
    assert [(each["submitted_by_name"], each["outcome"]) for each in courses] == [
        (officer.name, "returned")
    ] * 2
    kept = Submittal.objects.filter(briefing=paper)
    assert [each["settled_at"] for each in courses] == list(kept.values_list("settled_at", flat=True))
    assert migration._digest(kept[0].head, kept[0].draft) == kept[0].digest
