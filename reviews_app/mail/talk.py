"""What is said to a mail server about one mail before its bytes, all of it at once where the server takes that
(RFC 2920): one way there and back instead of three."""

import smtplib
from contextlib import suppress

CLOSING, GO_ON = 421, 354


class Talk:
    """One mail's commands, in their order; DATA, whose answer has to be waited for, is the last."""

    def __init__(self, line: smtplib.SMTP, *commands: str) -> None:
        self.line = line
        self._left = list(commands)
        self._is_ahead = line.has_extn("pipelining")
        if self._is_ahead:
            line.send("".join(f"{command}\r\n" for command in commands))

    def answer(self) -> tuple[int, bytes]:
        """What the server says to the next command."""
        command = self._left.pop(0)
        if not self._is_ahead:
            self.line.putcmd(command)
        return self.line.getreply()

    def break_off(self) -> None:
        """Hear out what was said ahead. A server that waits for the bytes now has no recipient, and gets none."""
        if not self._is_ahead or not self._left:
            return
        with suppress(OSError, smtplib.SMTPException):
            codes = [self.answer()[0] for _ in range(len(self._left))]
            if codes[-1] == GO_ON:
                self.line.send(b".\r\n")
                self.line.getreply()


def command(words: str, address: str, *options: str) -> str:
    """A command that names an address. Raises ValueError for one that cannot be said in ASCII on one line."""
    said = " ".join((f"{words}:{smtplib.quoteaddr(address)}", *options))
    if "\r" in said or "\n" in said:
        raise ValueError("a command is one line")
    said.encode("ascii")
    return said
