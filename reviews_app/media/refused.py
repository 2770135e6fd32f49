"""Work on a file that came to nothing."""

from reviews_app.models.media_words import MediaTrouble


class Refused(Exception):
    """The file itself is at fault, so trying again is no use; `trouble` says how."""

    def __init__(self, trouble: MediaTrouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


class Unfinished(Exception):
    """The work was ended before it said anything of the file: another try may finish it."""
