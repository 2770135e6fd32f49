"""`flask move-media`: from the folder to the bucket, or back."""

import click
from flask import current_app
from flask.cli import with_appcontext

from reviews_app.cli.command import Command
from reviews_app.jobs.run_job import tools_of
from reviews_app.media.choose_keeper import choose_keeper
from reviews_app.media.folder import FolderKeeper
from reviews_app.media.keeper import StorageAway
from reviews_app.media.move_files import Moved, clear_files, copy_files

SAY_EVERY = 100


@click.command("move-media", cls=Command)
@click.option("--to", "target", type=click.Choice(["s3", "folder"]), required=True, help="Where everything shall lie.")
@click.option("--clear", is_flag=True, help="Remove at the old place what lies at the new one in full.")
@with_appcontext
def move_media(target: str, *, clear: bool) -> None:
    """Copy pictures and videos; run it again until it copies nothing, and once with --clear at the very end.

    MEDIA_STORAGE names the bucket, in both directions. It may be killed at any time and run again.
    """
    settings = tools_of(current_app).settings
    if not settings.media_storage:
        raise click.ClickException("MEDIA_STORAGE is not set: give it to this command, it names the bucket.")
    bucket = choose_keeper(settings.media_storage, folder=settings.data_dir)
    folder = FolderKeeper(settings.data_dir)
    source, there = (folder, bucket) if target == "s3" else (bucket, folder)
    moved = Moved()
    try:
        for moved in copy_files(source, there):
            if (moved.copied + moved.equal) % SAY_EVERY == 0:
                click.echo(f"copied {moved.copied}, there already {moved.equal} ...")
        click.echo(f"copied {moved.copied}, there already {moved.equal}")
        if clear:
            click.echo(f"removed at the old place {clear_files(source, there)}")
    except StorageAway as trouble:
        raise click.ClickException(f"The storage does not answer ({trouble}). Run the command again.") from None
