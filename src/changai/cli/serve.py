"""`changai run`: prepare data and database, then keep the site and its background work running."""

import argparse
import errno
import fcntl
import hashlib
import http.client
import ipaddress
import json
import os
import shlex
import socket
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from changai.cli.supervisor import GaveUp, Program, keep_running

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - it has no public name

WORKERS = 2
THREADS = 8
FOR_EVERYBODY = {"0.0.0.0", "::", ""}  # noqa: S104 - compared with, not bound to


class CannotStart(Exception):
    """The product cannot start here; the text says why and what to do."""


def register(commands: "Commands") -> None:
    """Add `run` to the command line."""
    parser = commands.add_parser("run", help="启动网站和后台工作")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址，默认仅本机可用")
    parser.add_argument("--port", type=_port, default=8000, help="端口，默认 8000")
    parser.add_argument("--data", type=Path, metavar="DIR", help="数据目录，默认 var/")
    parser.add_argument("--demonstration", action="store_true", help="数据库为空时装入示范市")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run until told to stop; return the exit code."""
    _set_surroundings(arguments)
    try:
        folder = _data_folder()
        with _sole_use_of(folder), _listening(arguments.host, arguments.port) as listener:
            is_demonstration = _prepare(folder, wanted=arguments.demonstration)
            _serve(listener, arguments.host, is_demonstration=is_demonstration)
    except (CannotStart, GaveUp) as reason:
        _tell(str(reason))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 2**16:
        raise argparse.ArgumentTypeError("端口应为 1 至 65535")
    return port


def _tell(sentence: str) -> None:
    print(f"[产改通] {sentence}", flush=True)


def _set_surroundings(arguments: argparse.Namespace) -> None:
    """Tell the settings, here and in the children, what the command line decided; files are their owner's alone."""
    os.umask(0o077)
    if arguments.data:
        os.environ["CHANGAI_DATA"] = str(arguments.data.resolve())
    if arguments.demonstration:
        os.environ["CHANGAI_DEMONSTRATION"] = "1"
    os.environ.setdefault("CHANGAI_HOSTS", ",".join(_names_of_this_machine(arguments.host)))


def _names_of_this_machine(host: str) -> list[str]:
    """Return the names and addresses by which people reach the site; Django refuses requests for others."""
    names = ["localhost", "127.0.0.1", "[::1]"]
    if host in FOR_EVERYBODY:
        names.append(socket.gethostname())
        try:
            found = socket.getaddrinfo(socket.gethostname(), None)
        except OSError:
            found = []
        names += sorted({_in_address(str(entry[4][0])) for entry in found})
    else:
        names.append(_in_address(host))
    return list(dict.fromkeys(names))


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _data_folder() -> Path:
    """Return the data folder, now that the settings and so the keys and the database are known to be usable.

    :raises CannotStart: when the settings refuse the surroundings.
    """
    from django.conf import settings

    try:
        return Path(settings.DATA_FOLDER)
    except RuntimeError as reason:  # the SQLite at hand may corrupt the database
        raise CannotStart(str(reason)) from reason
    except OSError as reason:
        raise CannotStart(
            f"数据目录不能写入：{reason.filename} · the data folder cannot be written: {reason.strerror}"
        ) from reason


