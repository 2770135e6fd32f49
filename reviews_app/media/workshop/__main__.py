"""The child process: `python -m reviews_app.media.workshop <task>` makes one file anew and says what it made."""

import importlib
import json
import sys

from reviews_app.media.refused import Refused
from reviews_app.media.workshop import limits
from reviews_app.media.workshop.task import VIDEO, Made, Task, read_task
from reviews_app.models.media_words import MediaTrouble


def main(argument: str) -> None:
    """Limits first, then the decoders' libraries, then the stranger's bytes."""
    task = read_task(argument)
    limits.take_on(limits.VIDEO if task.kind == VIDEO else limits.PICTURE)
    try:
        print(work(task).as_text())  # noqa: T201 - the parent reads this line
    except Refused as refused:
        print(json.dumps({"trouble": refused.trouble}))  # noqa: T201
    except MemoryError:
        print(json.dumps({"trouble": MediaTrouble.TOO_HEAVY}))  # noqa: T201


def work(task: Task) -> Made:
    """The libraries of one kind alone: loading all of them takes as long as a small picture."""
    made: Made = importlib.import_module(f"reviews_app.media.workshop.{task.kind}").make(task)
    return made


if __name__ == "__main__":
    main(sys.argv[1])
