"""Two installations, and people who sign in to them."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from changai.cli.demonstration.people import PASSWORD
from tests.browser import installation
from tests.browser.watching import Watch

LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
WALKS = {"test_journey.py", "test_assessment_journey.py"}
FAILED = pytest.StashKey[bool]()  # its pages are kept under build/failed/

Person = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the walks, which have installations of their own, come first: the city is loaded meanwhile."""
    items.sort(key=lambda item: item.path.name not in WALKS)


@pytest.fixture(scope="session")
def city_begun(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Path]]:
    """Load the demonstration city in the background, if any test will ask for it; call to wait for its folder."""
    folder = tmp_path_factory.mktemp("city")
    if not any("city" in getattr(item, "fixturenames", ()) for item in request.session.items):
        yield lambda: folder
        return
    program = installation.begin_founding("city", folder)

    def wait() -> Path:
        installation.end_founding(program, folder)
        return folder

    yield wait
    program.kill()
    program.wait()


@pytest.fixture(scope="session")
def city(city_begun: Callable[[], Path]) -> Iterator[str]:
    """The address of the demonstration city."""
    with installation.running(city_begun()) as address:
        yield address


@pytest.fixture(scope="session")
def office(city_begun: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an installation on its first working day. The city is loaded meanwhile."""
    folder = tmp_path_factory.mktemp("office")
    installation.end_founding(installation.begin_founding("office", folder), folder)
    with installation.running(folder) as address:
        yield address


class Visits:
    """Browsers of several people, each of their own; whatever breaks on their pages is noted."""

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self._contexts: list[BrowserContext] = []
        self._watches: list[Watch] = []

    def open(self, address: str, *, viewport: dict[str, int] | None = None) -> Page:
        """Return the first page of an installation in a browser of its own."""
        context = self._chromium.new_context(base_url=address, viewport=viewport or LAPTOP, locale="zh-CN")
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        self._watches.append(Watch(context, address))
        page = context.new_page()
        page.goto("/")
        return page

    def check(self) -> None:
        """Fail when anything broke since the last check."""
        seen = [line for watch in self._watches for line in watch.taken()]
        assert not seen, "\n".join(seen)

    def keep_pictures(self, name: str) -> None:
        """Keep what the pages show, for whoever looks into a failure."""
        pages = [page for context in self._contexts for page in context.pages]
        for number, page in enumerate(pages, start=1):
            file = installation.ROOT / "build" / "failed" / f"{name}-{number}.png"
            page.screenshot(path=file, full_page=True)
            file.with_suffix(".txt").write_text(f"{page.url}\n{page.locator('body').aria_snapshot()}")

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@contextmanager
def visiting(chromium: Browser) -> Iterator[Visits]:
    visits = Visits(chromium)
    try:
        yield visits
    finally:
        visits.close()


@pytest.fixture
def visit(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """`visit(address)` opens a browser of its own. Anything broken on its pages fails the test."""
    with visiting(chromium) as visits:
        yield visits.open
        if FAILED in request.node.stash:
            visits.keep_pictures(request.node.name)
        visits.check()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and report.failed:
        item.stash[FAILED] = True
    return report


def sign_in(page: Page, login: str, password: str = PASSWORD) -> Page:
    """Sign in through the page."""
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    return page


@pytest.fixture
def person(city: str, visit: Callable[..., Page]) -> Person:
    """`person(login)` is the page of somebody of the demonstration city who has signed in."""
    return lambda login, **look: sign_in(visit(city, **look), login)


class Walk:
    """People on their way through one installation, each with a browser of their own."""

    def __init__(self, address: str, visits: Visits) -> None:
        self.address = address
        self.visits = visits
        self.pages: dict[str, Page] = {}
        self.broken_at = ""

    @property
    def officer(self) -> Page:
        return self.person("office")

    @property
    def head(self) -> Page:
        return self.person("office-head")

    @property
    def leader(self) -> Page:
        return self.person("leader")

    def person(self, login: str) -> Page:
        """Return the page of somebody who has signed in."""
        if login not in self.pages:
            self.pages[login] = sign_in(self.visits.open(self.address), login)
        return self.pages[login]


@pytest.fixture
def journey(walk: Walk, request: pytest.FixtureRequest) -> Iterator[Walk]:
    """The next step of a walk; the module says which. When a step fails the later ones are skipped."""
    if walk.broken_at:
        pytest.skip(f"the walk ended at {walk.broken_at}")
    yield walk
    if FAILED in request.node.stash:
        walk.broken_at = request.node.name
        walk.visits.keep_pictures(request.node.name)
    walk.visits.check()