@contextmanager
def _sole_use_of(folder: Path) -> Iterator[None]:
    """Hold the data folder, so that no second one runs on it.

    :raises CannotStart: when another one does.
    """
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as reason:
            raise CannotStart(
                f"产改通已在使用数据目录 {folder}，请先停止它 · already running on this data folder"
            ) from reason
        yield


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Hold the address from now on: people who come before the site is up wait instead of being refused.

    :raises CannotStart: when the address cannot be had.
    """
    where = f"{host}:{port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as reason:
        raise CannotStart(f"地址 {where} 不正确 · no such address") from reason
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen(512)
        except OSError as reason:
            raise CannotStart(_why_not(where, reason)) from reason
        yield listener


def _why_not(where: str, reason: OSError) -> str:
    if reason.errno == errno.EADDRINUSE:
        return f"{where} 已被占用，请用 --port 换一个端口 · {where} is in use; choose another with --port"
    return f"{where} 不能使用，请检查 --host 和 --port · {where} cannot be used: {reason.strerror}"


def _prepare(folder: Path, *, wanted: bool) -> bool:
    """Bring the database, the static files and, when wanted and there is nothing yet, the demonstration city.

    Return whether the data folder holds the demonstration city.
    """
    mark = folder / "demonstration"
    import django
    from django.core.management import call_command
    from django.db import OperationalError, connections

    _tell("准备数据库 · preparing the database")
    django.setup()
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as reason:
        raise CannotStart(f"数据库不能使用 · the database cannot be used: {reason}") from reason
    _collect_static()
    if wanted and not mark.exists():
        _load_demonstration(mark)
    connections.close_all()
    if mark.exists():
        os.environ["CHANGAI_DEMONSTRATION"] = "1"
    elif wanted:
        del os.environ[
            "CHANGAI_DEMONSTRATION"
        ]  # somebody's own data: the site may not call them a demonstration
    return mark.exists()


def _load_demonstration(mark: Path) -> None:
    """Load the demonstration city, unless somebody already works with this database."""
    from django.utils import timezone

    from changai.cli import demonstration

    if not demonstration.is_empty():
        _tell("数据库已有资料，不装入示范市 · there are data already; no demonstration city is loaded")
        return
    _tell("装入示范市半年的资料，约需一分钟 · loading the demonstration city, about a minute")
    demonstration.load(now=timezone.localtime(), say=_tell)
    mark.touch()


def _collect_static() -> None:
    """Gather and compress the static files when any of them changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    files = [
        Path(storage.path(name))
        for finder in get_finders()
        for name, storage in finder.list(ignore_patterns=[])
    ]
    states = sorted((str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files)
    digest = hashlib.sha256(json.dumps([states, settings.STORAGES["staticfiles"]]).encode()).hexdigest()
    stamp = Path(settings.STATIC_ROOT) / "sources.sha256"
    if not stamp.exists() or stamp.read_text(encoding="ascii") != digest:
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(digest, encoding="ascii")


def _serve(listener: socket.socket, host: str, *, is_demonstration: bool) -> None:
    port = listener.getsockname()[1]
    keep_running(
        [_web(listener), Program("后台工作", [sys.executable, "-m", "changai.cli.main", "worker"])],
        is_ready=lambda: _answers(listener),
        announce=lambda: _announce(host, port, is_demonstration=is_demonstration),
        tell=_tell,
    )
    _tell("已停止 · stopped")


def _web(listener: socket.socket) -> Program:
    options = {
        "--bind": f"fd://{listener.fileno()}",
        "--worker-class": "gthread",
        "--workers": str(WORKERS),
        "--threads": str(THREADS),
        "--timeout": "60",
        "--graceful-timeout": "5",
        "--log-level": "warning",
    }
    if Path("/dev/shm").is_dir():  # noqa: S108 - heartbeats on a slow disk would look like a hanging worker
        options["--worker-tmp-dir"] = "/dev/shm"  # noqa: S108
    words = [word for option in options.items() for word in option]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--no-control-socket",
        *words,
        "changai.config.wsgi:application",
    ]
    return Program("网站", command, descriptors=(listener.fileno(),))


def _answers(listener: socket.socket) -> bool:
    """Return whether the site answers a request, with anything but a fault."""
    host, port = listener.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = "::1" if ":" in host else "127.0.0.1"
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        connection.close()


def _announce(host: str, port: int, *, is_demonstration: bool) -> None:
    from django.conf import settings

    shown = "127.0.0.1" if host in FOR_EVERYBODY else _in_address(host)
    print(f"\n产改通已启动 · running\n  网址 · address   http://{shown}:{port}/")
    print(f"  数据 · data      {settings.DATA_FOLDER}")
    if is_demonstration:
        _show_sign_ins()
    elif _has_no_accounts():
        _show_how_to_begin()
    print("  按 Ctrl+C 停止 · Ctrl+C stops\n", flush=True)


def _has_no_accounts() -> bool:
    from django.db import connections

    from changai.cli import demonstration

    try:
        return demonstration.is_empty()
    finally:
        connections.close_all()


def _show_how_to_begin() -> None:
    command = f"{shlex.quote(str(Path(sys.executable).parent / 'changai'))} account --city 城市名称"
    words = shlex.quote(os.environ["CHANGAI_DATA"]) if "CHANGAI_DATA" in os.environ else ""
    print(
        "\n  还没有账号，请在另一终端开设三名管理员 · no accounts yet; open the first three in another terminal"
    )
    print(f"    {f'CHANGAI_DATA={words} ' if words else ''}{command}\n")


def _show_sign_ins() -> None:
    from changai.cli.demonstration import sign_ins

    rows = [("角色 · role", "登录名 · login", "口令 · password"), *sign_ins()]
    widths = [max(_width(row[column]) for row in rows) for column in range(2)]
    print("\n  示范登录，仅供试用 · demonstration sign-ins, for trying only")
    for role, login, password in rows:
        print(f"    {_padded(role, widths[0])}  {_padded(login, widths[1])}  {password}")
    print()


def _width(text: str) -> int:
    """Return how many columns a terminal needs for `text`; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
