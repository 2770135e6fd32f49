"""A bucket on an S3 server of our own on loopback."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import boto3
from moto.server import ThreadedMotoServer

NUMBERS = count()


@contextmanager
def running_s3() -> Iterator[str]:
    """The server's address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def new_bucket(server: str, *, more: str = "") -> str:
    """An empty bucket, as MEDIA_STORAGE names it."""
    name = f"reviews-{next(NUMBERS)}"
    client = boto3.session.Session().client(
        "s3", endpoint_url=server, region_name="us-east-1", aws_access_key_id="key", aws_secret_access_key="secret"
    )
    client.create_bucket(Bucket=name)
    client.close()
    return f"s3://key:secret@{name}?endpoint={server}{more}"
