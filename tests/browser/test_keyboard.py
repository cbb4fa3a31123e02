"""The product without a mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from changai.cli.demonstration.people import PASSWORD
from tests.browser.conftest import PHONE, Person

pytestmark = pytest.mark.browser

MOST_STEPS = 60


def focused_name(page: Page) -> str:
    name = "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
    return str(page.evaluate(f"({name}).trim()"))


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something of this name has the focus; it has to show that it has."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if focused_name(page) == name:
            shown = page.evaluate(
                "(({outlineStyle, boxShadow}) => outlineStyle + boxShadow)(getComputedStyle(document.activeElement))"
            )
            assert shown != "nonenone", f"{name} does not show that it has the focus"
            return
    pytest.fail(f"Tab does not lead to {name}")


def test_a_person_signs_in_and_reaches_the_work_by_keys(city: str, visit: Callable[..., Page]):
    page = visit(city)
    page.get_by_label("登录名").focus()
    page.keyboard.type("office")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("待办")
    page.keyboard.press("Tab")
    assert focused_name(page) == "跳到正文"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.reload()
    tab_to(page, "月报")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("月报")


def test_a_dialog_takes_the_focus_and_gives_it_back(person: Person):
    page = person("office")
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="月报").click()
    page.get_by_role("link", name="报送情况").first.click()
    tab_to(page, "关闭本期")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert focused_name(page) == "关闭本期"


def test_the_menu_of_a_phone_opens_and_closes_by_keys(person: Person):
    page = person("c01-liaison", viewport=PHONE)
    tab_to(page, "打开菜单")
    page.keyboard.press("Enter")
    menu = page.get_by_role("dialog", name="主菜单")
    entry = menu.get_by_role("link", name="任务", exact=True)
    expect(menu).to_be_focused()
    expect(entry).to_be_visible()
    page.keyboard.press("Escape")
    expect(entry).to_be_hidden()
