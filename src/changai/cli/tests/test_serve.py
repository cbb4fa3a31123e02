"""What `changai run` refuses and finds out before it starts anything."""

import argparse
import os
import shlex
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from changai.cli import serve


def test_a_port_in_use_is_told_with_the_way_out() -> None:
    with serve._listening("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with (
            pytest.raises(serve.CannotStart, match=f"127.0.0.1:{port} 已被占用，请用 --port 换一个端口"),
            serve._listening("127.0.0.1", port),
        ):
            pass


def test_an_address_of_another_machine_is_told_as_such() -> None:
    with pytest.raises(serve.CannotStart, match="不能使用，请检查 --host"), serve._listening("192.0.2.1", 0):
        pass


def test_one_data_folder_serves_one_product_at_a_time(tmp_path: Path) -> None:
    with (
        serve._sole_use_of(tmp_path),
        pytest.raises(serve.CannotStart, match="已在使用数据目录"),
        serve._sole_use_of(tmp_path),
    ):
        pass
    with serve._sole_use_of(tmp_path):
        pass


@pytest.mark.parametrize("text", ["0", "65536", "-1"])
def test_an_impossible_port_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        serve._port(text)


def test_people_may_use_the_name_of_the_machine_when_it_serves_everybody() -> None:
    assert socket.gethostname() in serve._names_of_this_machine("::")
    assert serve._names_of_this_machine("127.0.0.1") == ["localhost", "127.0.0.1", "[::1]"]
    assert "[fd00::7]" in serve._names_of_this_machine("fd00::7")


@pytest.mark.parametrize(("status", "answers"), [(200, "yes"), (302, "yes"), (404, "yes"), (500, "no")])
def test_a_fault_is_no_answer(status: int, answers: str) -> None:
    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep the test's output free of requests."""

    with HTTPServer(("127.0.0.1", 0), Site) as site:
        thread = threading.Thread(target=site.handle_request)
        thread.start()
        assert serve._answers(site.socket) == (answers == "yes")
        thread.join()


def test_sign_ins_stand_in_columns_in_a_terminal() -> None:
    assert serve._width("联络员 a") == 8
    assert serve._padded("联络员", 10) == "联络员    "


def test_whoever_starts_an_empty_installation_is_told_how_to_begin(
    db: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANGAI_DATA", "/srv/my data")
    assert serve._has_no_accounts()
    serve._show_how_to_begin()
    told = capsys.readouterr().out
    assert "CHANGAI_DATA='/srv/my data' " in told
    assert f"{shlex.quote(str(Path(sys.executable).parent / 'changai'))} account --city" in told


def test_a_sqlite_with_the_fault_is_refused_with_the_way_out(tmp_path: Path) -> None:
    source = (
        "import argparse, sqlite3, sys\n"
        "sys.modules['pysqlite3'] = None\n"  # as on a machine for which there is no fixed build
        "sqlite3.sqlite_version_info, sqlite3.sqlite_version = (3, 51, 2), '3.51.2'\n"
        "from changai.cli import serve\n"
        "parser = argparse.ArgumentParser(); serve.register(parser.add_subparsers())\n"
        f"arguments = parser.parse_args(['run', '--data', {str(tmp_path)!r}, '--port', '65001'])\n"
        "sys.exit(serve.run(arguments))\n"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "changai.config.settings.base"}
    environment.pop("CHANGAI_DATABASE_URL", None)
    command = [sys.executable, "-c", source]
    ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert ended.returncode == 1
    assert "SQLite 3.51.2 有可能损坏数据库的缺陷" in ended.stdout
    assert "PostgreSQL" in ended.stdout
    assert not (tmp_path / "changai.sqlite3").exists()
