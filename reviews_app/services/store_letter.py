"""What all mails of a store to its buyers have in common: who writes them, and how they look."""

from sqlalchemy.orm import Session

from reviews_app.lib.addresses import Addresses
from reviews_app.lib.colour import accent_of
from reviews_app.mail.environment import USUAL_ACCENT
from reviews_app.mail.letter import Letterhead
from reviews_app.mail.mail_look import MailLook
from reviews_app.mail.message import Envelope
from reviews_app.models.mail_style import MailStyle
from reviews_app.models.media_words import MAIL_PNG
from reviews_app.models.store import Store
from reviews_app.queries.mail_brand import mail_brand
from reviews_app.services.tools import Tools

# A logo is drawn at most so large; phones have 312 px between the margins.
MOST_LOGO_WIDTH, MOST_LOGO_HEIGHT = 240, 56


def letterhead(session: Session, store: Store, *, language: str, addresses: Addresses) -> Letterhead:
    """The store's, in its reader's language."""
    look = look_of(mail_brand(session, store).style, addresses)
    return Letterhead(store.name, store.postal_address, language, look)


def envelope(session: Session, store: Store, recipient: str, *, tools: Tools, unsubscribe_url: str = "") -> Envelope:
    """From the store's own sender once a test mail from it was received, with answers to the store."""
    brand = mail_brand(session, store)
    return Envelope(
        sender=brand.address(tools.settings.sender),
        sender_name=brand.sender.name or store.name,
        recipient=recipient,
        reply_to=store.reply_address,
        unsubscribe_url=unsubscribe_url,
    )


def look_of(style: MailStyle, addresses: Addresses) -> MailLook:
    """Accent and logo as a mail shows them."""
    accent = accent_of(style.accent or USUAL_ACCENT)
    if not style.logo_name or not style.logo_width or not style.logo_height:
        return MailLook(accent=accent)
    shrink = min(1.0, MOST_LOGO_WIDTH / style.logo_width, MOST_LOGO_HEIGHT / style.logo_height)
    return MailLook(
        accent=accent,
        logo_url=addresses.mail_picture(style.logo_name, MAIL_PNG),
        logo_width=max(1, round(style.logo_width * shrink)),
        logo_height=max(1, round(style.logo_height * shrink)),
    )
