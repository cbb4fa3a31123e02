"""One month on the pages, from the first upload to the issued briefing, walked by the people whose work it is.

The tests are the steps of one walk through one installation: they run in their order, and when a step fails the
later ones are skipped.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from changai.cli.demonstration.people import PASSWORD
from changai.core.periods import Month
from tests.browser import papers
from tests.browser.conftest import Walk, sign_in, visiting
from tests.browser.walking import WORD, WORKBOOK, go, heading, press, take_up, told, upload

pytestmark = pytest.mark.browser

TODAY = timezone.localdate()
BEGINS_ON = TODAY - timedelta(days=200)
ENDS_ON = Month.of(TODAY + timedelta(days=200)).last_on


class Journey(Walk):
    """The people of one month."""

    @property
    def liaison(self) -> Page:
        return self.person("zhang")

    @property
    def unit_head(self) -> Page:
        return self.person("li")


@pytest.fixture(scope="module")
def walk(office: str, chromium: Browser) -> Iterator[Journey]:
    with visiting(chromium) as visits:
        yield Journey(office, visits)


def test_the_office_imports_its_units(journey: Journey):
    page = journey.officer
    go(page, "组织机构", "导入")
    upload(page, "机构表", "机构表.xlsx", papers.roster(), WORKBOOK)
    press(page, "上传并核对")
    heading(page, "核对导入内容")
    expect(page.get_by_role("row", name="示东县")).to_contain_text("新增")
    press(page, "确认导入")
    told(page, "已导入")
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
    page.get_by_label("起始日期").fill(BEGINS_ON.isoformat())
    page.get_by_label("完成时限").fill(ENDS_ON.isoformat())


def hand_down(journey: Journey, title: str) -> None:
    page = journey.head
    go(page, "方案要点", title, "3 检查下达", "下达")
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


def assign(page: Page, words: str, *, lead: str, supports: tuple[str, ...] = (), mark: str = "") -> None:
    """Decide who carries the measure that contains the words."""
    page.get_by_role("link", name=words).click()
    page.get_by_role("group", name="牵头单位").get_by_label(lead, exact=True).check()
    for support in supports:
        page.get_by_role("group", name="配合单位").get_by_label(support, exact=True).check()
    page.get_by_label("完成标志").fill(mark)
    press(page, "保存")
    told(page, "已保存")


def test_the_office_decides_who_carries_what_and_why(journey: Journey):
    page = journey.officer
    go(page, "方案要点", papers.POINTS_TITLE, "2 任务分解")
    assign(page, "送政策进班组", lead="示东县", supports=("市教育局",), mark="完成50场宣讲")
    page.get_by_role("link", name="送政策进班组").click()
    page.get_by_label("查找条目").fill("理论武装")
    press(page, "查找")
    page.get_by_label("（一）加强理论武装").check()
    press(page, "保存上级依据")
    expect(page.get_by_label("（一）加强理论武装")).to_be_checked()
    page.get_by_role("link", name="返回任务分解").click()
    assign(page, "制作宣讲微视频", lead="示东县")
    assign(page, "开展技能培训2000人次", lead="示东县", supports=("示西县",))
    assign(page, "取证比例达到60%以上", lead="示西县")
    page.get_by_role("link", name="3 检查下达").click()
    expect(page.get_by_role("main")).to_contain_text("由办公室负责人下达")


def test_the_head_hands_the_plan_down_once(journey: Journey):
    hand_down(journey, papers.POINTS_TITLE)
    told(journey.head, "已下达")


def test_a_unit_claims_one_item_and_contests_another(journey: Journey):
    page = journey.liaison
    take_up(page, "项任务待认领")
    page.get_by_label("勾选：组织“送政策进班组”宣讲").check()
    page.get_by_label("勾选：开展技能培训2000人次").check()
    press(page, "认领勾选的任务")
    told(page, "已认领所选任务")
    page.get_by_role("link", name="待认领").click()
    page.get_by_role("link", name="制作宣讲微视频10部").click()
    page.get_by_role("link", name="提出异议").click()
    reason = page.get_by_label("异议理由")
    reason.fill("该项由市教育局的融媒体中心承担更为合适")
    page.get_by_role("dialog").get_by_role("button", name="提出异议").dblclick()
    told(page, "异议")
    expect(page.get_by_role("main")).to_contain_text("有异议")


def test_the_office_sees_the_contest_on_the_board_and_settles_it(journey: Journey):
    page = journey.officer
    go(page, "方案要点", papers.POINTS_TITLE, "认领情况")
    page.get_by_role("navigation", name="按认领问题筛选").get_by_role("link", name="有异议").click()
    expect(page.get_by_role("row", name="制作宣讲微视频")).to_be_visible()
    take_up(page, "示东县对任务")
    page.get_by_role("link", name="裁定异议").click()
    expect(page.get_by_role("main")).to_contain_text("融媒体中心")
    page.get_by_label("异议成立，撤销该单位的任务").check()
    page.get_by_label("裁定意见").fill("同意，改由市教育局承担")
    page.get_by_label("改由单位承担").select_option("市教育局")
    press(page, "裁定")
    told(page, "裁定")


def test_the_unit_plans_its_milestones(journey: Journey):
    page = journey.liaison
    go(page, "任务")
    page.get_by_role("link", name="送政策进班组").click()
    page.get_by_role("link", name="编制").click()
    rows = page.get_by_role("main").get_by_role("row")
    for number, (words, days) in enumerate([("完成25场宣讲", 60), ("完成50场宣讲", 120)], start=1):
        rows.nth(number).get_by_label("节点内容").fill(words)
        rows.nth(number).get_by_label("计划完成日期").fill((TODAY + timedelta(days=days)).isoformat())
    press(page, "保存工作计划")
    expect(page.get_by_role("row", name="完成25场宣讲")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("按节点计")


def test_the_unit_keeps_its_training_register(journey: Journey):
    page = journey.liaison
    go(page, "名册", "登记班次")
    page.get_by_label("班次名称").fill("数控加工技能提升班")
    page.get_by_label("结业日期").fill(TODAY.isoformat())
    page.get_by_label("学时").fill("40")
    page.get_by_label("培训人数").fill("120")
    page.get_by_label("取得证书人数").fill("78")
    press(page, "登记")
    expect(page.get_by_role("row", name="数控加工技能提升班")).to_contain_text("120")


def test_the_office_composes_a_form_and_opens_the_month(journey: Journey):
    page = journey.officer
    go(page, "月报", "报表设置", "新增报表")
    page.get_by_label("表名").fill("县区产改工作月报")
    page.get_by_label("县区", exact=True).check()
    for name in ("技能培训人次", "培训后取证人数", "新就业形态入会人数", "新建户外驿站数"):
        page.get_by_role("checkbox", name=name).first.check()
    press(page, "保存")
    go(page, "月报", "报表设置", "县区产改工作月报", "核对负担并下发")
    press(page, "下发")
    told(page, "已下发")
    page.get_by_label("月份").fill(f"{TODAY:%Y-%m}")
    page.get_by_role("complementary").get_by_role("button", name="开启").click()
    told(page, "已开启")
    page.get_by_role("row", name="示西县").get_by_role("link", name="延期、免报").click()
    page.get_by_label("免报原因").fill("县区本月集中换届，经请示同意免报")
    press(page, "免报")
    told(page, "已免报")


def cell(page: Page, words: str) -> Locator:
    return page.get_by_role("textbox", name=words)


def paste(page: Page, text: str) -> None:
    """Paste a block as a spreadsheet leaves it on the clipboard."""
    page.evaluate(
        """text => {
            const copied = new DataTransfer();
            copied.setData("text/plain", text);
            const paste = new ClipboardEvent("paste", { clipboardData: copied, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(paste);
        }""",
        text,
    )


def test_the_liaison_fills_the_sheet_with_the_keyboard(journey: Journey):
    page = journey.liaison
    take_up(page, "月报")
    heading(page, f"示东县{TODAY.year}年{TODAY.month}月月报")
    cell(page, "宣讲50场。 完成进度").focus()
    page.keyboard.type("10")
    page.keyboard.press("Tab")
    page.keyboard.type("已组建宣讲团。")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("进班组宣讲")
    page.keyboard.press("Enter")
    expect(cell(page, "2000人次； 下一步打算")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(cell(page, "2000人次； 完成进度")).to_be_focused()
    paste(page, '６\t已办班1期，培训120人。\t\t"办第二期，\n扩大覆盖面"\n')
    expect(cell(page, "2000人次； 完成进度")).to_have_value("6")
    expect(cell(page, "2000人次； 下一步打算")).to_have_value("办第二期，\n扩大覆盖面")
    cell(page, "新建户外驿站数 本月数").focus()
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    cell(page, "新就业形态入会人数 本月数").focus()
    page.keyboard.type("八十六")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="“八十六”不是数字")).to_be_visible()
    page.reload()
    expect(page.get_by_role("alert").filter(has_text="上次有 1 格")).to_contain_text("八十六")
    press(page, "全部放弃我填写的")
    expect(cell(page, "2000人次； 完成进度")).to_have_value("6")
    expect(cell(page, "新就业形态入会人数 本月数")).to_have_value("")


def test_evidence_is_attached_to_its_line_and_only_if_it_is_evidence(journey: Journey):
    page = journey.liaison
    take_up(page, "月报")
    page.get_by_role("row", name="开展技能培训2000人次").get_by_role("link", name="添加").click()
    heading(page, "佐证材料")
    upload(page, "文件", "签到表.pdf", b"MZ\x90\x00 a programme, not a paper", "application/pdf")
    press(page, "上传")
    expect(page.get_by_role("alert").first).to_contain_text("签到表.pdf")
    expect(page.get_by_role("alert").first).to_contain_text("没有改动任何内容")
    expect(page.get_by_text("还没有材料")).to_be_visible()
    upload(page, "文件", "结业名单.docx", papers.docx("结业名单\n共120人"), WORD)
    press(page, "上传")
    expect(page.get_by_role("link", name="结业名单.docx")).to_be_visible()
    page.get_by_role("link", name="返回填报").click()
    expect(page.get_by_role("link", name="结业名单.docx")).to_be_visible()


def test_faults_lead_to_their_cells_until_the_sheet_may_be_submitted(journey: Journey):
    page = journey.liaison
    take_up(page, "月报")
    press(page, "自动取数全部核对无误")
    press(page, "检查并提交")
    faults = page.get_by_role("alert").filter(has_text="需要补正")
    expect(faults).to_contain_text("落后序时进度")
    expect(faults).to_contain_text("新就业形态入会人数")
    faults.get_by_role("link", name="新就业形态入会人数").click()
    cell(page, "新就业形态入会人数 本月数").focus()
    page.keyboard.type("８６")
    page.keyboard.press("Enter")
    cell(page, "2000人次； 存在问题").focus()
    page.keyboard.type("企业订单集中，参训时间难以统筹")
    page.keyboard.press("Tab")
    press(page, "检查并提交")
    heading(page, "提交示东县")
    page.get_by_role("main").get_by_role("button", name="提交审签").dblclick()
    told(page, "已提交")


def test_the_units_head_signs_and_has_a_receipt(journey: Journey):
    page = journey.unit_head
    take_up(page, "月报")
    heading(page, "审签")
    expect(page.get_by_role("main")).to_contain_text("企业订单集中")
    press(page, "同意，审签报出")
    heading(page, "报送回执")
    expect(page.get_by_role("main")).to_contain_text("任务 2 项，数据 4 项")
    expect(page.get_by_role("main")).to_contain_text("按时")


def test_the_office_returns_the_report_with_a_marked_cell(journey: Journey):
    page = journey.officer
    take_up(page, "月报")
    heading(page, "审核月报")
    row = page.get_by_role("row", name="组织“送政策进班组”宣讲")
    row.get_by_text("标记").nth(1).click()
    page.get_by_label("进展情况 需补正什么").first.fill("请写明宣讲团人数")
    page.get_by_label("进展情况过于笼统").check()
    press(page, "退回补正")
    told(page, "已退回")


def test_the_unit_mends_what_was_marked_and_the_head_signs_again(journey: Journey):
    page = journey.liaison
    go(page, "待办")
    expect(page.get_by_role("link", name="退回给我 1件")).to_be_visible()
    take_up(page, "月报")
    expect(page.get_by_role("main")).to_contain_text("请写明宣讲团人数")
    cell(page, "宣讲50场。 进展情况").focus()
    page.keyboard.type("已组建宣讲团，成员12人。")
    page.keyboard.press("Tab")
    press(page, "检查并提交")
    expect(page.get_by_role("main")).to_contain_text("与上次报送相比有改动")
    press(page, "提交审签")
    told(page, "已提交")
    page = journey.unit_head
    take_up(page, "月报")
    press(page, "同意，审签报出")
    heading(page, "报送回执")


def test_of_two_reviewers_one_accepts_and_the_other_is_told(journey: Journey):
    page = journey.officer
    take_up(page, "月报")
    changed = page.get_by_role("row", name="进展情况 已组建宣讲团。 已组建宣讲团，成员12人。")
    expect(changed).to_be_visible()
    other = journey.head
    other.goto(page.url)
    press(page, "采用")
    told(page, "已采用")
    press(other, "采用")
    expect(other.get_by_role("main")).to_contain_text("采用，如需更正，请打开该月报点“解锁”")


def test_the_office_closes_the_month(journey: Journey):
    page = journey.officer
    go(page, "月报", "报送情况")
    expect(page.get_by_role("link", name="按时 1 按时率 100.0%")).to_be_visible()
    page.get_by_role("link", name="关闭本期").click()
    page.get_by_role("dialog").get_by_role("button", name="关闭本期").click()
    told(page, "本期已关闭")


def test_the_office_loads_an_indicator_system_and_the_head_issues_it(journey: Journey):
    page = journey.officer
    go(page, "指标体系", "导入指标体系")
    upload(page, "指标体系文件", "指标体系.xlsx", papers.indicator_workbook(TODAY.year), WORKBOOK)
    press(page, "上传并检查")
    heading(page, papers.INDICATORS_TITLE)
    page = journey.head
    go(page, "指标体系", papers.INDICATORS_TITLE, "印发")
    page.get_by_role("dialog").get_by_role("button", name="印发").click()
    told(page, "已印发")


def test_the_office_judges_scores_and_the_head_publishes(journey: Journey):
    page = journey.officer
    go(page, "考核", "开启考核")
    page.get_by_label("指标表").select_option(index=0)
    page.get_by_label("起始月份").fill(f"{TODAY:%Y-%m}")
    page.get_by_label("截止月份").fill(f"{TODAY:%Y-%m}")
    page.get_by_label("简易程序：计分后直接公布").check()
    press(page, "开启")
    page.get_by_role("link", name="人工核定", exact=True).click()
    for county, points in (("示东县", "9"), ("示西县", "5.5")):
        cell(page, f"{county} 核定得分").fill(points)
        cell(page, f"{county} 理由").fill("经验材料在全市推介")
    press(page, "保存核定")
    told(page, "已保存")
    page.get_by_role("link", name="返回考核").click()
    press(page, "计分")
    expect(page.get_by_role("row", name="示东县").first).to_contain_text("98.50")
    page = journey.head
    go(page, "考核")
    page.get_by_role("main").get_by_role("row").nth(1).get_by_role("link").first.click()
    page.get_by_role("link", name="公布", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="公布").click()
    told(page, "已公布")


def test_the_unit_reads_why_it_has_its_points(journey: Journey):
    page = journey.liaison
    go(page, "考核", "示东县")
    heading(page, "示东县得分说明")
    lost = page.get_by_role("row", name="月报质量").first
    expect(lost).to_contain_text("0.50")
    expect(lost).to_contain_text("退回")
    page.get_by_role("link", name="培训后取证比例").first.click()
    expect(page.get_by_role("main")).to_contain_text("65")
    page.get_by_role("table", name="培训后取证人数").get_by_role("link").click()
    expect(page.get_by_role("main")).to_contain_text("78")


def test_the_office_composes_a_briefing_and_sees_its_pages(journey: Journey):
    page = journey.officer
    go(page, "简报公文", "起草公文")
    page.get_by_label("反映月份").select_option(f"{TODAY:%Y-%m}")
    page.get_by_label("考核结果").select_option(index=1)
    press(page, "开始编写")
    heading(page, "编写简报")
    page.get_by_label("文字").last.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("本月按时报送")
    page.get_by_role("button", name="按时报送单位数").click()
    page.keyboard.type("个单位。")
    expect(page.get_by_label("文字").last).to_have_value(
        re.compile("本月按时报送【按时报送单位数】个单位。$")
    )
    page.get_by_label("报", exact=True).fill("市委、市政府领导")
    press(page, "保存")
    expect(page.get_by_role("status").filter(has_text="已保存")).to_be_visible()
    page.get_by_role("link", name="预览报批").click()
    picture = page.get_by_role("img", name="第 1 页")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth") > 700
    press(page, "报批")
    told(page, "已报办公室负责人审批")


def test_a_unit_is_asked_for_its_word_and_countersigns(journey: Journey):
    page = journey.officer
    page.get_by_text("送单位会签", exact=True).click()
    page.get_by_role("group", name="会签单位").get_by_role("checkbox", name="示东县", exact=True).check()
    page.get_by_role("complementary").get_by_role("button", name="送会签", exact=True).click()
    told(page, "已送会签")
    page = journey.unit_head
    take_up(page, "会签简报")
    expect(page.get_by_role("article")).to_contain_text("本月按时报送")
    page.get_by_label("有意见").check()
    page.get_by_label("意见", exact=True).fill("培训数据已核对，无其他意见")
    page.get_by_role("complementary").get_by_role("button", name="提交会签意见", exact=True).click()
    told(page, "已提交会签意见")
    go(page, "待办")
    expect(page.get_by_role("link", name="待办 0件")).to_be_visible()


def test_the_head_approves_and_issues_the_briefing(journey: Journey):
    page = journey.head
    take_up(page, "审批简报")
    expect(page.get_by_text("培训数据已核对，无其他意见").first).to_be_visible()
    page.get_by_role("link", name="写明采纳情况").click()
    page.get_by_role("dialog").get_by_label("采纳、不采纳情况和理由").fill("单位已核对，无须改动")
    page.get_by_role("dialog").get_by_role("button", name="保存采纳情况").click()
    told(page, "已记下意见采纳情况")
    # The round goes to each unit alone, and the briefing names the first places: the head says yes to that.
    page.get_by_role("link", name="审批同意").click()
    page.get_by_role("dialog").get_by_role("button", name="审批同意").click()
    told(page, "已审批")
    page.get_by_role("link", name="编号印发").click()
    page.get_by_role("dialog").get_by_role("button", name="确认印发").click()
    told(page, "已编号印发")
    for kind, begin in (("Word", b"PK"), ("PDF", b"%PDF")):
        with page.expect_download() as download:
            page.get_by_role("main").get_by_role("link", name=kind).click()
        assert download.value.path().read_bytes().startswith(begin)


def test_the_unit_reads_the_briefing_and_is_not_asked_to_sign(journey: Journey):
    """A bulletin is for everybody to read: only circulars, notices and letters are signed for."""
    page = journey.liaison
    go(page, "简报公文")
    page.get_by_role("main").get_by_role("row").nth(1).get_by_role("link").first.click()
    expect(page.get_by_role("main").get_by_role("link", name="PDF")).to_be_visible()
    expect(page.get_by_role("button", name="签收")).to_have_count(0)


def test_the_leader_opens_a_figure_down_to_the_report(journey: Journey):
    page = journey.leader
    heading(page, "全市总览")
    go(page, "简报公文")
    page.get_by_role("main").get_by_role("row").nth(1).get_by_role("link").first.click()
    paper = page.get_by_role("article")
    expect(paper).to_contain_text(f"{TODAY.year}年")
    paper.get_by_role("link", name="120").first.click()
    expect(page.get_by_role("main")).to_contain_text("口径")
    page.get_by_role("row", name="示东县").get_by_role("link", name="逐层来源").click()
    expect(page.get_by_role("main")).to_contain_text("培训名册")
    page.get_by_role("main").get_by_role("link", name="打开").last.click()
    expect(page.get_by_role("main")).to_contain_text("示东县")
