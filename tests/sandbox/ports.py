import socket
from contextlib import ExitStack


def free_ports(count: int) -> tuple[int, ...]:
    """Ports in a row that nobody listens on."""
    while True:
        with ExitStack() as stack, socket.create_server(("127.0.0.1", 0)) as first:
            port: int = first.getsockname()[1]
            ports = tuple(range(port, port + count))
            try:
                for other in ports[1:]:
                    stack.enter_context(socket.create_server(("127.0.0.1", other)))
            except (OSError, OverflowError):
                continue
            return ports
