"""Parsers that misbehave, to be run in the limited child by the tests. Standard library only."""

import base64
import importlib
import json
import os
import signal
import socket
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from changai.core.errors import Unreadable


def eats_memory(_source: bytes) -> int:
    return len(bytearray(4 << 30))


def aborts(_source: bytes) -> None:
    os.abort()


def burns_time(_source: bytes) -> None:
    while True:
        pass


def sleeps(_source: bytes) -> None:
    time.sleep(60)


def kills_itself(_source: bytes) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def talks_nonsense(_source: bytes) -> None:
    sys.stdout.buffer.write(b"{]")
    sys.stdout.buffer.flush()
    os._exit(0)


def answers_a_list(_source: bytes) -> None:
    sys.stdout.buffer.write(b"[1]")
    sys.stdout.buffer.flush()
    os._exit(0)


def talks_too_much(_source: bytes) -> str:
    return "x" * 4_000_000


def recurses(source: bytes) -> Any:
    return recurses(source)


def calls_out(_source: bytes) -> None:
    socket.socket().close()


def writes(source: bytes) -> None:
    Path(source.decode()).write_text("x")


def starts_a_process(_source: bytes) -> None:
    os.posix_spawn("/bin/true", ["true"], {})


def refuses(_source: bytes) -> None:
    raise Unreadable("自己拒绝。")


def echoes(source: bytes) -> dict[str, Any]:
    return {"length": len(source), "modules": sorted(sys.modules), "environment": sorted(os.environ)}


def many(source: bytes) -> dict[str, int]:
    """Run one parser over many files in one child; count how each ended."""
    given = json.loads(source)
    module, _, function = given["parser"].partition(":")
    parse = getattr(importlib.import_module(module), function)
    ends: Counter[str] = Counter()
    for file in given["files"]:
        try:
            json.dumps(parse(base64.b64decode(file)))
        except Unreadable:
            ends["refused"] += 1
        except Exception as fault:  # noqa: BLE001  # what is counted here
            ends[repr(fault)[:120]] += 1
        else:
            ends["read"] += 1
    return dict(ends)
