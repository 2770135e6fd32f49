"""A store that holds one of everything, and every address of the house filled with what it holds."""

import re
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from reviews_app.db.database import transaction
from reviews_app.lib.tokens import new_token
from reviews_app.models.attribute import AttributeAbout, AttributeKind
from reviews_app.models.delivery import Delivery
from reviews_app.models.file_import import ImportKind
from reviews_app.models.membership import Membership, StoreRole
from reviews_app.models.product import Product
from reviews_app.models.review import RejectionReason, Source
from reviews_app.models.store import Store
from reviews_app.services.decide_review import reject_review
from reviews_app.services.members import invite_member
from reviews_app.services.product_pictures import append_picture
from reviews_app.services.prove_sender import send_test_mail
from reviews_app.services.reply_to_review import reply_to_review
from reviews_app.services.review_draft import AnswerDraft
from reviews_app.services.roll_up_ratings import recount
from reviews_app.services.submit_by_button import submit_by_button
from reviews_app.services.submit_review import Proof
from reviews_app.services.take_in_file import keep_file
from reviews_app.services.tools import Tools
from reviews_app.web.review_form.thanks import thanks_token
from tests.factories.attribute import make_attribute
from tests.factories.destination import make_destination
from tests.factories.media import make_media
from tests.factories.member import make_member
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import leave_review, make_draft
from tests.factories.review_request import make_link
from tests.factories.reward import make_coupon, make_terms
from tests.factories.store import make_store
from tests.fakes.mailbox import mail_text

HOLE = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")
# A hole that takes one of a few words is filled with the first of them.
CHOICE = re.compile(r"<any\((\w+)[^)]*\):\w+>")
# What each kind of token in an address is called among a store's holes.
TOKENS = {
    "/r/": "link",
    "/confirm/": "confirmation",
    "/merchant/join/": "invitation",
    "/merchant/<store>/settings/emails/": "arrival",
    "/merchant/reset/": "reset",
    "/stores/": "thanks_token",
}


@dataclass(frozen=True)
class Furnished:
    """A store's short name, and what stands in the holes of its addresses."""

    slug: str
    holes: dict[str, str]

    def address(self, rule: str) -> str:
        """A rule with this store's own things; what it does not know is called "nothing"."""
        chosen = CHOICE.sub(r"\1", rule)
        return HOLE.sub(lambda hole: self.holes.get(hole_name(rule, hole.group(1)), "nothing"), chosen)

    def with_holes_of(self, other: "Furnished | None", *names: str) -> "Furnished":
        """The same store, but with another's things in these holes; with absent ones for None."""
        others = other.holes if other else {name: absent(name) for name in names}
        return Furnished(self.slug, self.holes | {name: others[name] for name in names if name in others})


def hole_name(rule: str, hole: str) -> str:
    """By what name a hole of a rule is filled."""
    if hole != "token":
        return hole
    return next((name for start, name in TOKENS.items() if rule.startswith(start)), hole)


def absent(name: str) -> str:
    """What was never there, in the shape of a hole's own values."""
    return "00000000-0000-7000-8000-000000000000" if name.endswith("_id") else "n" * 22


def furnish(app: Flask, slug: str) -> Furnished:
    """Open a store and put one of everything in; both doors, every role, every state of a review."""
    tools: Tools = app.extensions["tools"]
    with app.app_context(), transaction() as writing:
        store = make_store(writing, slug)
        product = make_product(writing, store, variants=("Moss", "Ochre"))
        make_product(writing, store, f"only-{slug}")
        shown = append_picture(writing, product, name=new_token(), alt=f"Front of {slug}", size=(800, 800))
        make_destination(writing, store)
        for role in StoreRole:
            make_member(writing, store, f"{role}@{slug}.example", role)
        holes = _reviews(writing, store, product, tools)
        holes |= _requests(writing, store, product, tools)
        holes |= {"import_id": _file(writing, store, tools)}
        holes |= {"confirmation": _question(writing, store, product, tools)}
        coupon = make_coupon(writing, store, f"CODE-{slug}", tools=tools, description=f"A coupon of {slug}")
        make_terms(writing, store, coupon, tools=tools, is_on=False)
        holes |= {"coupon_id": str(coupon.id)}
        holes |= {"picture_id": str(shown.id), "store": slug, "handle": "ridge-daypack", "slug": slug}
    return Furnished(slug, holes)


