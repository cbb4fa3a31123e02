"""A part of the units report over HTTP: the product's own server, many people at once, real pages."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from changai.cli.bench_reporting.timing import HEAD, Times

_FORM = "application/x-www-form-urlencoded"
_BUSY, _MOST_PRESSES = 503, 5
_VERSION = re.compile(r'name="version"[^>]*value="(\d+)"')


@dataclass
class Visitor:
    """One signed-in person's browser."""

    port: int
    session: str
    token: str = ""
    told_busy: int = 0

    def ask(self, method: str, path: str, body: str = "", kind: str = _FORM) -> tuple[int, str]:
        """Return status and text of one request on a connection of its own, as people who come and go make them."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {
            "Host": "localhost",
            "Cookie": f"session={self.session}; csrf={self.token}",
            "Content-Type": kind,
        }
        if body:
            headers["X-CSRFToken"] = self.token
        connection.request(method, path, body=body.encode() or None, headers=headers)
        response = connection.getresponse()
        text = response.read().decode()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie" and value.startswith("csrf="):
                self.token = value.partition("=")[2].partition(";")[0]
        connection.close()
        return response.status, text

    def must(self, expected: int, *asked: str) -> str:
        """Return the text of a request that has to be answered with the status expected.

        Told that the system is busy, a person presses again: the time of both counts.
        """
        status, text = self.ask(*asked)
        for _ in range(_MOST_PRESSES - 1):
            if status != _BUSY:
                break
            self.told_busy += 1
            status, text = self.ask(*asked)
        if status != expected:
            raise RuntimeError(f"{asked[0]} {asked[1]}: {status} {text[:300]}")
        return text


def submit_over_http(
    reports: Sequence[Any], *, threads: int, a_second: float, filled: Callable[[Any], list[tuple[str, str]]]
) -> list[str]:
    """Let the units report over HTTP; return the rows of the tables.

    Half of them `threads` at once and without a pause, to find the limit; half at the pace of the deadline hour, in
    which all of them come once.
    """
    from django.db import connections

    with _server() as port:
        work = [(report.pk, *_visitors(report, port), filled(report)) for report in reports]
        connections.close_all()
        with ThreadPoolExecutor(threads) as pool:  # the server's processes import on their first pages
            list(pool.map(lambda job: job[2].must(200, "GET", "/reports/"), [*work] * (1 + 64 // len(work))))
        half = len(work) // 2
        limit = _table(work[:half], threads, f"{threads} at once without a pause", 0.0)
        paced = _table(work[half:], threads, f"at {a_second:.2f} a second, the pace of the hour", a_second)
    return [*limit, "", *paced]


def _table(work: Sequence[Any], threads: int, how: str, a_second: float) -> list[str]:
    times = [
        Times("HTTP: open the sheet"),
        Times("HTTP: save all cells"),
        Times("HTTP: submit"),
        Times("HTTP: sign"),
    ]
    start = time.perf_counter()

    def come(place: int) -> None:
        if a_second:
            time.sleep(max(0.0, start + place / a_second - time.perf_counter()))
        _report(times, *work[place])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(come, range(len(work))))
    rate = len(work) / (time.perf_counter() - start)
    busy = sum(visitor.told_busy for _pk, liaison, head, _cells in work for visitor in (liaison, head))
    return [
        f"{len(work)} units over HTTP, {how}: {rate:.2f} reports a second, told {busy} times that the system is busy",
        HEAD,
        *(t.line() for t in times),
    ]


def _visitors(report: Any, port: int) -> tuple[Visitor, Visitor]:
    from changai.cli.bench_reporting.people import signed_in

    unit_id = report.obligation.unit_id
    sessions = [signed_in(role, unit_id).cookies["session"].value for role in ("unit_liaison", "unit_head")]
    return Visitor(port, sessions[0]), Visitor(port, sessions[1])


def _report(
    times: list[Times], pk: int, liaison: Visitor, head: Visitor, cells: list[tuple[str, str]]
) -> None:
    opening, saving, submitting, signing = times
    with opening.step():
        liaison.must(200, "GET", f"/reports/{pk}/sheet/")
    sent = json.dumps({"cells": [{"ref": ref, "value": value} for ref, value in cells]})
    with saving.step():
        saved = json.loads(liaison.must(200, "POST", f"/reports/{pk}/save/", sent, "application/json"))
    if saved["refused"]:
        raise RuntimeError(f"refused: {saved['refused'][:2]}")
    with submitting.step():
        liaison.must(303, "POST", f"/reports/{pk}/submit/", _form(saved["version"]))
    page = head.must(200, "GET", f"/reports/{pk}/sign/")
    found = _VERSION.search(page)
    if found is None:
        raise RuntimeError("the page to sign names no version")
    with signing.step():
        head.must(303, "POST", f"/reports/{pk}/sign/", _form(found[1]))


def _form(version: object) -> str:
    return urlencode({"version": version, "once": uuid.uuid4().hex})


@contextmanager
def _server() -> Iterator[int]:
    """Run the product's server as `changai run` does, and yield its port."""
    from changai.cli.serve import THREADS, WORKERS

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [
        sys.executable, "-m", "gunicorn", "changai.config.wsgi", "--bind", f"127.0.0.1:{port}",
        "--workers", str(WORKERS), "--threads", str(THREADS), "--log-level", "warning",
    ]  # fmt: skip
    server = subprocess.Popen(command, env=os.environ)  # noqa: S603 - our own server
    try:
        _wait_until_up(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_until_up(port: int) -> None:
    for _ in range(300):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/healthz")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not come up")
