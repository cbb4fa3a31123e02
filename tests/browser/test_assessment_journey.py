"""The whole way of an assessment on the pages: from the draft for comments to a result that stands and is used.

Seven people walk it: the office's officer and its head, a county's liaison and its head, the head of the bureau that
owns the figures, an inspector who judges and reviews, and the leader; beside them the liaisons of the other counties.
The tests are the steps of one walk through one installation whose clock goes on by days; they run in their order, and
when a step fails the later ones are skipped.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from time import monotonic

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from changai.core.workdays import WorkCalendar
from changai.foundation.workdays.queries import shipped_plans
from tests.browser import counties, installation, papers
from tests.browser.conftest import Visits, Walk, visiting
from tests.browser.walking import WORD, WORKBOOK, agree, go, heading, press, shows, take_up, told, upload

pytestmark = pytest.mark.browser

BEHIND_SECONDS = 90
CALENDAR = WorkCalendar.of(shipped_plans())
FIRST_DAY = timezone.localdate()
MONTHS = counties.months(FIRST_DAY)
ROUND = "县区产改评价考核"
TRAINING, CONTRACTS, STATIONS, EXAMPLE = "培训后取证比例", "集体合同签订率", "新建户外驿站", "典型经验"
JUDGED = {"示东县": "8", "示西县": "8.5", "示南县": "7", "示北县": "8", "示河县": "6", "示山县": "6"}


class Year(Walk):
    """The seven, and the installation whose clock goes on."""

    def __init__(self, folder: Path, visits: Visits) -> None:
        super().__init__("", visits)
        self._folder = folder
        self._running = ExitStack()
        self.today = FIRST_DAY
        self.run()

    def run(self) -> None:
        """Run the product on `today`."""
        running = installation.running(self._folder, days_later=(self.today - FIRST_DAY).days)
        self.address = self._running.enter_context(running)

    def wait_until(self, day: date) -> None:
        """Let the days pass; everybody signs in again."""
        self.visits.check()
        self.visits.close()
        self.pages.clear()
        self._running.close()
        self.today = day
        self.run()

    def stop(self) -> None:
        self._running.close()

    @property
    def liaison(self) -> Page:
        return self.person("c01-liaison")

    @property
    def unit_head(self) -> Page:
        return self.person("c01-head")

    @property
    def owner(self) -> Page:
        return self.person("m01-head")

    @property
    def inspector(self) -> Page:
        return self.person("inspector")


@pytest.fixture(scope="module")
def walk(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    folder = tmp_path_factory.mktemp("counties")
    installation.end_founding(installation.begin_founding("counties", folder), folder)
    with visiting(chromium) as visits:
        year = Year(folder, visits)
        yield year
        year.stop()


def after(day: date, workdays: int) -> date:
    return CALENDAR.plus(day, workdays)


def written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def open_round(page: Page) -> None:
    go(page, "考核", ROUND)
    heading(page, ROUND)


def open_uses(page: Page) -> None:
    open_round(page)
    page.get_by_role("link", name="结果运用").click()


def face(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="指标体系页面").get_by_role("link", name=name).click()


def line(page: Page, words: str, *expected: str) -> None:
    """Expect these words and figures in the row that contains `words`."""
    row = page.get_by_role("main").get_by_role("row").filter(has_text=words).first
    for each in expected:
        expect(row).to_contain_text(each)


def test_the_office_drafts_the_indicators_and_asks_the_units(journey: Year):
    page = journey.officer
    go(page, "指标体系", "导入指标体系")
    content = papers.indicator_workbook(FIRST_DAY.year, "counties.json", counties.INDICATORS_TITLE)
    upload(page, "指标体系文件", "指标体系.xlsx", content, WORKBOOK)
    press(page, "上传并检查")
    heading(page, counties.INDICATORS_TITLE)
    line(page, TRAINING, "40", "60%以上得满分", "市人社局")
    face(page, "征求意见")
    press(page, "发出")
    line(page, "第 1 轮", "0/8", "征求中")


def comment(page: Page, indicator: str, words: str) -> None:
    page.get_by_role("link", name=f"对“{indicator}”提意见").click()
    page.get_by_label("意见", exact=True).or_(page.get_by_label("意见*")).first.fill(words)
    press(page, "记下意见")
    press(page, "反馈 1 条意见")
    shows(page, "已反馈")


def test_two_units_comment_and_one_has_nothing_to_say(journey: Year):
    take_up(journey.liaison, counties.INDICATORS_TITLE)
    comment(journey.liaison, TRAINING, "取证有滞后，建议50%以上即得满分")
    other = journey.person("c02-liaison")
    take_up(other, counties.INDICATORS_TITLE)
    comment(other, STATIONS, "建议驿站每个得5分")
    third = journey.person("c03-liaison")
    take_up(third, counties.INDICATORS_TITLE)
    press(third, "无意见")
    shows(third, "已反馈：无意见")


def test_the_office_decides_each_comment_and_the_head_issues(journey: Year):
    page = journey.officer
    face(page, "征求意见")
    line(page, "第 1 轮", "3/8")
    page.get_by_role("link", name="第 1 轮").click()
    page.get_by_role("link", name="取证有滞后").click()
    shows(page, "还有 2 条待处理", "示东县")
    page.get_by_label("不采纳", exact=True).check()
    page.get_by_label("理由").fill("分档与上年保持衔接")
    press(page, "确定，到下一条")
    shows(page, "建议驿站每个得5分")
    page.get_by_label("部分采纳", exact=True).check()
    page.get_by_label("理由").fill("分值不变，建成未满一年的一并计算")
    press(page, "确定，到下一条")
    line(page, "建议驿站每个得5分", "部分采纳", "建成未满一年的一并计算")
    page.get_by_role("link", name="结束征求").click()
    agree(page, "结束")
    shows(page, "已结束")
    head = journey.head
    go(head, "指标体系", counties.INDICATORS_TITLE, "印发")
    head.get_by_role("dialog").get_by_label("施行日期").fill(MONTHS[0].first_on.isoformat())
    agree(head, "印发")
    told(head, "已印发")
    journey.liaison.reload()
    line(journey.liaison, TRAINING, "不采纳", "分档与上年保持衔接")


def test_the_office_opens_a_round_of_the_full_course(journey: Year):
    page = journey.officer
    go(page, "考核", "开启考核")
    page.get_by_label("指标表").select_option(index=0)
    page.get_by_label("考核时段").select_option("自选月份")
    page.get_by_label("起始月份").fill(str(MONTHS[0]))
    page.get_by_label("截止月份").fill(str(MONTHS[1]))
    page.get_by_label("名称").fill(ROUND)
    press(page, "开启")
    heading(page, ROUND)
    shows(page, "下一步：冻结数据")


def test_a_county_asks_not_to_be_assessed_and_the_office_decides(journey: Year):
    page = journey.person("c06-liaison")
    take_up(page, "可申请不适用指标")
    page.get_by_label("申请不适用的指标").select_option(label=f"2.2.1 {STATIONS}")
    page.get_by_label("理由").fill("全县位于生态保护区，没有新建驿站的用地")
    press(page, "提出申请")
    line(page, STATIONS, "生态保护区")
    page = journey.officer
    take_up(page, "审批不适用申请")
    line(page, "示山县", "生态保护区")
    page.get_by_label("审批意见").fill("情况属实，同意不适用")
    press(page, "同意不适用")
    line(page, "示山县", "同意不适用：情况属实")


def test_the_figures_are_frozen(journey: Year):
    page = journey.officer
    open_round(page)
    page.get_by_role("link", name="冻结数据").click()
    agree(page, "冻结")
    told(page, "已冻结数据")
    shows(page, "下一步：各单位自查")


def cell(page: Page, row: str, column: str) -> Locator:
    return page.get_by_role("textbox", name=f"{row} {column}")


def test_a_county_checks_itself_with_evidence_and_its_head_hands_in(journey: Year):
    page = journey.liaison
    take_up(page, "开展自查自评")
    file = FilePayload(name="取证名册.docx", mimeType=WORD, buffer=papers.docx("取证名册\n共104人"))
    page.get_by_role("button", name="佐证材料").set_input_files(file)
    press(page, "上传")
    told(page, "已上传")
    line(page, TRAINING, "培训后取证人数 98人", "40.00")
    for indicator, points in ((TRAINING, "32"), (CONTRACTS, "27"), (STATIONS, "20"), (EXAMPLE, "9")):
        cell(page, indicator, "自评得分").fill(points)
    cell(page, TRAINING, "自评说明").fill("另有6人取证未计入")
    page.get_by_label(f"{TRAINING} 佐证材料").select_option("取证名册.docx")
    press(page, "保存自评")
    told(page, "已保存自评")
    line(page, TRAINING, "24.00", "8.00")
    line(page, EXAMPLE, "待核")
    page = journey.unit_head
    take_up(page, "开展自查自评")
    page.get_by_role("link", name="报送自查自评").click()
    agree(page, "报送")
    told(page, "已报送自查自评")
    line(page, TRAINING, "32.00", "取证名册.docx")


def test_the_bureau_that_owns_the_figures_reviews_them(journey: Year):
    page = journey.owner
    take_up(page, "审核归口指标数据")
    heading(page, "归口审核")
    line(page, "示东县", "培训后取证人数 98", "24.00", "32.00", "另有6人取证未计入")
    for county in JUDGED:
        page.get_by_role("row", name=county).get_by_label("属实").check()
    press(page, "保存审核")
    told(page, "已审核 6 个单位")
    page.get_by_role("link", name=CONTRACTS).click()
    row = page.get_by_role("row", name="示河县")
    row.get_by_label("有疑问").check()
    row.get_by_label("示河县 疑问").fill("两家企业的合同似已到期，请核实")
    press(page, "保存审核")
    told(page, "已审核 1 个单位")


def test_the_office_settles_the_doubt_and_names_a_panel(journey: Year):
    page = journey.officer
    open_round(page)
    page.get_by_role("link", name="自查审核").click()
    line(page, "似已到期", "示河县", "市人社局负责人")
    page.get_by_role("link", name="排除疑问").click()
    page.get_by_role("dialog").get_by_label("核实情况").fill("两份合同均已续签，有备案记录")
    agree(page, "排除疑问")
    told(page, "已办结疑问")
    line(page, f"1.1.1 {TRAINING}", "市人社局", "6/6")
    bureau = "市人力资源和社会保障局"
    for person in ("督查员（示范市总工会）", f"市人社局负责人（{bureau}）", f"市人社局联络员（{bureau}）"):
        page.get_by_role("link", name="增加评审人员").click()
        page.get_by_role("dialog").get_by_label("人员").select_option(person)
        agree(page, "确定")
        told(page, "已确定评审人员")


def judge(page: Page, reason: str, **others: str) -> None:
    """Judge every county; `others` are points that differ from those of the colleague."""
    take_up(page, "评审打分")
    for county, points in (JUDGED | others).items():
        cell(page, county, "评分").fill(points)
        cell(page, county, "理由").fill(reason)
    press(page, "保存评分")
    told(page, "已保存评分")


def test_the_panel_judges_blind(journey: Year):
    judge(journey.inspector, "查看了三个推广现场")
    expect(cell(journey.inspector, "示西县", "评分")).to_have_value("8.5")
    judge(journey.person("m01-liaison"), "经验已在全市推介", 示西县="8.75")
    judge(journey.owner, "材料详实，可复制", 示西县="9")
    expect(journey.owner.get_by_role("main")).not_to_contain_text("推广现场")
    page = journey.officer
    open_round(page)
    page.get_by_role("link", name="自查审核").click()
    line(page, "督查员", "6")
    line(page, "示西县", EXAMPLE, "8.75")


def test_the_result_is_computed_and_the_units_are_asked(journey: Year):
    page = journey.officer
    open_round(page)
    page.get_by_role("link", name="计分", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("还有 5 个单位没有报送自查自评")
    agree(page, "计分")
    told(page, "已计分")
    line(page, "示东县", "4", "24.00", "47.00", "8.00", "79.00", "合格")
    line(page, "示西县", "1", "97.25", "优秀")
    line(page, "示山县", "5", "76.00")
    page.get_by_role("link", name="请各单位确认").click()
    reason = page.get_by_role("dialog").get_by_label("没有全部审核而继续的理由")
    reason.fill("其余指标由登记系统自动取数，已抽查核对")
    agree(page, "请各单位确认")
    told(page, "已请各单位确认事实")
    shows(page, f"到{written(after(FIRST_DAY, 5))}为止：共 6 个单位，已确认 0 个，未表态 6 个")


def test_one_county_confirms_and_another_objects(journey: Year):
    page = journey.person("c02-liaison")
    take_up(page, "确认事实或提出申诉")
    press(page, "确认无误")
    told(page, "已代表本单位确认")
    page = journey.liaison
    take_up(page, "确认事实或提出申诉")
    line(page, "示东县", "79.00")
    page.get_by_role("link", name="示东县").click()
    line(page, TRAINING, "16.00", "49")
    page.get_by_role("link", name=TRAINING).first.click()
    page.get_by_role("link", name="提出申诉").click()
    page.get_by_label("事实和理由").fill("漏计十月末取得证书的6人，取证人数应为104人，名册附后")
    upload(page, "佐证材料", "补充名册.docx", papers.docx("补充名册\n6人"), WORD)
    press(page, "提出申诉")
    told(page, "已提出申诉")
    line(page, TRAINING, written(after(FIRST_DAY, 5)))


def test_the_office_refuses_and_the_county_asks_for_a_review(journey: Year):
    page = journey.officer
    take_up(page, f"答复申诉：{TRAINING}")
    shows(page, "漏计十月末取得证书的6人", "补充名册.docx")
    page.get_by_label("意见").fill("证书签发日期在考核时段之外，维持原数据")
    press(page, "答复")
    told(page, "已答复")
    page = journey.unit_head
    take_up(page, "申诉已答复")
    shows(page, "证书签发日期在考核时段之外")
    page.get_by_role("link", name="申请复核").click()
    page.get_by_label("申请复核的理由").fill("证书于时段内签发，只是系统录入滞后")
    agree(page, "申请复核")
    told(page, "已申请复核")


def test_a_reviewer_without_a_part_in_it_decides_and_the_points_move(journey: Year):
    page = journey.head
    take_up(page, "确定申诉复核人")
    page.get_by_role("link", name="确定复核人").click()
    reviewers = page.get_by_role("dialog").get_by_label("复核人")
    expect(reviewers).to_contain_text("督查员")
    expect(reviewers).not_to_contain_text("市人社局负责人")
    expect(reviewers).not_to_contain_text("办公室工作人员")
    reviewers.select_option("督查员（示范市总工会）")
    agree(page, "确定")
    told(page, "已确定复核人")
    page = journey.inspector
    take_up(page, "复核申诉")
    page.get_by_label("意见").fill("经查证书编号，6人均在时段内取证，予以更正")
    page.get_by_label("培训后取证人数").fill("104")
    press(page, "作出复核决定")
    told(page, "已作出复核决定")
    shows(page, "示东县 培训后取证人数", "98 → 104")
    line(page, "79.00", "示东县", "87.00", "4 → 2", "合格 → 良好", "24.00 → 32.00")
    expect(page.get_by_role("main")).not_to_contain_text("示北县")
    page = journey.officer
    open_round(page)
    page.get_by_role("link", name="更正与变动").click()
    shows(page, "予以更正", "98 → 104")
    line(page, "84.00", "示北县", "2 → 3", "本单位得分未变")
    line(page, "82.00", "示南县", "3 → 4", "本单位得分未变")


def reload_until(page: Page, words: str) -> None:
    """Reload until work behind the page has come so far that it says so."""
    ends_at = monotonic() + BEHIND_SECONDS
    while page.get_by_role("main").get_by_text(words).count() == 0:
        assert monotonic() < ends_at, f"the page does not say {words}"
        page.reload()


def test_the_clock_ends_the_confirmation_and_the_head_gives_notice(journey: Year):
    journey.wait_until(after(FIRST_DAY, 6))
    page = journey.head
    open_round(page)
    reload_until(page, "申诉已全部办结。下一步：公示 5 个工作日。")
    page.get_by_role("link", name="公示", exact=True).click()
    agree(page, "公示")
    told(page, "已开始公示")
    sentence = f"公示：{written(journey.today)}至{written(after(journey.today, 5))}，期满后公布。"
    shows(page, sentence)
    expect(page.get_by_role("link", name="公布", exact=True)).to_have_count(0)
    page = journey.person("c03-liaison")
    open_round(page)
    shows(page, sentence)
    line(page, "示南县", "4", "82.00")


def test_the_head_publishes_after_the_notice(journey: Year):
    journey.wait_until(after(journey.today, 6))
    page = journey.head
    take_up(page, "公示期满，公布结果")
    page.get_by_role("link", name="公布", exact=True).click()
    agree(page, "公布")
    told(page, "已公布")
    shows(page, "全部程序已完成，结果已公布。")


def test_the_county_reads_why_and_the_leader_reads_who(journey: Year):
    page = journey.unit_head
    go(page, "考核", "示东县")
    heading(page, "示东县得分说明")
    shows(page, "87.00", "良好")
    line(page, TRAINING, "8.00", "达到 50% 档，按 32 分计")
    line(page, CONTRACTS, "3.00", "90%")
    page = journey.leader
    go(page, "考核", ROUND)
    line(page, "示西县", "1", "97.25", "优秀", "名额 1 个")
    line(page, "示东县", "2", "87.00", "良好")
    expect(page.get_by_role("row", name="示河县").first).to_contain_text("63.00")


def test_the_office_sees_how_firm_places_are_before_it_uses_them(journey: Year):
    page = journey.officer
    open_uses(page)
    press(page, "开始测算")
    told(page, "已安排测算")
    reload_until(page, "第 1 档")
    line(page, "示西县", "1")


def test_every_county_gets_its_own_letter(journey: Year):
    page = journey.officer
    open_uses(page)
    page.get_by_role("link", name="为本轮全部单位起草反馈意见").click()
    press(page, "开始起草")
    heading(page, "编写反馈意见（逐单位）")
    page.get_by_role("link", name="预览报批").click()
    page.get_by_role("link", name="逐单位预览").click()
    page.get_by_role("row", name="示东县").get_by_role("link").click()
    heading(page, "示东县")
    expect(page.get_by_role("img", name="第 1 页")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="返回办理").click()
    press(page, "报批")
    told(page, "已报办公室负责人审批")
    head = journey.head
    head.goto(page.url)
    press(head, "审批同意")
    head.get_by_role("link", name="编号印发").click()
    expect(head.get_by_role("dialog")).to_contain_text("各单位只能看到本单位的一件")
    agree(head, "确认印发")
    reload_until(head, "下载全部")


def test_a_county_signs_for_its_letter_and_opens_a_figure_of_it(journey: Year):
    county = journey.unit_head
    go(county, "简报公文", f"关于反馈{ROUND}结果的函")
    heading(county, "反馈意见")
    shows(county, "示东县：", "附件：逐项得分表")
    county.get_by_role("button", name="签收", exact=True).click()
    told(county, "已签收")
    expect(county.get_by_text("本单位已签收")).to_be_visible()
    county.get_by_role("link", name="87.00分").first.click()
    heading(county, "本单位得分")
    county.get_by_role("link", name="逐层来源").click()
    shows(county, TRAINING)


def take_step(page: Page, button: str, **words: str) -> None:
    """Press a button, write what its dialog asks for, and confirm."""
    page.get_by_role("main").get_by_role("link", name=button, exact=True).click()
    for label, text in words.items():
        page.get_by_role("dialog").get_by_label(label).fill(text)
    agree(page, button)


def test_talks_rest_on_reviewed_facts_and_say_where_places_overlap(journey: Year):
    page = journey.head
    open_uses(page)
    page.get_by_role("link", name="提出约谈或通报").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("单位").select_option("示南县")
    dialog.get_by_label("事实依据").fill("户外驿站进度连续两月滞后")
    agree(page, "提出")
    told(page, "已提出，待核实")
    shows(page, "同在一档，权重稍有不同，先后就可能变化")
    expect(page.get_by_role("link", name="事实已核实")).to_have_count(0)
    page = journey.officer
    open_uses(page)
    take_step(page, "事实已核实", 核实情况="实地查看属实")
    page = journey.head
    open_uses(page)
    page.get_by_role("link", name="决定办理").click()
    expect(page.get_by_role("dialog")).to_contain_text("示北县、示山县同在一档")
    page.get_by_role("dialog").get_by_label("决定意见").fill("同意约谈，以驿站进度为主要内容")
    agree(page, "决定办理")
    shows(page, "已决定，办理中", "同意约谈，以驿站进度为主要内容")


def test_a_list_to_commend_keeps_its_quota_and_its_five_days(journey: Year):
    page, head = journey.officer, journey.head
    open_uses(page)
    page.get_by_role("link", name="拟定名单").click()
    page.get_by_role("dialog").get_by_label("表彰名称").fill("产改工作先进个人")
    page.get_by_role("dialog").get_by_label("批准依据").fill("市评比达标表彰办复函〔2026〕3号")
    agree(page, "拟定")
    heading(page, "产改工作先进个人")
    page.get_by_label("结构比例").fill("产业工人不低于50%")
    people = ["甲某，示西县机械厂，产业工人", "乙某，示西县总工会，机关人员", "丙某，示东县人社局，机关人员"]
    page.get_by_label("名单").fill("\n".join(people))
    press(page, "保存并核对比例")
    shows(page, "不符合", "下一步：调整名单，符合结构比例后才能公示。")
    page.get_by_label("名单").fill("\n".join(people[:2]))
    press(page, "保存并核对比例")
    shows(page, "2 人", "下一步：由办公室负责人公示五个工作日。")
    open_uses(head)
    head.get_by_role("link", name="产改工作先进个人").click()
    take_step(head, "公示五个工作日")
    last = after(journey.today, 5)
    shows(head, f"公示到{written(last)}为止，期满后由办公室负责人确定名单。")
    expect(head.get_by_role("link", name="确定名单")).to_have_count(0)
    page.reload()
    take_step(page, "登记异议", 异议内容="来信反映乙某已调离工会系统")
    take_step(page, "办结", 核实结果="经核实仍在岗，维持名单")
    journey.wait_until(after(last, 1))
    take_up(journey.head, "公示期满，确定名单")
    shows(journey.head, "公示期满", "经核实仍在岗")
    take_step(journey.head, "确定名单")
    told(journey.head, "名单已确定")