def _reviews(writing: Session, store: Store, product: Product, tools: Tools) -> dict[str, str]:
    questions = [
        make_attribute(writing, store, kind, title=f"{kind.value} of {store.slug}", position=place)
        for place, kind in enumerate(AttributeKind)
    ]
    make_attribute(writing, store, title="How often?", about=AttributeAbout.REVIEWER, position=9)
    answers = (AnswerDraft(questions[0].id, "Travel"), AnswerDraft(questions[3].id, 1))
    shown = leave_review(
        writing,
        store,
        product,
        clock=tools.clock,
        answers=answers,
        body=f"A secret of {store.slug}, told on its page.",
        variant_id=product.variants[0].id,
    )
    reply_to_review(writing, shown, body=f"Thanks from {store.slug}.", clock=tools.clock)
    picture = make_media(writing, store, shown, storage=tools.storage)
    picture.caption = f"Caption of {store.slug}"
    shown.has_media = True
    recount(writing, store_id=store.id, product_id=product.id)
    leave_review(writing, store, product, clock=tools.clock, is_suspect=True, body="It waits.")
    gone = leave_review(writing, store, product, clock=tools.clock, body="Taken down.")
    reject_review(writing, gone, reason=RejectionReason.SPAM, clock=tools.clock)
    delivery = writing.scalars(select(Delivery.id).where(Delivery.review_id == shown.id)).one()
    return {
        "review_id": str(shown.id),
        "attribute_id": str(questions[0].id),
        "delivery_id": str(delivery),
        "media_id": str(picture.id),
        "thanks_token": thanks_token(shown),
    }


def _requests(writing: Session, store: Store, product: Product, tools: Tools) -> dict[str, str]:
    order = make_order(writing, store, product, writing.scalars(_other(store)).one())
    _, link = make_link(writing, order, store=store, tools=tools)
    spent = make_order(writing, store, product, number="#1206", email="robin@example.com")
    leave_review(
        writing, store, product, clock=tools.clock, source=Source.REVIEW_REQUEST_EMAIL, proof=Proof(spent), rating=5
    )
    waiting = make_order(writing, store, product, number="#1207", email="ash@example.com", name="Ash Roe")
    invited = invite_member(writing, store, email=f"new@{store.slug}.example", role=StoreRole.VIEWER, tools=tools)
    writing.flush()
    viewer = select(Membership.id).where(Membership.store_id == store.id, Membership.role == StoreRole.VIEWER)
    return {
        "link": link,
        "order_id": str(waiting.id),
        "customer_id": str(waiting.customer_id),
        "product_id": str(product.id),
        "invitation_id": str(invited.id),
        "invitation": _token(mail_text(writing, tools, f"new@{store.slug}.example")),
        "membership_id": str(writing.scalars(viewer).one()),
        "arrival": _arrival(writing, store, tools),
        "language": "en",
    }


def _arrival(writing: Session, store: Store, tools: Tools) -> str:
    """A test mail is on its way to the owner."""
    address = f"owner@{store.slug}.example"
    send_test_mail(writing, store, to=address, tools=tools)
    return _token(mail_text(writing, tools, address), "received")


def _question(writing: Session, store: Store, product: Product, tools: Tools) -> str:
    """Somebody wrote a buyer's address into the form, and its owner is asked."""
    address = f"buyer@{store.slug}.example"
    make_order(writing, store, product, number="#1208", email=address, name="Sam Poe")
    draft = make_draft(email=address, body="With a buyer's address.")
    submit_by_button(writing, draft, store=store, product=product, terms=None, tools=tools)
    return _token(mail_text(writing, tools, address), "confirm")


def _file(writing: Session, store: Store, tools: Tools) -> str:
    raw = b"order_id,email,placed_at,product_id,product_title\n7,a@example.com,2026-11-20,p,Pack\n"
    kept = keep_file(
        writing, store, ImportKind.ORDERS, raw=raw, name=f"{store.slug}.csv", account_id=None, clock=tools.clock
    )
    return str(kept.id)


def _other(store: Store) -> Select[Product]:
    return select(Product).where(Product.store_id == store.id, Product.handle.startswith("only-"))


def _token(text: str, door: str = "join") -> str:
    found = re.search(rf"/{door}/(\S+)", text)
    assert found is not None
    return found.group(1)
