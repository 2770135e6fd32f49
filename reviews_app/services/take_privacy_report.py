"""Takes in what a shop passes on of a person's rights: erases who is to be erased, tells the owners the rest."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.people import email_key
from reviews_app.mail.privacy_notice import data_asked_notice, shop_erased_notice
from reviews_app.models.customer import Customer
from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import MailKind
from reviews_app.models.privacy_report import PrivacyReport, PrivacyWish
from reviews_app.models.store import Store
from reviews_app.services.erase_person import erase_person
from reviews_app.services.mail_owners import mail_owners
from reviews_app.services.tools import Tools

SUBJECTS = {
    PrivacyWish.ERASE_PERSON: "A buyer to be erased",
    PrivacyWish.TELL_PERSON: "A buyer who asks what is kept about them",
    PrivacyWish.ERASE_SHOP: "The shop to be erased",
}


def take_privacy_report(session: Session, store: Store, report: PrivacyReport, *, tools: Tools) -> str:
    """Do it, or have the owners told what to do; gives in words which, without naming anybody."""
    if report.wish is PrivacyWish.ERASE_PERSON:
        return _erase(session, store, report, tools=tools)
    if report.wish is PrivacyWish.TELL_PERSON:
        content = data_asked_notice(
            store_name=store.name, email=report.email, link=_link_to_person(session, store, report.email, tools=tools)
        )
    else:
        content = shop_erased_notice(store_name=store.name, link=tools.addresses.requests(store.slug))
    told = mail_owners(session, store, content, kind=MailKind.PRIVACY_NOTICE, tools=tools)
    return f"Not done by itself. What to do went by mail to the store's owners: {told}."


def _erase(session: Session, store: Store, report: PrivacyReport, *, tools: Tools) -> str:
    """The address Shopify names, and those the orders it names were placed under."""
    of_orders = (
        select(Customer.email)
        .join(Order)
        .where(Order.store_id == store.id, Order.shop_id.in_(report.orders), Customer.email != "")
    )
    addresses = {email_key(one) for one in (report.email, *session.scalars(of_orders)) if one}
    done = [erase_person(session, store, one, clock=tools.clock) for one in sorted(addresses)]
    reviews = sum(one.reviews for one in done)
    return f"Erased. Reviews blanked: {reviews}. What Kustomer has already must be erased there."


def _link_to_person(session: Session, store: Store, email: str, *, tools: Tools) -> str:
    mine = select(Customer.id).where(Customer.store_id == store.id, Customer.email_key == email_key(email))
    customer_id = session.scalar(mine)
    if customer_id is None:
        return tools.addresses.requests(store.slug)
    return tools.addresses.person(store.slug, customer_id)
