"""Fills the demo store once, through the services everybody uses; `make run` starts it beside the web server.

The integration is off while reviews are left, so nothing floods; then it is switched on with the stand-in's
key and six of the newest reviews are sent, so that Deliveries is not empty.
"""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from flask import Flask
from flask_security import hash_password
from sqlalchemy import select

from reviews_app.config import Settings
from reviews_app.db.database import session, transaction
from reviews_app.factory import create_app
from reviews_app.integrations.kustomer.workflow import workflow_file
from reviews_app.media.picture import Encoded, encode_picture
from reviews_app.media.storage import MediaStorage
from reviews_app.media.workshop.__main__ import work as work_here
from reviews_app.models.account import Account
from reviews_app.models.destination import OPENS_AT, Destination, Mode
from reviews_app.models.media import Media, MediaState
from reviews_app.models.media_words import MAIL_JPEG
from reviews_app.models.membership import Membership, StoreRole
from reviews_app.models.order import Order
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.store import Store
from reviews_app.sandbox.demo import content
from reviews_app.sandbox.demo.shop import SLUG, DemoShop, open_shop
from reviews_app.sandbox.demo.voices import leave_reviews
from reviews_app.sandbox.demo_key import open_demo_key
from reviews_app.sandbox.outside.kept_workflow import take_in_workflow
from reviews_app.services.add_product_picture import add_product_picture
from reviews_app.services.dispatch.process_media import process_media
from reviews_app.services.prove_sender import note_received
from reviews_app.services.request_refused import RequestRefused
from reviews_app.services.request_reviews import request_reviews
from reviews_app.services.save_mail_look import sender_to_change
from reviews_app.services.send_past_reviews import send_past_reviews
from reviews_app.services.tools import Tools

EMAIL = "demo@example.com"
PASSWORD = "demo-merchant"  # noqa: S105 - shown on the start page; the sandbox never leaves this machine
PAST_REVIEWS_SENT = 6
REQUESTS_SENT = 6
# Pictures are most of the work, and encoding lets other threads go on.
AT_ONCE = 2


def seed(app: Flask) -> bool:
    """Fill the demo store unless it is there; gives whether it was filled now. What a killed one left undone is done.

    Store, reviews and the six that are sent are there together or not at all.
    """
    tools: Tools = app.extensions["tools"]
    with app.app_context():
        is_new = session().scalar(select(Store.id).where(Store.slug == SLUG)) is None
        if is_new:
            _open(tools)
        _draw_pictures_of_reviews(app, _undrawn())
        _ask_for_reviews(tools)
    return is_new


def _open(tools: Tools) -> None:
    storage = tools.storage
    with transaction() as writing:
        shop = open_shop(writing, tools=tools)
        _add_pictures(shop, storage=storage)
        for handle in shop.products:
            leave_reviews(writing, shop, handle, storage=storage)
        _let_the_merchant_in(shop, tools=tools)
        _switch_kustomer_on(shop, settings=tools.settings, tools=tools)


def _undrawn() -> list[UUID]:
    waiting = select(Media.id).join(Store, Store.id == Media.store_id).where(Store.slug == SLUG)
    return list(session().scalars(waiting.where(Media.review_id.is_not(None), Media.state == MediaState.UPLOADED)))


def _add_pictures(shop: DemoShop, *, storage: MediaStorage) -> None:
    writing = session()
    listed = [(product.handle, picture) for product in content.products() for picture in product.pictures]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        drawn = list(pool.map(_drawn, [picture.read() for _, picture in listed]))
    for (handle, picture), encoded in zip(listed, drawn, strict=True):
        add_product_picture(writing, shop.products[handle], encoded=encoded, alt=picture.alt, storage=storage)


def _drawn(raw: bytes) -> Encoded:
    return encode_picture(raw, mail_file=MAIL_JPEG)


def _draw_pictures_of_reviews(app: Flask, pictures: list[UUID]) -> None:
    def draw(picture_id: UUID) -> None:
        with app.app_context():
            process_media(picture_id, tools=app.extensions["tools"], work=work_here)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(draw, pictures))


def _let_the_merchant_in(shop: DemoShop, *, tools: Tools) -> None:
    account = Account(
        email=EMAIL,
        name="Demo Merchant",
        password=hash_password(PASSWORD),
        fs_uniquifier=tools.make_id().hex,
        confirmed_at=shop.now,
    )
    writing = session()
    writing.add(account)
    writing.flush()
    writing.add(Membership(store_id=shop.store.id, account_id=account.id, role=StoreRole.OWNER, created_at=shop.now))


def _switch_kustomer_on(shop: DemoShop, *, settings: Settings, tools: Tools) -> None:
    demo_key = open_demo_key(settings.data_dir)
    # What a merchant would do in Kustomer: the ready-made workflow stands behind the hook before the first review.
    made = workflow_file(shop.store, opens_at=OPENS_AT, addresses=tools.addresses)
    take_in_workflow(settings.data_dir, made)
    destination = Destination(
        store_id=shop.store.id,
        api_url=demo_key.api_url(settings.port),
        api_key=tools.keyring.seal(demo_key.key),
        mode=Mode.ACTIVE,
        saved_at=shop.now,
    )
    writing = session()
    writing.add(destination)
    writing.flush()
    send_past_reviews(writing, destination, limit=PAST_REVIEWS_SENT, clock=tools.clock)


def _ask_for_reviews(tools: Tools) -> None:
    """The newest fulfilled orders get their request, sent like any other. The demo's own inbox gets all mail."""
    with transaction() as writing:
        store = writing.scalars(select(Store).where(Store.slug == SLUG)).one()
        if writing.scalar(select(ReviewRequest.id).where(ReviewRequest.store_id == store.id).limit(1)) is not None:
            return
        note_received(sender_to_change(writing, store), clock=tools.clock)
        newest = select(Order).where(Order.store_id == store.id, Order.fulfilled_at.is_not(None))
        for order in writing.scalars(newest.order_by(Order.fulfilled_at.desc()).limit(REQUESTS_SENT)):
            try:
                request_reviews(writing, order, store=store, tools=tools)
            except RequestRefused:
                continue


if __name__ == "__main__":
    print("the demo store is filled" if seed(create_app()) else "the demo store was there already")
