"""Why a mail did not leave, and whether trying again helps."""

from reviews_app.lib.enhanced_status import enhanced_status


class MailNotTaken(Exception):
    """Not now: trying again helps."""

    def __init__(self, words: str, *, code: int = 0) -> None:
        super().__init__(words)
        self.code = code


class LineDown(MailNotTaken):
    """The server takes no mail at all just now: the others need not be tried."""


class MailCut(MailNotTaken):
    """The line broke after the mail was handed over: it may have arrived."""


class MailRefused(Exception):
    """Never: this recipient or message is refused for good."""

    def __init__(self, words: str, *, code: int = 0) -> None:
        super().__init__(words)
        self.code = code
        self.status = enhanced_status(words)
