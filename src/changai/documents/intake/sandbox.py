"""Parse what others made in a limited child process: bytes in, one JSON value or one refusal out.

The child (`child`) is a fresh interpreter with the standard library alone: no Django, no third-party
package but those a parser asks for, no inherited descriptor or variable. It limits its own memory, processor
time, descriptors and file writing before it reads a byte, and refuses sockets, processes and writing. A parser
that is killed, aborts, hangs or answers nonsense becomes one `Unreadable`; the caller's process is never touched.
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import changai
from changai.core.errors import Unreadable
from changai.documents.characters import single_line

_LOG = logging.getLogger(__name__)
# -S starts without site-packages (and faster), -P -s without the current and the user's directory.
_CHILD = (sys.executable, "-S", "-P", "-s", "-X", "utf8", "-m", "changai.documents.intake.child")
_LONGEST_NAME = 80
_SENTENCE = "文件无法读取：内容过大、已损坏或结构异常。请用 Office 或 WPS 打开检查，重新保存后再上传。"


@dataclass(frozen=True)
class Limits:
    """What one child may use. Memory is address space; an interpreter alone takes about 30 MB of it."""

    memory_bytes: int = 768 * 1024 * 1024
    cpu_seconds: int = 20
    wall_seconds: float = 30.0
    answer_bytes: int = 96 * 1024 * 1024
    source_bytes: int = 50 * 1024 * 1024
    streamed: bool = False
    packages: tuple[str, ...] = ()  # third-party ones the parser may import


def parse_limited(parser: str, source: bytes, *, name: str, limits: Limits | None = None) -> Any:
    """Return what the function `parser` of this package makes of `source`, computed in a limited child.

    :param parser: `package.module:function`, taking the bytes and returning plain JSON values
    :param name: the file's name as the user knows it; begins every refusal
    :raises Unreadable: the parser's own refusal, or one sentence for every other way to fail
    """
    limits = limits or Limits()
    if len(source) > limits.source_bytes:
        raise refusal(name, f"文件超过 {limits.source_bytes // 1024 // 1024} MB，请精简或拆分后上传。")
    answer = _answer(parser, source, limits)
    if "refused" in answer:
        raise refusal(name, str(answer["refused"]))
    if "value" not in answer:
        _LOG.warning("parser %s failed: %s", parser, str(answer.get("fault"))[:2000])
        raise refusal(name, _SENTENCE)
    return answer["value"]


def stream_limited(parser: str, source: Path, *, name: str, limits: Limits) -> Iterator[Any]:
    """Yield what the function `parser` yields for the file `source`, item by item, from a limited child.

    The child waits while the caller works, so memory stays small on both sides whatever the length.

    :param limits: with `streamed`
    :raises Unreadable: the parser's own refusal, or one sentence for every other way to fail; items already
        yielded must then be dropped
    """
    if source.stat().st_size > limits.source_bytes:
        raise refusal(name, f"文件超过 {limits.source_bytes // 1024 // 1024} MB，请拆分后上传。")
    with source.open("rb") as given:
        child = _start(parser, given, limits)
    clock = threading.Timer(limits.wall_seconds, child.kill)
    clock.start()
    end: dict[str, Any] = {}
    try:
        with child:
            for line in child.stdout or ():
                item = json.loads(line)
                if isinstance(item, dict):
                    end = item
                else:
                    yield item
    except (ValueError, RecursionError) as garbage:
        end = {"fault": f"not JSON: {garbage}"}
    finally:
        clock.cancel()
        child.kill()
    if "refused" in end:
        raise refusal(name, str(end["refused"]))
    if "end" not in end or child.returncode != 0:
        _LOG.warning("parser %s failed: exit %s %s", parser, child.returncode, str(end.get("fault"))[:2000])
        raise refusal(name, _SENTENCE)


def _start(parser: str, given: IO[bytes], limits: Limits) -> "subprocess.Popen[bytes]":
    folders = [Path(changai.__file__).parent.parent, *map(_folder_of, limits.packages)]
    return subprocess.Popen(  # noqa: S603  # our own interpreter and module
        [*_CHILD, parser, json.dumps(asdict(limits))],
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(map(str, folders)), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd="/",
        close_fds=True,
    )


def _folder_of(package: str) -> Path:
    """Return the folder a third-party package is installed in."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(package)
    return Path(found.origin).parent.parent


def refusal(name: str, sentence: str) -> Unreadable:
    """Return the refusal of the file `name`; the name is made safe to show."""
    shown = single_line(name)
    if len(shown) > _LONGEST_NAME:
        shown = shown[: _LONGEST_NAME // 2] + "…" + shown[-_LONGEST_NAME // 2 :]
    return Unreadable(f"{shown}：{sentence}", file=shown)


def _answer(parser: str, source: bytes, limits: Limits) -> dict[str, Any]:
    with tempfile.TemporaryFile() as given:
        given.write(source)
        given.seek(0)
        child = _start(parser, given, limits)
        written = _read(child, limits)
    if child.returncode != 0:
        return {"fault": f"exit {child.returncode}"}
    try:
        answer = json.loads(written)
    except (ValueError, RecursionError) as garbage:
        return {"fault": f"not JSON: {garbage}"}
    return answer if isinstance(answer, dict) else {"fault": "not an answer"}


def _read(child: "subprocess.Popen[bytes]", limits: Limits) -> bytes:
    """Return what the child writes, cut off past `answer_bytes`; the child has ended afterwards."""
    clock = threading.Timer(limits.wall_seconds, child.kill)
    clock.start()
    try:
        with child:
            return child.stdout.read(limits.answer_bytes + 1) if child.stdout else b""
    finally:
        clock.cancel()
        child.kill()
