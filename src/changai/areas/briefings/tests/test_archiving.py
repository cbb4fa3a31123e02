"""Packages for the archive: everything of an issued paper, a year behind the page, the same bytes each time."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from changai.areas.accounts.tests.make import actor_for
from changai.areas.briefings import exports, jobs, queries
from changai.areas.briefings.actions import (
    annul_paper,
    answer_countersign,
    archive_folder,
    ask_archive,
    ask_countersigns,
    correct_paper,
    press_receipts,
    ready_archive,
    receive_paper,
    sweep_archives,
)
from changai.areas.briefings.models import ArchiveOrder, Briefing
from changai.areas.briefings.tests.make import WRITTEN, MadeMonth
from changai.areas.briefings.tests.test_kinds import issue, make_paper
from changai.areas.evidence.storage import Damaged
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved
from changai.documents.packages import check
from changai.foundation.actors import Actor, Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prints")]
SignIn = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: LazySettings) -> Path:
    settings.DATA_FOLDER = tmp_path
    return tmp_path / "exports"


@pytest.fixture
def circular(officer: Actor, office_head: Actor, month: MadeMonth) -> Briefing:
    """An issued circular with an opinion, a receipt and a correction."""
    head = actor_for(Role.UNIT_HEAD, month.late)
    draft = make_paper(officer, "supervision_circular", month)
    ask_countersigns(officer, draft.pk, unit_ids=(month.late.pk,), at=WRITTEN)
    answer_countersign(head, draft.pk, answer="agreed", at=WRITTEN)
    actor_for(Role.UNIT_LIAISON, month.early)  # somebody who is to sign and does not
    issued = issue(officer, office_head, draft)
    receive_paper(head, issued.pk, at=WRITTEN + timedelta(hours=3))
    correct_paper(office_head, issued.pk, place="第一段", printed="甲", right="乙", reason="笔误", at=WRITTEN)
    return issued


def test_a_package_holds_everything_and_is_the_same_each_time(circular: Briefing, officer: Actor) -> None:
    paper = queries.paper_to_archive(officer, circular.pk)
    package = exports.paper_package(paper)
    assert package == exports.paper_package(queries.paper_to_archive(officer, circular.pk))
    assert check(io.BytesIO(package)).faults == ()
    with zipfile.ZipFile(io.BytesIO(package)) as packed:
        process = json.loads(packed.read("data/办理过程.json"))
        figures = json.loads(packed.read("data/数据.json"))
        content = json.loads(packed.read("data/内容.json"))
        pdf = packed.read("data/公文.pdf")
        book = openpyxl.load_workbook(io.BytesIO(packed.read("data/数据和来源.xlsx")))
    assert content == circular.content
    assert process["content_digest"] == circular.content_digest
    assert [each["outcome"] for each in process["submittals"]] == ["approved"]
    assert [each["answer"] for each in process["countersigns"]] == ["agreed"]
    assert [each["unit"] for each in process["receipts"]] == ["晚县"]
    assert [each["right"] for each in process["errata"]] == ["乙"]
    assert process["annulment"] is None
    assert len(figures) == circular.figures.count() > 0
    assert [sheet.title for sheet in book] == ["数据", "来源记录"]
    assert exports.page_count(pdf) == len(PdfReader(io.BytesIO(pdf)).pages)


@pytest.fixture
def order(
    circular: Briefing, officer: Actor, office_head: Actor, month: MadeMonth, monkeypatch: pytest.MonkeyPatch
) -> ArchiveOrder:
    """An order of two papers, one repealed, packed one at a run; nothing is packed yet."""
    notice = issue(officer, office_head, make_paper(officer, "notice_blue", month))
    annul_paper(office_head, notice.pk, kind="repealed", reason="另有规定", at=WRITTEN)
    monkeypatch.setattr(exports, "PACKED_A_RUN", 1)
    return ask_archive(officer, year=2026, at=WRITTEN)


def test_a_year_is_packed_behind_the_page_and_goes_on_where_it_stopped(
    circular: Briefing, order: ArchiveOrder, officer: Actor, office_head: Actor
) -> None:
    with pytest.raises(RecordMoved, match="正在制作"):
        ask_archive(office_head, year=2026, at=WRITTEN)
    jobs.make_packages(WRITTEN)
    order.refresh_from_db()
    assert (order.papers, order.written, order.done_at) == (2, 1, None)
    with pytest.raises(RecordMoved):
        ready_archive(order)
    first = archive_folder(order) / f"{circular.pk}.zip"
    packed_at = first.stat().st_mtime_ns
    jobs.make_packages(WRITTEN)
    assert first.stat().st_mtime_ns == packed_at
    order.refresh_from_db()
    checked = check(io.BytesIO(ready_archive(order).read_bytes()))
    assert (checked.faults, checked.digest) == ((), order.digest)
    again = ask_archive(officer, year=2026, at=WRITTEN + timedelta(days=1))
    jobs.make_packages(WRITTEN)
    jobs.make_packages(WRITTEN)
    again.refresh_from_db()
    assert again.digest == order.digest


def test_the_package_of_a_year_has_a_folder_a_paper_and_the_archivists_list(
    circular: Briefing, order: ArchiveOrder
) -> None:
    jobs.make_packages(WRITTEN)
    jobs.make_packages(WRITTEN)
    order.refresh_from_db()
    with zipfile.ZipFile(ready_archive(order)) as packed:
        folders = sorted({name.split("/")[1] for name in packed.namelist() if name.count("/") == 2})
        index = openpyxl.load_workbook(io.BytesIO(packed.read("data/归档目录.xlsx"))).worksheets[0]
    assert [name[:5] for name in folders] == ["0001 ", "0002 "]
    assert folders[0] == f"0001 {exports.package_name(circular)}"
    cells = [str(cell.value) for row in index.iter_rows() for cell in row if cell.value is not None]
    columns = ["序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注"]
    assert [cell for cell in cells if cell in columns] == columns
    assert "更正1处" in cells
    assert any(cell.endswith("废止") for cell in cells)


def test_packages_are_the_offices_and_of_issued_papers(
    circular: Briefing, officer: Actor, liaison: Actor, month: MadeMonth, signed_in: SignIn
) -> None:
    leader = actor_for(Role.LEADER, None)
    for actor in (leader, liaison, actor_for(Role.UNIT_HEAD, month.late)):
        with pytest.raises(NotAllowed):
            ask_archive(actor, year=2026, at=WRITTEN)
        with pytest.raises(NotVisible):
            queries.paper_to_archive(actor, circular.pk)
        assert signed_in(actor).get(reverse("briefings:package", args=[circular.pk])).status_code == 403
        assert not queries.archive_orders(actor)
    for given in ({"year": 2019}, {"year": 2026, "series": "none"}):
        with pytest.raises(Invalid):
            ask_archive(officer, at=WRITTEN, **given)
    draft = make_paper(officer, "supervision_circular", month)
    client = signed_in(officer)
    assert client.get(reverse("briefings:package", args=[draft.pk])).status_code == 404
    assert client.get(reverse("briefings:package", args=[circular.pk])).status_code == 200
    assert client.post(reverse("briefings:archive_order"), {"year": "1999"}).status_code == 422
    sent = {"year": "2026", "series": "circular"}
    assert client.post(reverse("briefings:archive_order"), sent).status_code == 303
    page = reverse("briefings:archives")
    assert "刷新本页看进度" in client.get(page).content.decode()
    jobs.make_packages(WRITTEN)
    order = ArchiveOrder.objects.get()
    address = reverse("briefings:archive_download", args=[order.pk])
    assert address in client.get(page).content.decode()
    assert check(io.BytesIO(b"".join(client.get(address)))).digest == order.digest


def test_old_packages_are_cleared_away(circular: Briefing, officer: Actor, folder: Path) -> None:
    order = ask_archive(officer, year=2026, at=WRITTEN)
    jobs.make_packages(WRITTEN)
    order.refresh_from_db()
    (folder / "archive-99.5.part").write_bytes(b"half")
    assert sweep_archives(at=WRITTEN - timedelta(days=900)) == 2  # the folder of pieces, and the half
    assert ready_archive(order)
    assert sweep_archives(at=WRITTEN + timedelta(days=90_000)) == 1
    with pytest.raises(RecordMoved, match="重新制作"):
        ready_archive(order)


def process_in(place: Path, folder: str) -> dict[str, object]:
    """Return the course of the paper whose folder begins so, as the package of a year has it."""
    with zipfile.ZipFile(place) as packed:
        (name,) = [
            name for name in packed.namelist() if name.endswith("办理过程.json") and f"/{folder}" in name
        ]
        course: dict[str, object] = json.loads(packed.read(name))
        return course


def test_what_is_entered_while_a_year_is_packed_stands_in_the_course_and_in_the_list(
    circular: Briefing, order: ArchiveOrder, officer: Actor, office_head: Actor
) -> None:
    jobs.make_packages(WRITTEN)
    late = WRITTEN + timedelta(days=1)
    correct_paper(office_head, circular.pk, place="第二段", printed="丙", right="丁", reason="笔误", at=late)
    press_receipts(officer, circular.pk, at=late)
    annul_paper(office_head, circular.pk, kind="revoked", reason="另有规定", at=late)
    (archive_folder(order) / f"{circular.pk}.zip").with_suffix(".1").write_bytes(b"half")
    while not ArchiveOrder.objects.filter(pk=order.pk, done_at__isnull=False).exists():
        jobs.make_packages(late)
    place = ready_archive(ArchiveOrder.objects.get(pk=order.pk))
    course = process_in(place, "0001 ")
    assert [each["right"] for each in course["errata"]] == ["乙", "丁"]  # type: ignore[attr-defined,index]
    assert course["annulment"]["kind"] == "revoked"  # type: ignore[index]
    pressed = {each["pressed_by_name"] for each in course["distributions"]}  # type: ignore[attr-defined,index]
    assert officer.name in pressed
    with zipfile.ZipFile(place) as packed:
        index = openpyxl.load_workbook(io.BytesIO(packed.read("data/归档目录.xlsx"))).worksheets[0]
    assert any(str(cell.value) == "20261113撤销；更正2处" for row in index.iter_rows() for cell in row)


def test_half_a_packed_paper_is_packed_anew(circular: Briefing, order: ArchiveOrder) -> None:
    jobs.make_packages(WRITTEN)
    (archive_folder(order) / f"{circular.pk}.zip").write_bytes(b"PK half")
    jobs.make_packages(WRITTEN)
    jobs.make_packages(WRITTEN)
    order.refresh_from_db()
    assert check(io.BytesIO(ready_archive(order).read_bytes())).faults == ()


def test_a_paper_that_cannot_be_packed_refuses_its_own_order_alone(
    circular: Briefing, officer: Actor, month: MadeMonth, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = exports.paper_package

    def damaged(paper: Briefing) -> bytes:
        if paper.pk == circular.pk:
            raise Damaged("文件与登记的数字摘要不符。")
        return whole(paper)

    head = actor_for(Role.OFFICE_HEAD, None)
    issue(officer, head, make_paper(officer, "notice_blue", month))
    monkeypatch.setattr(exports, "paper_package", damaged)
    stopped = ask_archive(officer, year=2026, series="circular", at=WRITTEN)
    other = ask_archive(officer, year=2026, series="notice", at=WRITTEN)
    jobs.make_packages(WRITTEN)
    stopped.refresh_from_db()
    other.refresh_from_db()
    assert stopped.done_at is not None
    assert stopped.refusal.startswith(f"{circular.number_text}《{circular.title}》不能归档：")
    assert "重新制作" in stopped.refusal
    assert other.digest
    assert ask_archive(officer, year=2026, series="circular", at=WRITTEN)
