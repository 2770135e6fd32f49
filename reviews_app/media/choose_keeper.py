"""The keeper that MEDIA_STORAGE names."""

import importlib
from pathlib import Path

from reviews_app.media.folder import FolderKeeper
from reviews_app.media.keeper import WORK_FOLDER, Keeper
from reviews_app.media.s3_place import read_s3_place


class StorageNotInstalled(Exception):
    """A bucket is named and boto3 is not there."""


def choose_keeper(address: str, *, folder: Path) -> Keeper:
    """A bucket's when the address names one, else the folder's. Raises StorageNotInstalled.

    `folder` is the data folder: what lies in a bucket is read from a copy in the work folder below it.
    boto3 takes a third of a second and 31 MB: who keeps files in a folder has none of it.
    """
    if not address:
        return FolderKeeper(folder)
    try:
        module = importlib.import_module("reviews_app.media.s3")
    except ImportError:
        raise StorageNotInstalled("MEDIA_STORAGE names a bucket: install boto3 (requirements/extras.txt).") from None
    keeper: Keeper = module.S3Keeper(read_s3_place(address), work=folder / WORK_FOLDER)
    return keeper
