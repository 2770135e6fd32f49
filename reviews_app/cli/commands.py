"""Every command, in one list."""

from flask import Flask

from reviews_app.cli.create_store import create_store
from reviews_app.cli.doctor import doctor
from reviews_app.cli.drain import drain
from reviews_app.cli.erase_person import erase_person
from reviews_app.cli.keep_house import new_encryption_key, reconcile, recount, rotate_keys
from reviews_app.cli.move_media import move_media
from reviews_app.cli.requests import plan_requests, send_due_requests
from reviews_app.cli.scheduler import scheduler
from reviews_app.cli.take_bounce import take_bounce
from reviews_app.cli.worker import worker

COMMANDS = (
    worker,
    scheduler,
    drain,
    reconcile,
    recount,
    rotate_keys,
    new_encryption_key,
    create_store,
    doctor,
    erase_person,
    take_bounce,
    plan_requests,
    move_media,
    send_due_requests,
)


def register_commands(app: Flask) -> None:
    """Put them beneath `flask`."""
    for command in COMMANDS:
        app.cli.add_command(command)
