"""One month on the pages, from the first upload to the issued briefing, walked by the people whose work it is.

The tests are the steps of one walk through one installation: they run in their order, and when a step fails the
later ones are skipped.
"""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, FilePayload, Page, expect

from changai.cli.demonstration.people import PASSWORD
from tests.browser import papers
from tests.browser.conftest import FAILED, Visits, sign_in, visiting

pytestmark = pytest.mark.browser

TODAY = timezone.localdate()
ENDS_ON = TODAY.replace(year=TODAY.year + 1, month=6, day=30)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Journey:
    """The people on their way, each with a browser of their own."""

    def __init__(self, address: str, visits: Visits) -> None:
        self.address = address
        self.visits = visits
        self.pages: dict[str, Page] = {}
        self.broken_at = ""

    def person(self, login: str) -> Page:
        """Return the page of somebody who has signed in."""
        if login not in self.pages:
            self.pages[login] = sign_in(self.visits.open(self.address), login)
        return self.pages[login]

    @property
    def officer(self) -> Page:
        return self.person("office")

    @property
    def head(self) -> Page:
        return self.person("office-head")

    @property
    def liaison(self) -> Page:
        return self.person("zhang")

    @property
    def unit_head(self) -> Page:
        return self.person("li")

    @property
    def leader(self) -> Page:
        return self.person("leader")


@pytest.fixture(scope="module")
def walk(office: str, chromium: Browser) -> Iterator[Journey]:
    with visiting(chromium) as visits:
        yield Journey(office, visits)


@pytest.fixture
def journey(walk: Journey, request: pytest.FixtureRequest) -> Iterator[Journey]:
    if walk.broken_at:
        pytest.skip(f"the walk ended at {walk.broken_at}")
    yield walk
    if FAILED in request.node.stash:
        walk.broken_at = request.node.name
        walk.visits.keep_pictures(request.node.name)
    walk.visits.check()


def go(page: Page, *names: str) -> None:
    """Follow links of these names, the first one in the main menu."""
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name=names[0], exact=True).click()
    for name in names[1:]:
        page.get_by_role("main").get_by_role("link", name=name, exact=True).click()


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def upload(page: Page, label: str, name: str, content: bytes, kind: str) -> None:
    page.get_by_label(label).set_input_files(FilePayload(name=name, mimeType=kind, buffer=content))


def told(page: Page, sentence: str) -> None:
    """Expect to be told so."""
    expect(
        page.get_by_role("status").or_(page.get_by_role("alert")).filter(has_text=sentence)
    ).to_be_visible()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def test_the_office_imports_its_units(journey: Journey):
    page = journey.officer
    go(page, "组织机构", "导入")
    upload(page, "机构表", "机构表.xlsx", papers.roster(), WORKBOOK)
    press(page, "上传并核对")
    heading(page, "核对导入内容")
    expect(page.get_by_role("row", name="示东县")).to_contain_text("新增")
    press(page, "确认导入")
    go(page, "组织机构")
    page.get_by_role("searchbox", name="单位名称").fill("示西")
    press(page, "查找")
    page.get_by_role("link", name="示西县").click()
    expect(page.get_by_role("article")).to_contain_text("示西县联络员")


@pytest.mark.parametrize(
    ("login", "name", "post"),
    [
        pytest.param("zhang", "张联络", "单位联络员", id="liaison"),
        pytest.param("li", "李县长", "单位负责人", id="head"),
    ],
)
def test_one_administrator_opens_an_account_and_another_grants_it(
    journey: Journey, login: str, name: str, post: str
):
    page = journey.person("system")
    go(page, "账号", "开设账号")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("姓名").fill(name)
    press(page, "开设")
    first_password = page.get_by_role("code").inner_text()
    page = journey.person("security")
    go(page, "岗位授权", login, "授予岗位")
    page.get_by_label("岗位").select_option(post)
    page.get_by_label("所在单位").select_option(label="　示东县")
    press(page, "授予")
    told(page, "已授予岗位")
    page = sign_in(journey.visits.open(journey.address), login, first_password)
    heading(page, "修改密码")
    page.get_by_label("原密码").fill(first_password)
    page.get_by_role("textbox", name="新密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输一次新密码").fill(PASSWORD)
    press(page, "修改密码")
    go(page, "待办")
    heading(page, "待办")
    journey.pages[login] = page


def fill_plan(page: Page, kind: str) -> None:
    page.get_by_label("类别").select_option(kind)
    page.get_by_label("年度").fill(str(TODAY.year))
    page.get_by_label("起始日期").fill(f"{TODAY.year}-01-01")
    page.get_by_label("完成时限").fill(ENDS_ON.isoformat())


def hand_down(journey: Journey, title: str) -> None:
    page = journey.head
    go(page, "方案要点", title, "检查下达", "下达")
    page.get_by_role("dialog").get_by_role("button", name="确认下达").click()


def test_the_office_hands_down_a_framework_from_an_old_text_file(journey: Journey):
    page = journey.officer
    go(page, "方案要点", "录入方案")
    fill_plan(page, "实施方案")
    upload(page, "方案文件", "实施方案.txt", papers.FRAMEWORK.encode("gb18030"), "text/plain")
    press(page, "上传并拆解")
    heading(page, papers.FRAMEWORK_TITLE)
    hand_down(journey, papers.FRAMEWORK_TITLE)
    told(journey.head, "已下达")


def test_the_office_corrects_what_the_parser_proposed(journey: Journey):
    page = journey.officer
    go(page, "方案要点", "录入方案")
    fill_plan(page, "年度工作要点")
    upload(page, "方案文件", "工作要点.docx", papers.docx(papers.points(ENDS_ON)), WORD)
    press(page, "上传并拆解")
    heading(page, papers.POINTS_TITLE)
    clauses = page.get_by_role("navigation", name="条目目录")
    measures = page.get_by_role("region", name="条目").get_by_role("listitem")
    original = page.get_by_role("region", name="原文")
    text = original.inner_text()

    clauses.get_by_role("link", name="办好劳动竞赛").click()
    expect(measures.filter(has_text="推广先进操作法。")).to_be_visible()
    measures.filter(has_text="推广先进操作法。").get_by_role("button", name="并入上一项").click()
    expect(measures.filter(has_text="举办示范性劳动竞赛5场。推广先进操作法。")).to_be_visible()
    measures.filter(has_text="推广先进操作法。").get_by_text("修改、拆分").click()
    page.get_by_label("从此处起另列一项").select_option(index=1)
    measures.get_by_role("button", name="拆分").click()
    expect(measures.filter(has_text="推广先进操作法。")).to_have_count(1)
    measures.filter(has_text="推广先进操作法。").get_by_role("button", name="删去").click()
    expect(measures.filter(has_text="推广先进操作法。")).to_contain_text("已删去")

    clauses.get_by_role("link", name="扩大技能培训").click()
    press(page, "升一级")
    expect(page.get_by_role("main")).to_contain_text("上一步")
    press(page, "撤销上一步")
    expect(original).to_have_text(text, use_inner_text=True)
    clauses.get_by_role("link", name="扩大技能培训").click()
    expect(page.get_by_role("button", name="升一级")).to_be_enabled()
