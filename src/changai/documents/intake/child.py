"""The limited child of `sandbox`: limit yourself, read, parse, answer in JSON."""

import importlib
import json
import os
import resource
import sys
import traceback
from typing import Any

from changai.core.errors import ActionRefused

_PACKAGE = "changai.documents."
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.remove",
    "os.rename",
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main(parser: str, limits: dict[str, Any]) -> int:
    """Answer on standard output with {"value"}, {"refused"} or {"fault"} and return 0."""
    module, _, function = parser.partition(":")
    if not module.startswith(_PACKAGE):
        raise ValueError(f"not a parser of this package: {parser}")
    _limit(limits)
    parse = getattr(importlib.import_module(module), function)
    sys.addaudithook(_refuse_effects)
    if limits.get("streamed"):
        return _stream(parse, limits["answer_bytes"])
    written = json.dumps(_outcome(parse), ensure_ascii=False).encode("utf-8", "surrogatepass")
    if len(written) > limits["answer_bytes"]:
        written = b'{"fault": "answer too long"}'
    sys.stdout.buffer.write(written)
    sys.stdout.buffer.flush()
    return 0


def _outcome(parse: Any) -> dict[str, Any]:
    try:
        return {"value": parse(sys.stdin.buffer.read())}
    except ActionRefused as refused:
        return {"refused": refused.sentence}
    except MemoryError:
        return {"fault": "MemoryError"}
    except Exception:  # noqa: BLE001  # whatever a hostile file provokes is a fault of that file
        return {"fault": traceback.format_exc(limit=-5)}


def _stream(parse: Any, most_bytes: int) -> int:
    """Answer with one JSON array a line as they come, and last of all with an object: {"end"} or what went wrong."""
    end: dict[str, Any] = {"end": True}
    written = 0
    try:
        for item in parse(sys.stdin.buffer.read()):
            line = json.dumps(item, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
            written += len(line)
            if written > most_bytes:
                end = {"fault": "answer too long"}
                break
            sys.stdout.buffer.write(line)
    except ActionRefused as refused:
        end = {"refused": refused.sentence}
    except MemoryError:
        end = {"fault": "MemoryError"}
    except Exception:  # noqa: BLE001  # whatever a hostile file provokes is a fault of that file
        end = {"fault": traceback.format_exc(limit=-5)}
    sys.stdout.buffer.write(json.dumps(end, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()
    return 0


def _limit(limits: dict[str, Any]) -> None:
    cpu = int(limits["cpu_seconds"])
    for kind, most in (
        (resource.RLIMIT_AS, int(limits["memory_bytes"])),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _refuse_effects(event: str, arguments: tuple[Any, ...]) -> None:
    """A second fence behind the limits: parsers have no business with the network, processes or writing."""
    if event.startswith(_FORBIDDEN) or (
        event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING
    ):
        raise PermissionError(event)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], json.loads(sys.argv[2])))
