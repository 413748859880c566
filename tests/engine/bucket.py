"""A local server of files as an object store has them: byte ranges, and a record of requests."""

from __future__ import annotations

import contextlib
import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

LOGIN = b"<html><body>Please log in.</body></html>" * 200


class Bucket(http.server.ThreadingHTTPServer):
    """A server of the files in a folder, which can also fail in the ways of networks.

    `fault` is "" (none), "login" (a page in place of any file), "cut" (replies after the
    first end early), "hang" (no reply), or a status such as "403".
    """

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.fault = ""
        self.requests: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.sent = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that do not wait for the end."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Bucket

    def log_message(self, *details: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._reply(with_body=False)

    def do_GET(self) -> None:
        self._reply(with_body=True)

    def _reply(self, with_body: bool) -> None:
        fault, name = self.server.fault, urlsplit(self.path).path.lstrip("/")
        self.server.requests.append(f"{self.command} {name}")
        self.server.headers.append(dict(self.headers))
        if fault == "hang":
            time.sleep(4)
            return
        file = self.server.folder / name
        if fault == "login":
            status, content = 200, LOGIN
        elif fault.isdigit() or not file.is_file():
            status, content = int(fault) if fault.isdigit() else 404, b""
        else:
            status, content = 200, file.read_bytes()
        body, first = content, 0
        asked = self.headers.get("Range")
        if asked and status == 200:
            first, last = (int(edge) for edge in asked.removeprefix("bytes=").split("-"))
            status, body = 206, content[first : last + 1]
        self.send_response(status)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(body)))
        if status == 206:
            self.send_header(
                "Content-Range", f"bytes {first}-{first + len(body) - 1}/{len(content)}"
            )
        self.end_headers()
        if with_body:
            if fault == "cut" and first:
                body, self.close_connection = body[: len(body) // 2], True
            self.server.sent += len(body)
            self.wfile.write(body)


@contextlib.contextmanager
def serve_bucket(folder: Path) -> Iterator[Bucket]:
    """A bucket that runs."""
    with Bucket(folder) as bucket:
        thread = threading.Thread(target=bucket.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield bucket
        finally:
            bucket.shutdown()
            thread.join()
