"""The monthly sheet as people fill it: blocks, undo, two people, no network, a session that ended, keys only."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Person, sign_in
from tests.browser.test_journey import paste

pytestmark = pytest.mark.browser
SAVED = re.compile(r"^已保存 \d\d:\d\d$")


def open_sheet(page: Page) -> Page:
    page.goto("/reports/")
    page.get_by_role("main").locator("a[href$='/sheet/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("月报")
    return page


def cells(page: Page, column: str) -> Locator:
    return page.get_by_role("textbox", name=re.compile(column))


def status(page: Page) -> Locator:
    return page.locator("[data-grid-status]")


def type_into(page: Page, target: Locator, text: str) -> None:
    target.focus()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def sign_out(page: Page) -> None:
    page.get_by_role("banner").get_by_role("button", name=re.compile("联络员|负责人")).click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(re.compile("/sign-in/"))


def test_a_block_from_a_spreadsheet_is_pasted_and_taken_back(person: Person):
    page = open_sheet(person("c08-liaison"))
    percents, progress, problems = (cells(page, name) for name in ("完成进度", "进展情况", "存在问题"))
    block = [(f"１{n}", f"已办班{n}期", "师资不足，\n工学矛盾") for n in range(5)]
    percents.first.focus()
    paste(page, "\r\n".join(f'{a}\t{b}\t"{c}"' for a, b, c in block) + "\r\n")
    for n in range(5):
        expect(percents.nth(n)).to_have_value(f"1{n}")
        expect(progress.nth(n)).to_have_value(f"已办班{n}期")
        expect(problems.nth(n)).to_have_value("师资不足，\n工学矛盾")
    expect(status(page)).to_have_text(SAVED)
    percents.first.focus()
    for _ in range(4):
        page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("选中 5 格，合计 60，平均 12")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(percents.nth(4)).to_have_value("")
    expect(status(page)).to_have_text(SAVED)
    page.reload()
    for n in range(5):
        expect(percents.nth(n)).to_have_value("")
        expect(problems.nth(n)).to_have_value("")


def test_two_people_see_each_other_and_choose_between_two_texts(person: Person):
    liaison, head = open_sheet(person("c02-liaison")), open_sheet(person("c02-head"))
    cells(head, "下一步打算").nth(1).focus()
    here = liaison.get_by_role("status").filter(has_text="同时在填")
    expect(here).to_contain_text("负责人", timeout=20_000)
    expect(here).to_contain_text("下一步打算", timeout=20_000)

    type_into(head, cells(head, "完成进度").first, "33")
    expect(status(head)).to_have_text(SAVED)
    expect(cells(liaison, "完成进度").first).to_have_value("33", timeout=20_000)
    expect(cells(liaison, "完成进度").first).to_have_accessible_description(re.compile("负责人 .*填写"))

    mine, theirs = cells(liaison, "进展情况").first, cells(head, "进展情况").first
    liaison.context.set_offline(True)
    type_into(liaison, mine, "联络员写的")
    expect(liaison.get_by_role("alert").filter(has_text="暂时连不上服务器")).to_be_visible()
    theirs.focus()
    head.keyboard.type("负责人写的")
    head.keyboard.press("Tab")
    expect(status(head)).to_have_text(SAVED)
    liaison.context.set_offline(False)
    choice = liaison.get_by_role("alert").filter(has_text="修改了同一条记录")
    expect(choice).to_contain_text(
        re.compile(r"负责人 已于 \d\d:\d\d 修改了同一条记录。您的内容已保留在下方，请对照后选择保留哪一项。"),
        timeout=30_000,
    )
    expect(choice.get_by_role("definition")).to_have_text(["负责人写的", "联络员写的"])
    expect(theirs).to_have_value("负责人写的")
    choice.get_by_role("button", name=re.compile("^保留我的：")).click()
    expect(status(liaison)).to_have_text(SAVED)
    expect(theirs).to_have_value("联络员写的", timeout=20_000)


def test_without_a_network_the_work_goes_on_and_is_saved_when_it_is_back(person: Person):
    page = open_sheet(person("c05-liaison"))
    page.context.set_offline(True)
    type_into(page, cells(page, "完成进度").first, "41")
    kept = page.get_by_role("alert").filter(has_text="暂时连不上服务器")
    expect(kept).to_contain_text("所填内容暂存在这台电脑的浏览器里")
    type_into(page, cells(page, "完成进度").nth(1), "42")
    expect(status(page)).not_to_contain_text("已保存")
    page.context.set_offline(False)
    expect(status(page)).to_have_text(SAVED, timeout=30_000)
    page.reload()
    expect(cells(page, "完成进度").first).to_have_value("41")
    expect(cells(page, "完成进度").nth(1)).to_have_value("42")


def test_what_was_typed_after_the_session_ended_is_saved_after_signing_in_again(person: Person):
    page = open_sheet(person("c04-liaison"))
    other = page.context.new_page()
    other.goto("/")
    sign_out(other)
    type_into(page, cells(page, "完成进度").first, "51")
    ended = page.get_by_role("alert").filter(has_text="登录已过期")
    expect(ended).to_be_visible()
    sign_in(other, "c04-liaison")
    page.bring_to_front()
    retry = ended.get_by_role("button", name="重试")
    if retry.is_visible():
        retry.click()
    expect(status(page)).to_have_text(SAVED)
    page.reload()
    expect(cells(page, "完成进度").first).to_have_value("51")


def test_what_never_reached_the_server_is_offered_again_to_the_same_person_only(person: Person):
    page = open_sheet(person("c10-liaison"))
    before = cells(page, "完成进度").first.input_value()
    browser = page.context
    browser.set_offline(True)
    type_into(page, cells(page, "完成进度").first, "61")
    expect(page.get_by_role("alert").filter(has_text="暂时连不上服务器")).to_be_visible()
    page.close()
    browser.set_offline(False)

    other = browser.new_page()
    other.goto("/")
    sign_out(other)
    open_sheet(sign_in(other, "c10-head"))
    expect(cells(other, "完成进度").first).to_have_value(before)
    expect(other.get_by_role("alert").filter(has_text="上次有")).to_have_count(0)
    sign_out(other)
    open_sheet(sign_in(other, "c10-liaison"))
    offered = other.get_by_role("alert").filter(has_text="上次有 1 格填写后没有保存")
    expect(offered).to_contain_text("61")
    offered.get_by_role("button", name="全部保存我填写的").click()
    expect(status(other)).to_have_text(SAVED)


def test_a_cell_is_filled_commented_and_read_by_keys_alone(person: Person):
    page = open_sheet(person("c06-liaison"))
    first = cells(page, "完成进度").first
    first.focus()
    page.keyboard.type("7")
    page.keyboard.press("F2")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(first).to_have_value("71")
    expect(status(page)).to_have_text(SAVED)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+F2")
    words = page.get_by_role("complementary").get_by_label("写批注")
    expect(words).to_be_focused()
    page.keyboard.type("请核对口径")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary")
    expect(panel.get_by_role("listitem").filter(has_text="请核对口径")).to_be_visible()
    expect(panel.get_by_role("row").filter(has_text="联络员").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('table.grid') !== null")


def test_a_month_without_change_is_shown_filled_and_undone(person: Person):
    page = open_sheet(person("c07-liaison"))
    before = cells(page, "完成进度").first.input_value()
    page.get_by_role("link", name="零报告、本月无变化").click()
    expect(page.get_by_role("main")).to_contain_text("处空白将这样填入")
    page.get_by_role("button", name="确认本月无变化，填入").click()
    expect(cells(page, "完成进度").first).not_to_have_value("")
    page.get_by_role("button", name="撤销填入").click()
    expect(page.get_by_role("status").filter(has_text="已撤销")).to_be_visible()
    expect(cells(page, "完成进度").first).to_have_value(before)
