"""A typist writes a circular with an attachment, a picture and a list, deletes and brings back, and sees the pages."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.conftest import Person, sign_in

pytestmark = pytest.mark.browser

PASTED = "一、总体情况\n各单位按要求推进。\n二、下步安排"


def photograph() -> FilePayload:
    written = io.BytesIO()
    Image.new("RGB", (640, 400), "#8899aa").save(written, "JPEG")
    return FilePayload(name="驿站.jpg", mimeType="image/jpeg", buffer=written.getvalue())


def start_empty(page: Page, kind: str) -> None:
    page.goto("/briefings/new/")
    page.get_by_role("combobox", name="文种").select_option(label=kind)
    page.get_by_label("空白").check()
    page.get_by_role("button", name="开始编写").click()
    page.wait_for_url("**/compose/")


def add(page: Page, kind: str, text: str) -> Locator:
    """Add a block at the end and write into it."""
    page.locator(".block-end").get_by_role("button", name=kind, exact=True).click()
    block = page.locator("[data-block]").last
    block.get_by_label("文字").fill(text)
    return block


def texts(page: Page) -> Locator:
    return page.locator("[data-block] [data-text]")


def saved(page: Page) -> None:
    page.keyboard.press("Control+s")
    expect(page.locator("[data-status]")).to_contain_text("已保存")


def test_blocks_are_deleted_brought_back_moved_and_split_by_keys(person: Person) -> None:
    page = person("office")
    start_empty(page, "督查通报")
    first = add(page, "正文", "现将有关情况通报如下。")
    first.get_by_label("文字").press("Control+Enter")
    page.keyboard.insert_text("要删去的一段")
    expect(page.locator("[data-block]")).to_have_count(2)
    page.keyboard.press("Alt+Delete")
    expect(page.locator("[data-block]")).to_have_count(1)
    page.get_by_role("button", name="撤销删除").click()
    second = page.locator("[data-block]").nth(1).get_by_label("文字")
    expect(second).to_have_value("要删去的一段")
    second.press("Alt+ArrowUp")
    expect(page.locator("[data-block]").first.get_by_label("文字")).to_have_value("要删去的一段")

    page.keyboard.press("Alt+Delete")
    saved(page)
    page.reload()
    page.get_by_role("button", name="撤销删除").click()
    expect(texts(page).first).to_have_value("要删去的一段")


def test_a_paste_of_many_lines_is_one_step_to_undo(person: Person) -> None:
    page = person("office")
    start_empty(page, "督查通报")
    add(page, "正文", "现将有关情况通报如下。")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", PASTED)
    with page.expect_navigation():
        page.keyboard.press("Control+v")
    expect(texts(page)).to_have_count(3)
    expect(texts(page).nth(1)).to_have_value("各单位按要求推进。")
    page.get_by_role("button", name="撤销粘贴").click()
    expect(texts(page)).to_have_count(1)
    expect(texts(page).first).to_have_value("现将有关情况通报如下。")


def write_while_nothing_is_saved(page: Page) -> None:
    """Write a paragraph and the receivers, and see that they were not saved."""
    add(page, "正文", "没有保存成功的一段")
    page.get_by_label("主送", exact=True).fill("各县区总工会")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-status]")).to_have_class(re.compile("is-trouble"))


def put_back(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="放回来").click()


def holds_what_was_written(page: Page) -> None:
    expect(texts(page).last).to_have_value("没有保存成功的一段")
    expect(page.get_by_label("主送", exact=True)).to_have_value("各县区总工会")
    expect(page.locator("[data-kept-texts]")).to_be_hidden()


def test_what_was_written_without_network_is_put_back(person: Person) -> None:
    page = person("office")
    start_empty(page, "督查通报")
    page.route("**/compose/", lambda route: route.abort("internetdisconnected"))
    write_while_nothing_is_saved(page)
    address = page.url
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/briefings/")
    page.unroute("**/compose/")
    page.goto(address)
    expect(texts(page)).to_have_count(0)
    put_back(page)
    holds_what_was_written(page)
    page.reload()
    holds_what_was_written(page)


def test_a_session_that_ends_while_writing_loses_nothing(person: Person) -> None:
    page = person("office")
    start_empty(page, "督查通报")
    page.context.clear_cookies(name="session")
    write_while_nothing_is_saved(page)
    page.get_by_role("link", name="重新登录").click()
    sign_in(page, "office")
    page.wait_for_url("**/compose/")
    put_back(page)
    holds_what_was_written(page)


def test_what_somebody_else_wrote_meanwhile_stands_beside_what_is_put_back(person: Person) -> None:
    page, other = person("office"), person("office-head")
    start_empty(page, "督查通报")
    address = page.url
    page.context.set_offline(True)
    write_while_nothing_is_saved(page)
    other.goto(address)
    add(other, "正文", "负责人写的一段")
    saved(other)
    page.context.set_offline(False)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    page.get_by_role("button", name="放回来").click()
    with page.expect_navigation():
        page.get_by_role("button", name="看两人写的内容").click()
    expect(page.locator(".block-theirs")).to_have_count(1)
    expect(texts(page)).to_have_count(2)
    saved(page)
    page.reload()
    expect(page.locator("[data-kept-texts]")).to_be_hidden()
    assert sorted(each.input_value() for each in texts(page).all()) == [
        "没有保存成功的一段",
        "负责人写的一段",
    ]


def test_a_circular_with_attachment_picture_and_list_reaches_the_head(person: Person) -> None:
    page = person("office")
    start_empty(page, "督查通报")
    add(page, "正文", "现将有关情况通报如下。")
    add(page, "列项", "压实责任\n按月报送")
    add(page, "附件", "驿站建设情况")
    page.locator(".block-end").get_by_role("button", name="图片", exact=True).click()
    picture = page.locator("[data-block]").last
    picture.get_by_label("图片内容").fill("驿站内的休息区")
    picture.get_by_label("图题").fill("驿站")
    with page.expect_navigation():
        picture.get_by_label("图片文件").set_input_files(photograph())
    shown = page.get_by_role("img", name="驿站内的休息区")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.naturalWidth") == 640
    assert page.locator("[data-fault]:not(:empty)").all_inner_texts() == []

    page.get_by_role("button", name="边写边看").click()
    expect(page.get_by_role("img", name="第 2 页")).to_be_visible()
    page.get_by_role("button", name="编写", exact=True).click()
    page.get_by_role("link", name="预览报批").click()
    page.get_by_role("button", name="报批", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("已报办公室负责人审批。")
