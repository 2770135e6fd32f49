"""How much room some mailboxes have for another mail, by what has left for them lately."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from reviews_app.models.outgoing_mail import MailState, OutgoingMail
from reviews_app.queries.mails_lately import AHEAD, DAY, MOST_A_DAY, OURS, SOON


@dataclass(frozen=True, slots=True)
class MailboxRoom:
    """By mailbox, when each of its mails of the last day left; None for one that is on its way."""

    lately: dict[str, list[datetime | None]]

    def again(self, mailbox: str, *, now: datetime) -> datetime | None:
        """When a mail that waits may leave for this mailbox; None when it may now."""
        found = self.lately.get(mailbox, [])
        if len(found) < MOST_A_DAY:
            return None
        left = sorted((moment for moment in found if moment is not None), reverse=True)
        return left[MOST_A_DAY - 1] + DAY if len(left) == len(found) else now + SOON

    def take(self, mailbox: str) -> None:
        """One more is on its way."""
        self.lately.setdefault(mailbox, []).append(None)


def mailbox_room(session: Session, mailboxes: Collection[str], *, now: datetime) -> MailboxRoom:
    """The room of each of these, read at once; mails to merchants and operators take none."""
    on_its_way = OutgoingMail.state == MailState.SENDING
    within_a_day = and_(OutgoingMail.sent_at > now - DAY, OutgoingMail.sent_at <= now + AHEAD)
    has_left = and_(OutgoingMail.state == MailState.SENT, within_a_day)
    rows = session.execute(
        select(OutgoingMail.mailbox, OutgoingMail.sent_at).where(
            OutgoingMail.mailbox.in_(mailboxes), OutgoingMail.kind.not_in(OURS), or_(on_its_way, has_left)
        )
    )
    lately: dict[str, list[datetime | None]] = defaultdict(list)
    for mailbox, sent_at in rows:
        lately[mailbox].append(sent_at)
    return MailboxRoom(lately)
