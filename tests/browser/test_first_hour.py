"""The first hour of each post in the demonstration city: something to do at home, and every menu entry opens."""

import pytest
from playwright.sync_api import Page, expect

from changai.cli.demonstration.loading import sign_ins
from tests.browser.conftest import Person

pytestmark = pytest.mark.browser

LOGINS = [login for _post, login, _password in sign_ins()]


def entries(page: Page) -> list[str]:
    """Return the addresses of the menu."""
    links = page.get_by_role("navigation", name="主菜单").get_by_role("link")
    return [str(link.get_attribute("href")) for link in links.all()]


@pytest.mark.parametrize("login", [login for login in LOGINS if login not in {"leader", "system"}])
def test_a_post_finds_something_to_do(login: str, person: Person):
    page = person(login)
    expect(page.get_by_role("heading", name="要办的事")).to_be_visible()
    links = page.get_by_role("table").first.get_by_role("rowheader").get_by_role("link")
    addresses = {str(link.get_attribute("href")) for link in links.all()}
    assert addresses
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, address


@pytest.mark.parametrize("login", LOGINS)
def test_every_menu_entry_opens(login: str, person: Person):
    page = person(login)
    addresses = entries(page)
    assert addresses
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
