"""A draft of the indicator system on its way: written, sent out, commented on, decided, issued."""

import pytest
from playwright.sync_api import Page, expect

from changai.areas.schemes.tests.office import office_workbook
from tests.browser.conftest import Person

pytestmark = pytest.mark.browser

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
INDICATOR = "培训后取证比例"


def told(page: Page, words: str) -> None:
    expect(page.get_by_role("status").or_(page.get_by_role("alert")).get_by_text(words).first).to_be_visible()


def schemes(page: Page) -> None:
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="指标体系").click()


def face(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="指标体系页面").get_by_role("link", name=name).click()


def test_a_draft_goes_through_the_units_and_is_issued(person: Person):
    office, liaison, other, head = (
        person(login) for login in ("office", "c01-liaison", "c02-liaison", "office-head")
    )
    begin(office)
    write(office)
    face(office, "征求意见")
    office.get_by_role("button", name="发出").click()
    expect(office.get_by_role("row", name="第 1 轮")).to_contain_text("征求中")

    comment(liaison)
    answer(other)
    other.get_by_role("button", name="无意见").click()
    expect(other.get_by_role("main")).to_contain_text("已反馈：无意见")

    head.goto(office.url)
    face(head, "指标表")
    expect(head.get_by_role("main")).to_contain_text(f"{INDICATOR}：示东区的意见")
    expect(head.get_by_role("link", name="印发", exact=True)).to_have_count(0)
    decide(office)
    face(head, "指标表")
    head.get_by_role("link", name="印发", exact=True).click()
    head.get_by_role("dialog").get_by_role("button", name="印发").click()
    expect(head.get_by_role("main")).to_contain_text("年第 2 号")
    liaison.reload()
    expect(liaison.get_by_role("row", name=INDICATOR).first).to_contain_text("分值与上年保持衔接")


def begin(office: Page) -> None:
    schemes(office)
    office.get_by_role("main").get_by_role("row", name="已印发").first.get_by_role("link").first.click()
    office.get_by_role("link", name="以此新建一版").click()
    office.get_by_role("button", name="新建").click()
    expect(office.get_by_role("main")).to_contain_text("1.1 版")


def write(office: Page) -> None:
    """Change two points with the running sum, and one rule with its examples as it is typed."""
    office.get_by_label("培训任务完成率的分值").fill("14")
    row = office.get_by_role("row", name="2.1 技能培训")
    expect(row).to_contain_text("Δ 1")
    office.get_by_label(f"{INDICATOR}的分值").fill("11")
    expect(row).not_to_contain_text("Δ")
    office.get_by_role("button", name="保存分值").click()
    office.get_by_role("link", name=INDICATOR).click()
    office.get_by_label("计分句式").fill("60%得满分，50%得8分，其余不得分")
    examples = office.get_by_role("region", name="例子")
    expect(examples).to_contain_text("达到 50% 档，按 8 分计")
    office.get_by_label("计分句式").press("Control+s")
    expect(office.get_by_role("heading", level=1)).not_to_contain_text(INDICATOR)
    expect(office.get_by_role("main")).to_contain_text("撤销")


def answer(unit: Page) -> None:
    unit.reload()
    unit.get_by_role("link", name="提出意见").first.click()


def comment(unit: Page) -> None:
    answer(unit)
    unit.get_by_role("link", name=f"对“{INDICATOR}”提意见").click()
    unit.get_by_label("意见", exact=True).or_(unit.get_by_label("意见*")).first.fill("分值偏高，建议降低")
    unit.get_by_role("button", name="记下意见").click()
    unit.get_by_role("button", name="反馈 1 条意见").click()
    expect(unit.get_by_role("main")).to_contain_text("已反馈")


def decide(office: Page) -> None:
    office.get_by_role("link", name="第 1 轮").click()
    office.get_by_role("link", name="分值偏高，建议降低").click()
    office.get_by_label("不采纳", exact=True).check()
    office.get_by_label("理由").fill("分值与上年保持衔接")
    office.get_by_role("button", name="确定，到下一条").click()
    office.get_by_role("link", name="结束征求").click()
    office.get_by_role("dialog").get_by_role("button", name="结束").click()
    expect(office.get_by_role("main")).to_contain_text("已结束")


def test_the_office_s_own_table_is_read_and_confirmed_line_by_line(person: Person):
    page = person("office")
    schemes(page)
    page.get_by_role("link", name="导入指标体系").first.click()
    page.get_by_label("指标体系文件").set_input_files(
        {"name": "考核表.xlsx", "mimeType": WORKBOOK, "buffer": office_workbook()}
    )
    page.get_by_label("方案名称").fill("浏览器读入的考核表")
    page.get_by_role("button", name="上传并检查").click()
    page.get_by_role("link", name="逐条确认（3）").click()
    page.get_by_label("数据项").fill("月报迟报次数")
    expect(page.get_by_role("region", name="例子")).to_contain_text("月报迟报次数 1")
    page.get_by_role("button", name="确认，到下一条").click()
    page.get_by_label("数据项").fill("技能培训人次/培训任务数")
    page.get_by_role("button", name="确认，到下一条").click()
    page.get_by_role("button", name="确认，到下一条").click()
    expect(page.get_by_role("link", name="逐条确认")).to_have_count(0)
    face(page, "试算")
    expect(page.get_by_role("main")).to_contain_text("不保存、不公布")
    face(page, "指标表")
    expect(page.get_by_role("main")).not_to_contain_text("没有完成")
