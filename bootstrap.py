#!/usr/bin/env python3
"""Set the product up on a machine that has Python and nothing else, then run or test it.

    python3 bootstrap.py run  [--port 8000] [--host 127.0.0.1] [--data DIR]
    python3 bootstrap.py test [arguments for pytest]

Both make `.venv` and install the locked, hashed requirements into it; a second start installs nothing.
A folder `wheelhouse/` beside this file makes the installation offline. Only the standard library is used.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
WHEELHOUSE = ROOT / "wheelhouse"
OLDEST, NEWEST = (3, 11), (3, 13)

LAUNCHER = """#!/bin/sh
exec "$(dirname -- "$(readlink -f -- "$0")")/python" -m changai.cli.main "$@"
"""


class Stopped(Exception):
    """The set-up cannot go on; the text says why and what to do."""


class SystemPackage(NamedTuple):
    """A package of the operating system: its name in Debian, how to see that it is there, what it is for."""

    name: str
    is_present: Callable[[], bool]
    purpose: str


def main() -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    parser = argparse.ArgumentParser(description="Set up, then run or test 产改通.")
    commands = parser.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run", help="start the product with the demonstration city")
    running.add_argument("--host", default="127.0.0.1")
    running.add_argument("--port", type=int, default=8000)
    running.add_argument("--data", metavar="DIR", help="where everything is kept (default: var/)")
    commands.add_parser("test", help="run all tests; further arguments go to pytest", add_help=False)
    arguments, rest = parser.parse_known_args()
    if rest and arguments.command == "run":
        parser.error(f"unknown arguments: {' '.join(rest)}")
    try:
        use_supported_python()
        if arguments.command == "run":
            run(arguments)
        test(rest)
    except Stopped as reason:
        say(str(reason))
        return 1
    except KeyboardInterrupt:
        return 130


def run(arguments: argparse.Namespace) -> NoReturn:
    """Become the running product with the demonstration city."""
    install("run")
    install_system_packages(FOR_RUNNING)
    options = ["--host", arguments.host, "--port", str(arguments.port)]
    if arguments.data:
        options += ["--data", arguments.data]
    _become([str(PYTHON), "-m", "changai.cli.main", "run", "--demonstration", *options])


def test(pytest_arguments: list[str]) -> NoReturn:
    """Become the run of all tests."""
    install("test")
    install_system_packages(FOR_TESTING)
    _become([str(PYTHON), str(ROOT / "tests" / "stages.py"), *pytest_arguments])


def use_supported_python() -> None:
    """Go on under a supported Python: this one, or another one found on the path.

    :raises Stopped: when there is none.
    """
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    for minor in (11, 12, 13):
        other = shutil.which(f"python3.{minor}")
        if other and _succeeds([other, "-c", "import venv"]):
            _become([other, str(Path(__file__).resolve()), *sys.argv[1:]])
    raise Stopped(
        f"需要 Python 3.11 至 3.13，本机的 python3 是 {sys.version.split()[0]}。"
        " Python 3.11, 3.12 or 3.13 is needed (Debian: apt-get install python3)."
    )


def install(lock: str) -> None:
    """Make `.venv` hold everything in requirements/<lock>.txt; do nothing when it already does.

    :raises Stopped: when no way of installing works.
    """
    wanted = _digests(lock)
    venv_works = _venv_works()
    if not (venv_works and wanted.items() <= _installed().items()):
        if not venv_works:
            say("新建虚拟环境 .venv · making .venv")
            _run([sys.executable, "-m", "venv", "--without-pip", "--clear", str(VENV)])
        STAMP.unlink(missing_ok=True)
        say(f"安装 requirements/{lock}.txt，约半分钟 · installing, about half a minute")
        _install_requirements(ROOT / "requirements" / f"{lock}.txt")
        STAMP.write_text(json.dumps(wanted), encoding="utf-8")
    _link_project()


def _digests(lock: str) -> dict[str, str]:
    """Return the digest of each lock that installing this one satisfies; test.txt contains run.txt."""
    locks = ["run", "test"] if lock == "test" else ["run"]
    contents = {name: (ROOT / "requirements" / f"{name}.txt").read_bytes() for name in locks}
    return {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}


def _installed() -> dict[str, str]:
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _venv_works() -> bool:
    check = f"import sys; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    return PYTHON.exists() and _succeeds([str(PYTHON), "-c", check])


def _install_requirements(lock: Path) -> None:
    options = ["--require-hashes", "--only-binary", ":all:", "--quiet", "--requirement", str(lock)]
    if WHEELHOUSE.is_dir():
        options += ["--no-index", "--find-links", str(WHEELHOUSE)]
    # uv does not read pip's configuration, where an office may have set its own mirror: pip follows it.
    for installer in _installers():
        if _returns([*installer, *options]) == 0:
            return
    raise Stopped(
        "依赖安装失败，原因见上；没有网络时，请把安装包放进 wheelhouse/ 目录"
        "（见 docs/operations/install.md）。"
        " Installing failed, see above; without a network, fill wheelhouse/ (docs/operations/install.md)."
    )


def _installers() -> Iterator[list[str]]:
    """Yield the ways of installing that exist here, best first."""
    uv = shutil.which("uv")
    if uv and _succeeds([uv, "--version"]):
        yield [uv, "pip", "install", "--compile-bytecode", "--python", str(PYTHON)]
    own_pip = [str(PYTHON), "-m", "pip"]
    make_own_pip = [str(PYTHON), "-m", "ensurepip"]
    order = ["install", "--disable-pip-version-check", "--no-input"]
    if _succeeds([*own_pip, "--version"]) or _succeeds(make_own_pip):
        yield [*own_pip, *order]
        return
    for wheel in sorted(WHEELHOUSE.glob("pip-*.whl")):
        yield [str(PYTHON), f"{wheel}/pip", *order]
    if _succeeds([sys.executable, "-m", "pip", "--version"]):
        yield [sys.executable, "-m", "pip", "--python", str(PYTHON), *order]
    elif _can_use_apt() and _apt_install("python3-venv") and _succeeds(make_own_pip):
        yield [*own_pip, *order]
    else:
        say("没有 pip，请先安装 python3-venv · no pip: apt-get install python3-venv")


def _link_project() -> None:
    """Make `import changai` and `.venv/bin/changai` work without building a package."""
    site = next((VENV / "lib").glob("python3.*/site-packages"))
    # A relative line counts from the folder of the .pth file, so that no encoding of the path matters.
    _write_if_changed(site / "changai.pth", os.path.relpath(ROOT / "src", site) + "\n")
    launcher = VENV / "bin" / "changai"
    _write_if_changed(launcher, LAUNCHER)
    launcher.chmod(0o755)


def _write_if_changed(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def install_system_packages(packages: list[SystemPackage]) -> None:
    """Install what is missing where that is possible; say in one line each what stays missing."""
    for package in packages:
        if package.is_present():
            continue
        if _can_use_apt():
            say(f"安装系统软件包 {package.name} · installing a system package")
            _apt_install(package.name)
        if not package.is_present():
            say(f"缺 {package.name}（{package.purpose}），可由管理员安装：apt-get install {package.name}")


def _can_use_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt_install(name: str) -> bool:
    # Another update may hold the lock for a while; an unreachable archive must not hold us for minutes.
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::http::Timeout=20"]
    order = [*apt, "install", "--yes", "--no-install-recommends", name]
    return _succeeds(order) or (_succeeds([*apt, "update"]) and _succeeds(order))


def _has_chinese_font() -> bool:
    if shutil.which("fc-list"):
        listing = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False)
        return bool(listing.stdout.strip())
    return any(Path("/usr/share/fonts").rglob("NotoSansCJK*"))


def _has_program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def _has_postgresql() -> bool:
    return bool(shutil.which("initdb")) or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


FONTS = SystemPackage("fonts-noto-cjk", _has_chinese_font, "文件和图表中的汉字 · Chinese text in papers")
FOR_RUNNING = [FONTS]
FOR_TESTING = [
    FONTS,
    SystemPackage("chromium", _has_program("chromium", "chromium-browser"), "浏览器测试 · browser tests"),
    SystemPackage("postgresql", _has_postgresql, "数据库测试 · tests on PostgreSQL"),
    SystemPackage("poppler-utils", _has_program("pdftotext"), "PDF 测试 · tests of PDF files"),
    SystemPackage("libreoffice-writer-nogui", _has_program("soffice"), "公文测试 · tests of .docx papers"),
]


def say(text: str) -> None:
    print(f"[产改通] {text}", flush=True)


def _environment() -> dict[str, str]:
    """Return the environment for children: no other Python's modules, no question, no new Python."""
    foreign = {"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__"}
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return {**kept, "UV_PYTHON_DOWNLOADS": "never", "DEBIAN_FRONTEND": "noninteractive", "PYTHONUTF8": "1"}


def _returns(command: list[str]) -> int:
    return subprocess.run(command, env=_environment(), stdin=subprocess.DEVNULL, check=False).returncode


def _succeeds(command: list[str]) -> bool:
    """Return whether a command exists and ends well; what it prints is dropped."""
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(
            command, env=_environment(), stdin=quiet, stdout=quiet, stderr=quiet, check=False
        )
    except OSError:
        return False
    return done.returncode == 0


def _run(command: list[str]) -> None:
    if _returns(command) != 0:
        raise Stopped(f"命令失败 · this command failed: {' '.join(command)}")


def _become(command: list[str]) -> NoReturn:
    sys.stdout.flush()
    os.execve(command[0], command, _environment())


if __name__ == "__main__":
    sys.exit(main())
