"""A typist writes a circular with an attachment, a picture and a list, deletes and brings back, and sees the pages."""

import io

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.conftest import Person

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

    second = page.locator("[data-block]").first.get_by_label("文字")
    second.fill(PASTED)
    saved(page)
    page.reload()
    page.get_by_role("button", name="按行分段").click()
    expect(page.locator("[data-block]")).to_have_count(4)


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
