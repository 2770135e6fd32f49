"""A file that cannot be shown."""

from reviews_app.models.media_words import MediaTrouble


class Refused(Exception):
    """The file itself is at fault, so trying again is no use; `trouble` says how."""

    def __init__(self, trouble: MediaTrouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble
