"""What people do on pages, and what they expect to see there."""

from playwright.sync_api import FilePayload, Page, expect

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def go(page: Page, *names: str) -> None:
    """Follow links of these names, the first one in the main menu."""
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name=names[0], exact=True).click()
    for name in names[1:]:
        page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()


def take_up(page: Page, words: str) -> None:
    """Open something from the list of what is to do."""
    go(page, "待办")
    page.get_by_role("table").get_by_role("link", name=words).click()


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def agree(page: Page, name: str) -> None:
    """Press a button of the dialog that is open."""
    page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()


def upload(page: Page, label: str, name: str, content: bytes, kind: str) -> None:
    page.get_by_label(label).set_input_files(FilePayload(name=name, mimeType=kind, buffer=content))


def told(page: Page, sentence: str) -> None:
    """Expect to be told so."""
    expect(
        page.get_by_role("status").or_(page.get_by_role("alert")).filter(has_text=sentence)
    ).to_be_visible()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def shows(page: Page, *sentences: str) -> None:
    """Expect all of these on the page."""
    for sentence in sentences:
        expect(page.get_by_role("main")).to_contain_text(sentence)
