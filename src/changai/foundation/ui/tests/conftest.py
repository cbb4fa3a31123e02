"""A page of the gallery in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page


@pytest.fixture
def page(chromium: Browser, live_server) -> Iterator[Page]:
    """A page at 1366x768; a script that fails or that the content policy refuses fails the test."""
    context = chromium.new_context(
        viewport={"width": 1366, "height": 768}, base_url=live_server.url, locale="zh-CN"
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda fault: broken.append(str(fault)))
    page.on("console", lambda line: broken.append(line.text) if "Content Security" in line.text else None)
    yield page
    context.close()
    assert broken == []
