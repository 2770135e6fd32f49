"""Takes over what dead senders of this machine had in their hands."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.journal import left_behind
from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.services.tools import Tools

# Once more may double a mail, for ever would flood a person.
MOST_CUTS = 2
CUT_TWICE = "The line broke twice after the mail had been handed over. It has probably arrived; it is not sent again."
AGAIN_AFTER_CUT = timedelta(seconds=30)


def journal_folder(tools: Tools) -> Path:
    """Where senders of this machine keep their journals."""
    return tools.settings.data_dir / "mail"


def settle_mails(session: Session, *, tools: Tools) -> int:
    """What had been taken is sent, what was on its way may have been; gives how many. The rest waits for its lease."""
    now = tools.clock()
    with left_behind(journal_folder(tools)) as found:
        taken, begun = ({UUID(lease) for lease in leases} for leases in (found.taken, found.begun))
        known = taken | begun
        if not known:
            return 0
        rows = select(OutgoingMail).where(OutgoingMail.lease_token.in_(known)).with_for_update()
        settled = session.scalars(rows).all()
        for row in settled:
            lease, row.lease_token, row.lease_until = row.lease_token, None, None
            if lease in taken:
                row.has_left(now)
            else:
                row.state, row.next_at = MailState.WAITING, now + AGAIN_AFTER_CUT
                count_cut(row)
        session.flush()
        return len(settled)


def count_cut(row: OutgoingMail) -> None:
    """It may have arrived: it goes out once more with the same bytes, and not a third time.

    One that came back meanwhile did leave.
    """
    row.cuts += 1
    if row.bounced_at is not None:
        row.has_left(row.bounced_at)
        return
    if row.cuts >= MOST_CUTS:
        row.state, row.message, row.last_error = MailState.FAILED, None, CUT_TWICE
