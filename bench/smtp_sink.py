"""An SMTP server that takes everything and keeps nothing, as a process of its own: it must not be what is measured."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class Sink(asyncio.Protocol):
    """Says yes to every command; counts nothing, parses next to nothing."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.tail, self.is_data = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.tail += data
        while True:
            if self.is_data:
                if not self.tail.endswith(b"\r\n.\r\n"):
                    return
                self.tail, self.is_data = b"", False
                self.transport.write(b"250 taken\r\n")
                return
            line, found, self.tail = self.tail.partition(b"\r\n")
            if not found:
                self.tail = line
                return
            self._answer(line[:4].upper())

    def _answer(self, verb: bytes) -> None:
        self.is_data = verb == b"DATA"
        answers = {b"DATA": b"354 go on\r\n", b"EHLO": b"250-sink\r\n250 PIPELINING\r\n", b"QUIT": b"221 bye\r\n"}
        self.transport.write(answers.get(verb, b"250 ok\r\n"))
        if verb == b"QUIT":
            self.transport.close()


@contextmanager
def smtp_sink() -> Iterator[str]:
    """Its SMTP_URL."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen([sys.executable, "-m", "bench.smtp_sink", str(port)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield f"smtp://127.0.0.1:{port}"
        finally:
            process.terminate()


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", port)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
