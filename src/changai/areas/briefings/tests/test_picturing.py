"""Pictures and lists in papers: taken in clean, described, shown on the page, frozen with the paper."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from changai.areas.briefings.actions import approve_briefing, freeze_briefing, issue_briefing, submit_briefing
from changai.areas.briefings.jobs import draw_missing_files
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.queries import catalogue_for, faults_of, sketch
from changai.areas.briefings.rules import cleaned_blocks, order_blocks, pasted_blocks
from changai.areas.briefings.rules.pasting import list_items
from changai.areas.briefings.rules.picturing import PictureSource, picture_source
from changai.areas.briefings.tests.make import OCTOBER, WRITTEN, MadeMonth, make_catalogue, make_draft
from changai.areas.briefings.tests.test_kinds import issue, make_paper
from changai.areas.briefings.tests.test_views import address, page_of, sent
from changai.areas.evidence import storage
from changai.areas.evidence.models import EvidenceFile
from changai.documents.checking import check_document
from changai.documents.docx import render_docx
from changai.documents.paper import Document, Listing, Picture, paper_from_dict
from changai.foundation.actors import Actor
from changai.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]
TEXT = {"kind": "paragraph", "text": "现场情况如下。"}
EMPTY = {"kind": "picture", "text": "", "source": ""}


def photograph(kind: str = "JPEG") -> bytes:
    """Return a small photograph that says where it was taken."""
    written = io.BytesIO()
    picture = Image.new("RGB", (320, 200), "#b5555a")
    exif = picture.getexif()
    exif[0x010F] = "某牌相机"
    picture.save(written, kind, exif=exif)
    return written.getvalue()


@pytest.fixture
def office(officer: Actor, signed_in: SignIn) -> Client:
    return signed_in(officer)


def with_picture(client: Client, draft: Briefing, said: str = "驿站内的休息区") -> PictureSource:
    """Upload a photograph into the second block and return what the draft names it by."""
    file = SimpleUploadedFile("驿站 照片.jpg", photograph(), "image/jpeg")
    blocks = [TEXT, EMPTY | {"text": said}]
    more = {"caption": ["", "图1　驿站"], "picture-2": file}
    answer = client.post(address("compose", draft.pk), sent(draft, blocks) | more)
    assert answer.status_code == 303, answer.content.decode()
    draft.refresh_from_db()
    found = picture_source(draft.draft[1]["source"])
    assert found is not None
    return found


def test_an_uploaded_picture_is_cleaned_kept_described_and_frozen(
    officer: Actor, office_head: Actor, office: Client, signed_in: SignIn, liaison: Actor, month: MadeMonth
) -> None:
    draft = make_draft(officer, blocks=[TEXT, EMPTY])
    picture = with_picture(office, draft)
    assert (picture.width, picture.height) == (320, 200)
    assert draft.draft[1]["caption"] == "图1　驿站"
    kept = EvidenceFile.objects.get(digest=picture.digest)
    assert (kept.name, kept.kind) == ("驿站 照片.jpeg", "jpeg")
    shown = office.get(address("picture", draft.pk, picture.digest))
    assert shown["Content-Type"] == "image/jpeg"
    assert not Image.open(io.BytesIO(shown.content)).getexif()
    assert f'src="{address("picture", draft.pk, picture.digest)}"' in page_of(
        office, address("compose", draft.pk)
    )
    outsider = signed_in(liaison)
    assert outsider.get(address("picture", draft.pk, picture.digest)).status_code == 404
    issued = issue(officer, office_head, draft)
    (frozen,) = [block for block in paper_from_dict(issued.content).blocks if isinstance(block, Picture)]
    assert (frozen.digest, frozen.alt, frozen.caption) == (picture.digest, "驿站内的休息区", "图1　驿站")
    assert 'alt="驿站内的休息区"' in page_of(outsider, address("briefing", issued.pk))
    assert outsider.get(address("picture", draft.pk, picture.digest)).content == shown.content
    assert outsider.get(address("picture", draft.pk, "0" * 64)).status_code == 404


def test_a_picture_is_as_wide_as_was_chosen(
    officer: Actor, office_head: Actor, office: Client, month: MadeMonth
) -> None:
    draft = make_draft(officer, blocks=[TEXT, EMPTY])
    with_picture(office, draft)
    for chosen, share in (("75", 0.75), ("50", 0.5), ("", 1.0), ("999", 1.0)):
        posted = sent(draft, caption=["", "驿站"], width=["", chosen])
        assert office.post(address("compose", draft.pk), posted).status_code == 303
        draft.refresh_from_db()
        assert draft.draft[1].get("width", "") == (chosen if share < 1 else "")
        composed = sketch(draft, make_catalogue(officer), issued_on=WRITTEN.date()).paper
        assert [block.share for block in composed.blocks if isinstance(block, Picture)] == [share]
    assert "正文宽的一半" in page_of(office, address("compose", draft.pk))


def test_the_files_of_an_issued_paper_hold_the_picture(
    officer: Actor, office_head: Actor, office: Client, month: MadeMonth
) -> None:
    draft = make_draft(officer, blocks=[TEXT, EMPTY])
    with_picture(office, draft)
    preview = office.get(address("preview", draft.pk))
    assert preview.status_code == 200
    submitted = submit_briefing(officer, draft.pk, version=draft.version, at=WRITTEN)
    approved = approve_briefing(office_head, draft.pk, version=submitted.version, at=WRITTEN)
    issue_briefing(office_head, draft.pk, version=approved.version, at=timezone.now())
    pages = PdfReader(io.BytesIO(office.get(address("issued", draft.pk, "pdf")).content)).pages
    assert sum(len(page.images) for page in pages) == 1
    told = check_document(office.get(address("issued", draft.pk, "docx")).content, name="简报.docx")
    assert not [each.sentence() for each in told if "替代文字" in each.sentence()]


def test_no_number_is_taken_for_a_paper_whose_picture_is_lost(
    officer: Actor, office_head: Actor, office: Client, signed_in: SignIn, month: MadeMonth, prints: None
) -> None:
    draft = make_draft(officer, blocks=[TEXT, EMPTY])
    picture = with_picture(office, draft)
    submitted = submit_briefing(officer, draft.pk, version=draft.version, at=WRITTEN)
    approved = approve_briefing(office_head, draft.pk, version=submitted.version, at=WRITTEN)
    kept = storage.open_digest(picture.digest)
    storage._place(picture.digest).unlink()
    answer = signed_in(office_head).post(address("issue", draft.pk), {"version": approved.version})
    assert answer.status_code == 503
    draft.refresh_from_db()
    assert (draft.status, draft.issue_number, draft.distributions.count()) == ("approved", None, 0)
    storage.keep(kept)
    frozen = freeze_briefing(office_head, draft.pk, version=approved.version, at=WRITTEN)
    storage._place(
        picture.digest
    ).unlink()  # lost while it is being issued: the job ties the files once it is back
    assert "未能生成" in draw_missing_files(timezone.now() + timedelta(days=60))
    storage.keep(kept)
    draw_missing_files(timezone.now() + timedelta(days=60))
    frozen.refresh_from_db()
    assert frozen.pdf_file is not None


def test_what_is_no_picture_is_refused_and_kept_for_the_office(
    officer: Actor, office: Client, month: MadeMonth
) -> None:
    draft = make_draft(officer, blocks=[TEXT, EMPTY])
    file = SimpleUploadedFile("照片.png", b"GIF89a" + b"\0" * 40, "image/png")
    answer = office.post(address("compose", draft.pk), sent(draft, [TEXT, EMPTY], **{"picture-2": file}))
    assert answer.status_code == 422
    assert "GIF" in answer.content.decode()
    assert "现场情况如下。" in answer.content.decode()
    assert AuditEvent.objects.filter(act="import.rejected").count() == 1
    assert not EvidenceFile.objects.exists()


def test_a_picture_needs_a_file_taken_in_here_and_words(
    officer: Actor, office: Client, month: MadeMonth
) -> None:
    draft = make_draft(officer, blocks=[TEXT, EMPTY])
    catalogue = catalogue_for(officer, OCTOBER, round_=None, as_of=WRITTEN)
    assert faults_of(draft, catalogue) == ["第 2 段：请选择图片文件（PNG 或 JPEG）上传。"]
    picture = with_picture(office, draft, said="")
    assert faults_of(draft, catalogue) == ["第 2 段：请写明图片内容，供看不到图片的人阅读。"]
    forged = picture._replace(digest="f" * 64).written
    draft.draft[1] |= {"source": forged, "text": "别处的文件"}
    assert faults_of(draft, catalogue) == ["第 2 段：请选择图片文件（PNG 或 JPEG）上传。"]
    assert cleaned_blocks([{"kind": "picture", "source": "../../etc", "text": "甲\n乙"}]) == [
        {"kind": "picture", "source": "", "text": "甲 乙"}
    ]


def test_a_list_is_numbered_on_paper_and_keeps_its_figures(officer: Actor, month: MadeMonth) -> None:
    written = "1.应报【应报单位数】个。\n（1）按时报送的；\n（2）迟报的。\n其他"
    assert list_items("其他\n（1）甲\n1.乙") == [(1, "其他"), (2, "甲"), (1, "乙")]
    blocks = [TEXT, {"kind": "list", "text": written}]
    circular = make_paper(officer, "supervision_circular", month, blocks=blocks)
    catalogue = catalogue_for(officer, OCTOBER, round_=None, as_of=WRITTEN)
    assert faults_of(circular, catalogue) == []
    composed = sketch(circular, catalogue, issued_on=WRITTEN.date())
    assert isinstance(composed.paper, Document)
    (listing,) = [block for block in composed.paper.blocks if isinstance(block, Listing)]
    assert [label for label, _item in listing.labelled] == ["1.", "（1）", "（2）", "2."]
    assert "rates.owed" in composed.produced
    told = check_document(render_docx(composed.paper), name="通报.docx")
    assert [each.sentence() for each in told if each.is_binding] == []


def test_pasted_points_become_one_list_and_a_list_is_not_split() -> None:
    assert pasted_blocks("要求如下：\n1.制定方案，明确时限；\n2.落实到人。\n以上。")[1] == {
        "kind": "list",
        "text": "1.制定方案，明确时限；\n2.落实到人。",
    }
    blocks = [{"kind": "list", "text": "甲\n乙"}]
    assert order_blocks(blocks, "split:1")[0] == blocks
