"""A scripted clamd on loopback: finds the EICAR text, or behaves as it is told."""

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

# The test text every scanner knows, in two parts so that no scanner finds this file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class Clamd:
    """Its address, what it was sent, and how it is to answer: by heart, after `hangs`, or nothing at all when mute."""

    address: str = ""
    seen: list[bytes] = field(default_factory=list)
    says: bytes | None = None
    hangs: threading.Event | None = None
    most: int = 1024 * 1024 * 1024
    is_mute: bool = False


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        clamd = cast("_Server", self.server).clamd
        word = self._word()
        if word == b"zPING":
            if clamd.is_mute:
                self.rfile.read(1)
            else:
                self.wfile.write(b"PONG\0")
            return
        content = self._content(clamd.most)
        if content is None:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
            return
        clamd.seen.append(content)
        if clamd.hangs is not None:
            clamd.hangs.wait(30)
        found = b"stream: Eicar-Test-Signature FOUND" if EICAR in content else b"stream: OK"
        self.wfile.write((found if clamd.says is None else clamd.says) + b"\0")

    def _word(self) -> bytes:
        word = b""
        while not word.endswith(b"\0"):
            word += self.rfile.read(1) or b"\0"
        return word[:-1]

    def _content(self, most: int) -> bytes | None:
        content = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
            if len(content) > most:
                return None
        return content


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    clamd: Clamd


class _UnixServer(_Server):
    address_family = socket.AF_UNIX

    def server_bind(self) -> None:
        self.socket.bind(cast("str", self.server_address))


@contextmanager
def running_clamd(socket_path: Path | None = None) -> Iterator[Clamd]:
    """By TCP, or on a unix socket when a path is given."""
    clamd = Clamd()
    server = _UnixServer(str(socket_path), _Handler) if socket_path else _Server(("127.0.0.1", 0), _Handler)  # type: ignore[arg-type]
    server.clamd = clamd
    clamd.address = f"unix://{socket_path}" if socket_path else f"tcp://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield clamd
    finally:
        if clamd.hangs is not None:
            clamd.hangs.set()
        server.shutdown()
        server.server_close()
        thread.join()
