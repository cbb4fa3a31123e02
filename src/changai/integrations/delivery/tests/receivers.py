"""Real receivers on this machine: a web server and a mail server that keep what they are sent."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """What a receiver was sent, and how it answers."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        self.letters: list[str] = []
        self.status, self.answer, self.hangs_up = 200, b'{"errcode":0,"errmsg":"ok"}', False
        self.headers: dict[str, str] = {}
        self.port = 0


@contextmanager
def web_server() -> Iterator[Receiver]:
    """Run a web server that takes what is posted."""
    told = Receiver()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.requests.append((self.path, dict(self.headers), json.loads(body)))
            if told.hangs_up:
                self.close_connection = True
                return
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.answer)))
            self.end_headers()
            self.wfile.write(told.answer)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with _running(ThreadingHTTPServer(("127.0.0.1", 0), Answer), told):
        yield told


@contextmanager
def mail_server() -> Iterator[Receiver]:
    """Run a mail server that takes letters to everybody but `nobody@`, or hangs up."""
    told = Receiver()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 ready")
            while line := self.rfile.readline().decode().strip():
                if line.upper().startswith("DATA"):
                    self._say("354 go on")
                    letter = b""
                    while (part := self.rfile.readline()) != b".\r\n":
                        letter += part
                    told.letters.append(letter.decode())
                    if told.hangs_up:
                        return
                    self._say("250 taken")
                elif line.upper().startswith("QUIT"):
                    self._say("221 bye")
                    return
                else:
                    self._say("550 unknown" if "nobody@" in line else "250 ok")

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with _running(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session), told):
        yield told


@contextmanager
def _running(server: socketserver.TCPServer, told: Receiver) -> Iterator[None]:
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
