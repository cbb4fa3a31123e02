"""The frame and the components in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from changai.foundation.ui.tests.gallery import views

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("changai.foundation.ui.tests.gallery.urls"),
]


def test_the_gallery_keeps_the_policy_and_draws_its_chart(page: Page):
    page.goto("/gallery/")
    expect(page.locator(".chart-canvas svg")).to_be_visible()
    page.get_by_text("数据表").click()
    expect(page.get_by_role("row", name=re.compile("第1区 55.5"))).to_be_visible()


def test_a_reason_is_asked_and_arrives_once(page: Page):
    views.ORDERS.clear()
    page.goto("/gallery/")
    page.get_by_role("link", name="退回").first.click()
    reason = page.get_by_label("退回原因")
    expect(reason).to_be_focused()
    page.get_by_role("dialog").get_by_role("button", name="退回").click()
    assert views.ORDERS == []
    reason.fill("与台账不符")
    page.get_by_role("dialog").get_by_role("button", name="退回").dblclick()
    expect(page.get_by_text("已退回，对方将收到消息。").first).to_be_visible()
    assert len(views.ORDERS) == 1
    assert views.ORDERS[0].endswith(":与台账不符")


def test_the_dialog_is_a_section_of_the_page_without_script(chromium, live_server):
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto("/gallery/")
    expect(page.get_by_label("退回原因")).to_be_hidden()
    page.get_by_role("link", name="退回").first.click()
    expect(page.get_by_label("退回原因")).to_be_visible()
    context.close()


def test_a_refused_file_shows_its_faults_and_a_good_one_goes_through(page: Page):
    page.goto("/gallery/")
    page.get_by_label("方案文件").set_input_files({"name": "a.exe", "mimeType": "text/plain", "buffer": b"x"})
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_text("a.exe：应为 .docx 或 .txt")).to_be_visible()
    page.goto("/gallery/")
    page.get_by_label("方案文件").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"})
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_text("已上传 a.txt").first).to_be_visible()


def test_faults_of_a_form_are_read_first(page: Page):
    page.goto("/gallery/")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".fault-summary")).to_be_focused()
    page.get_by_role("link", name="标题", exact=True).click()
    expect(page.get_by_label("标题")).to_be_focused()


def test_the_list_follows_its_filter(page: Page):
    page.goto("/gallery/")
    page.get_by_label("关键字").press_sequentially("第28区")
    expect(page.locator(".pager-count")).to_have_text("共 1 条")
    expect(page.get_by_label("关键字")).to_be_focused()
    expect(page).to_have_url(re.compile("q=%E7%AC%AC28"))
    page.get_by_label("关键字").fill("")
    page.get_by_label("状态").select_option("overdue")
    expect(page.locator("#rows tbody tr").first).to_contain_text("已逾期")
    page.route("**/gallery/**", lambda route: route.fulfill(status=503, body="busy"))
    page.get_by_label("状态").select_option("")
    expect(page.get_by_text("没有得到回应，请稍后重试。").first).to_be_visible()
    expect(page.locator("#rows tbody tr").first).to_contain_text("已逾期")


def test_a_phone_scrolls_tables_not_the_page(page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/gallery/")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
