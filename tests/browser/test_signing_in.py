"""Signing in and out, and the shell around every page."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person

pytestmark = pytest.mark.browser


def test_after_sign_in_the_first_page_is_what_is_to_do(person: Person):
    page = person("office")
    expect(page.get_by_role("heading", level=1)).to_have_text("待办")
    expect(page.get_by_role("navigation", name="主菜单")).to_be_visible()


def test_signing_out_ends_the_session(person: Person):
    page = person("c01-liaison")
    page.get_by_role("banner").get_by_role("button").last.click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="登录", exact=True)).to_be_visible()
    page.goto("/reports/")
    expect(page.get_by_label("登录名")).to_be_visible()
