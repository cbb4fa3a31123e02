"""What must never happen on any page, watched in every test."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

# Chromium notes every refused form on its console; pages answer those on purpose, and tests ask for their words. A
# network that is away is always a test's own doing.
REFUSED = (
    "Failed to load resource: the server responded with a status of 4",
    "Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
)
PARTS = {"stylesheet", "script", "image", "font"}


class Watch:
    """Collects broken scripts, refused policies, faults of the server, missing assets, and requests elsewhere."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.host = urlsplit(address).netloc
        self._seen: list[str] = []
        context.on("console", self._heard)
        context.on("weberror", lambda fault: self._seen.append(f"script: {fault.error}"))
        context.on("request", self._asked)
        context.on("response", self._answered)

    def taken(self) -> list[str]:
        """Return what was seen since the last time."""
        seen, self._seen = self._seen, []
        return seen

    def _heard(self, line: ConsoleMessage) -> None:
        if line.type in {"error", "warning"} and not line.text.startswith(REFUSED):
            self._seen.append(f"console: {line.text}")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != self.host:
            self._seen.append(f"elsewhere: {request.url}")

    def _answered(self, response: Response) -> None:
        is_missing = response.status >= 400 and response.request.resource_type in PARTS
        if response.status >= 500 or is_missing:
            self._seen.append(f"{response.status}: {response.request.method} {response.url}")
