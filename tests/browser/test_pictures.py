"""Ten main pages as people see them; what is under docs/pictures/ comes from here.

With CHANGAI_PICTURES=1 the pictures are written to docs/pictures/, else to the test's own folder, so that a run of
the tests leaves the tree as it is.
"""

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect
from pypdf import PdfReader

from changai.cli.demonstration.papers import as_docx, paper_text
from changai.core.periods import Month
from tests.browser.conftest import PHONE, Person
from tests.browser.installation import ROOT

pytestmark = pytest.mark.browser

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

TYPED = (
    "92",
    "已组织宣讲28场，覆盖职工6400人次，宣讲稿已报办公室备案。",
    "部分企业倒班生产，集中参加宣讲的时间难统筹",
    "12月上旬进工地宣讲2场，全部完成",
    "94",
    "新开展叉车、焊工两个工种竞赛，累计覆盖58个。",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return ROOT / "docs" / "pictures" if os.environ.get("CHANGAI_PICTURES") == "1" else tmp_path


def take(page: Page, file: Path) -> None:
    """Take a picture of the window once everything has been drawn; it has to show something."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(600)  # charts draw themselves in
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, animations="disabled")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "wider than the window"
    assert file.stat().st_size > 20_000


def menu(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name=name, exact=True).click()


def show_home(page: Page) -> None:
    menu(page, "待办")
    expect(page.get_by_role("heading", name="要办的事")).to_be_visible()


def show_plan(page: Page) -> None:
    menu(page, "方案要点")
    page.get_by_role("link", name="录入方案").first.click()
    month = Month.of(timezone.localdate())
    content = as_docx(paper_text("work_points", month))
    page.get_by_label("方案文件").set_input_files(
        FilePayload(name="工作要点.docx", mimeType=WORD, buffer=content)
    )
    page.get_by_label("类别").select_option("年度工作要点")
    page.get_by_label("年度").fill(str(month.year))
    page.get_by_label("起始日期").fill(month.first_on.isoformat())
    page.get_by_label("完成时限").fill(month.plus(14).last_on.isoformat())
    page.get_by_role("button", name="上传并拆解").click()
    page.get_by_role("navigation", name="条目目录").get_by_role("link", name="职工宣讲").click()
    expect(page.get_by_role("button", name="并入上一条")).to_be_visible()


def show_coverage(page: Page) -> None:
    menu(page, "方案要点")
    page.get_by_role("row", name="工作要点").get_by_role("link", name="起）").last.click()
    page.get_by_role("link", name="认领情况").click()
    expect(page.get_by_role("link", name="增派单位").first).to_be_visible()


def show_sheet(page: Page) -> None:
    menu(page, "月报")
    page.get_by_role("row").nth(1).get_by_role("link").first.click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("月报")
    if page.get_by_role("link", name="填报", exact=True).count():
        page.get_by_role("link", name="填报", exact=True).click()
    expect(page.get_by_role("heading", name="任务进展")).to_be_visible()
    cells = page.get_by_role("table").first.get_by_role("textbox").all()
    for cell, typed in zip(cells, TYPED, strict=False):
        cell.fill(typed)
    if cells:
        expect(page.get_by_role("status").filter(has_text="已保存")).to_be_visible()


def show_review(page: Page) -> None:
    menu(page, "待办")
    page.get_by_role("table").get_by_role("link", name="审核").first.click()
    noted = page.get_by_role("form", name="待审核").get_by_role("link", name="有提示")
    if noted.count():
        noted.last.click()
    expect(page.get_by_role("button", name="采用", exact=True)).to_be_visible()


def show_board(page: Page) -> None:
    menu(page, "月报")
    page.get_by_role("link", name="报送情况").first.click()
    page.get_by_role("link", name="上一月").click()
    expect(page.get_by_role("link", name="已报")).to_be_visible()


def show_score(page: Page) -> None:
    menu(page, "考核")
    page.get_by_role("main").get_by_role("table").get_by_role("link", name="示东区").first.click()
    expect(page.get_by_role("heading", name="失分情况")).to_be_visible()


def show_briefing(page: Page) -> None:
    menu(page, "简报公文")
    page.get_by_role("table").get_by_role("link", name="产业工人队伍建设改革工作情况").first.click()
    expect(page.get_by_role("article")).to_contain_text("总体情况")


def show_figure(page: Page) -> None:
    show_briefing(page)
    page.get_by_role("article").get_by_role("link", name="人次").first.click()
    expect(page.get_by_role("heading", name="来源记录")).to_be_visible()


def show_state(page: Page) -> None:
    expect(page.get_by_role("heading", level=1, name="全市总览")).to_be_visible()
    expect(page.locator(".chart-canvas svg").first).to_be_visible()


class Picture(NamedTuple):
    """A page, who looks at it, and how that person comes there."""

    name: str
    login: str
    show: Callable[[Page], None]


PICTURES = (
    Picture("home", "office", show_home),
    Picture("plan", "office", show_plan),
    Picture("coverage", "office", show_coverage),
    Picture("sheet", "c06-liaison", show_sheet),
    Picture("review", "office", show_review),
    Picture("board", "office", show_board),
    Picture("score", "c01-liaison", show_score),
    Picture("briefing", "leader", show_briefing),
    Picture("figure", "leader", show_figure),
    Picture("state", "leader", show_state),
)
ON_A_PHONE = tuple(picture for picture in PICTURES if picture.name in {"home", "sheet", "briefing"})


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_main_page_on_a_laptop(picture: Picture, person: Person, folder: Path):
    page = person(picture.login)
    picture.show(page)
    take(page, folder / f"{picture.name}.png")


@pytest.mark.parametrize("picture", ON_A_PHONE, ids=lambda picture: picture.name)
def test_a_main_page_on_a_phone(picture: Picture, person: Person, tmp_path: Path):
    page = person(picture.login)
    picture.show(page)
    page.set_viewport_size(PHONE)
    take(page, tmp_path / f"{picture.name}.png")


@pytest.mark.parametrize("picture", [PICTURES[3], PICTURES[6]], ids=lambda picture: picture.name)
def test_a_page_of_paper(picture: Picture, person: Person, tmp_path: Path):
    page = person(picture.login)
    picture.show(page)
    page.emulate_media(media="print")
    heads = [
        "".join(head.split())
        for head in page.get_by_role("table").first.get_by_role("columnheader").all_inner_texts()
    ]
    file = tmp_path / f"{picture.name}.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    first = PdfReader(file).pages[0]
    assert {round(float(first.mediabox.width)), round(float(first.mediabox.height))} == {595, 842}
    # A PDF names 示 by its radical, and breaks lines anywhere.
    text = "".join(unicodedata.normalize("NFKC", first.extract_text()).split())
    assert page.get_by_role("heading", level=1).inner_text()[:3] in text
    assert "主菜单" not in text
    assert "✓" not in text  # what the screen says of saving
    assert "基础资料" not in text
    for head in heads:
        assert head in text  # no column runs off the paper
