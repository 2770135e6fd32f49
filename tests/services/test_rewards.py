from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reviews_app.lib.sealed import Keyring
from reviews_app.models.coupon import Coupon, CouponCode
from reviews_app.models.media import Media, MediaKind
from reviews_app.models.outgoing_mail import MailKind, OutgoingMail
from reviews_app.models.product import Product
from reviews_app.models.review import RejectionReason, Review
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.reward import Reward, RewardState
from reviews_app.models.reward_terms import MailedWhen, RewardTerms
from reviews_app.models.store import Publishing, Store
from reviews_app.queries.review_list import shown_review
from reviews_app.services.add_codes import add_codes
from reviews_app.services.decide_review import publish_review, reject_review
from reviews_app.services.erase_person import erase_person
from reviews_app.services.give_reward import give_rewards
from reviews_app.services.own_review import edit_by_link, withdraw_by_link
from reviews_app.services.rotate_keys import rotate_keys
from reviews_app.services.submit_by_link import LinkedProduct, submit_by_link
from reviews_app.services.tools import Tools
from tests.conftest import ENCRYPTION_KEY
from tests.factories.member import make_member
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import make_draft
from tests.factories.review_request import make_link
from tests.factories.reward import FIVE_OFF, make_coupon, make_terms, reward_of
from tests.factories.store import make_store
from tests.fakes.broken_addresses import with_broken_addresses
from tests.fakes.clock import START
from tests.fakes.mailbox import mails_to, text_of
from tests.fakes.statements import counted_statements

BUYER = "morgan@example.com"


@dataclass
class Shop:
    """A store that gives a coupon for reviews, and an order of two products with its link."""

    session: Session
    tools: Tools
    store: Store
    coupon: Coupon
    pack: Product
    stove: Product
    request: ReviewRequest

    def review(self, product: Product | None = None, **changes: Any) -> Review:
        return submit_by_link(
            self.session, make_draft(**changes), linked=self.linked(product), store=self.store, tools=self.tools
        )

    def linked(self, product: Product | None = None) -> LinkedProduct:
        return LinkedProduct(self.request, (product or self.pack).id)

    def state(self, review: Review) -> RewardState | None:
        reward = reward_of(self.session, review)
        return reward.state if reward else None

    def codes_mailed(self) -> list[str]:
        return [text_of(mail) for mail in mails_to(self.session, self.tools, BUYER) if "Your code" in mail["Subject"]]

    def stage(self, form_id: str, kind: MediaKind) -> None:
        moment = self.tools.clock()
        self.session.add(
            Media(
                store_id=self.store.id,
                form_id=form_id,
                name=f"n-{form_id}-{kind}",
                kind=kind,
                byte_count=1,
                created_at=moment,
                enqueued_at=moment,
            )
        )
        self.session.flush()


def open_shop(
    session: Session,
    tools: Tools,
    *codes: str,
    mailed: MailedWhen = MailedWhen.SUBMITTED,
    publishing: Publishing = Publishing.AT_ONCE,
    **changes: Any,
) -> Shop:
    store = make_store(session, publishing=publishing)
    make_member(session, store)
    coupon = make_coupon(session, store, *codes, tools=tools)
    make_terms(session, store, coupon, tools=tools, mailed=mailed, **changes)
    pack, stove = make_product(session, store, "pack"), make_product(session, store, "stove")
    request, _ = make_link(session, make_order(session, store, pack, stove), store=store, tools=tools)
    return Shop(session, tools, store, coupon, pack, stove, request)


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


@pytest.fixture
def shop(session: Session, tools: Tools) -> Shop:
    return open_shop(session, tools, "CODE-ONE-1111", "CODE-TWO-2222")


def test_a_review_by_link_is_mailed_its_code_in_the_same_transaction(shop: Shop) -> None:
    review = shop.review()
    reward = reward_of(shop.session, review)
    assert reward is not None
    assert (reward.state, reward.is_proven, reward.settled_at) == (RewardState.SENT, True, START)
    mail = shop.session.get_one(OutgoingMail, reward.mail_id)
    assert (mail.kind, mail.recipient, mail.store_id) == (MailKind.REWARD, BUYER, shop.store.id)
    assert "CODE-ONE-1111" in shop.codes_mailed()[0]
    assert FIVE_OFF in shop.codes_mailed()[0]
    assert shown_review(review, shop.store).is_incentivised


def test_a_code_whose_mail_cannot_be_written_is_owed_and_costs_no_review(shop: Shop) -> None:
    shop.tools = with_broken_addresses(usual := shop.tools)
    review = shop.review()
    assert (shop.state(review), shop.codes_mailed()) == (RewardState.OWED, [])
    assert give_rewards(shop.session, tools=usual) == 1
    assert (shop.state(review), len(shop.codes_mailed())) == (RewardState.SENT, 1)
    given = select(func.count()).select_from(CouponCode).where(CouponCode.given_at.is_not(None))
    assert shop.session.scalar(given) == 1


@pytest.mark.parametrize("rating", [1, 2, 3, 4, 5])
def test_stars_make_no_difference(shop: Shop, rating: int) -> None:
    assert shop.state(shop.review(rating=rating, is_recommended=rating > 2)) is RewardState.SENT


def test_one_code_for_one_order_however_many_products(shop: Shop) -> None:
    first, second = shop.review(shop.pack), shop.review(shop.stove)
    assert (shop.state(first), shop.state(second)) == (RewardState.SENT, None)
    assert len(shop.codes_mailed()) == 1
    assert not shown_review(second, shop.store).is_incentivised


def test_the_same_form_again_gives_no_second_code(shop: Shop) -> None:
    assert shop.review(form_id="one").id == shop.review(form_id="one").id
    assert len(shop.codes_mailed()) == 1


def test_a_later_order_of_the_same_person_earns_again(shop: Shop) -> None:
    shop.review()
    tent = make_product(shop.session, shop.store, "tent")
    order = make_order(shop.session, shop.store, tent, number="#1300")
    shop.request, _ = make_link(shop.session, order, store=shop.store, tools=shop.tools)
    assert shop.state(shop.review(tent)) is RewardState.SENT
    assert len(shop.codes_mailed()) == 2


def test_terms_are_those_of_the_day_the_request_was_sent(shop: Shop) -> None:
    better = make_coupon(shop.session, shop.store, "CODE-TEN-3333", tools=shop.tools, description="$10 off")
    newer = make_terms(shop.session, shop.store, better, tools=shop.tools)
    assert newer.version == 2
    reward = reward_of(shop.session, shop.review())
    assert reward is not None
    assert (reward.coupon_id, reward.terms_id) == (shop.coupon.id, shop.request.terms_id)


def test_a_rule_switched_off_keeps_what_was_promised_and_promises_no_more(shop: Shop) -> None:
    make_terms(shop.session, shop.store, shop.coupon, tools=shop.tools, is_on=False)
    order = make_order(shop.session, shop.store, shop.pack, email="kim@example.com", number="#1301")
    later, _ = make_link(shop.session, order, store=shop.store, tools=shop.tools)
    assert later.terms_id is None
    assert shop.state(shop.review()) is RewardState.SENT


def test_the_same_rule_saved_again_is_no_new_version(shop: Shop) -> None:
    assert make_terms(shop.session, shop.store, shop.coupon, tools=shop.tools).version == 1


@pytest.mark.parametrize(("door", "offers"), [("for_links", True), ("for_button", False)])
def test_a_request_offers_only_what_links_earn(session: Session, tools: Tools, door: str, offers: bool) -> None:
    doors: dict[str, Any] = {"for_links": False, "for_button": False} | {door: True}
    shop = open_shop(session, tools, "CODE-ONE-1111", **doors)
    assert (shop.request.terms_id is not None) is offers
    assert shop.state(shop.review()) is (RewardState.SENT if offers else None)


def with_tiers(session: Session, tools: Tools, *, text: bool) -> Shop:
    shop = open_shop(session, tools, "CODE-ONE-1111", is_on=False)
    photo = make_coupon(session, shop.store, "PHOTO-1111111", tools=tools, description="photo coupon")
    video = make_coupon(session, shop.store, "VIDEO-1111111", tools=tools, description="video coupon")
    terms = make_terms(
        session,
        shop.store,
        shop.coupon if text else None,
        tools=tools,
        photo_coupon_id=photo.id,
        video_coupon_id=video.id,
    )
    shop.request.terms_id = terms.id
    session.flush()
    return shop


@pytest.mark.parametrize(
    ("kinds", "gives"),
    [
        ((), FIVE_OFF),
        ((MediaKind.IMAGE,), "photo coupon"),
        ((MediaKind.VIDEO,), "video coupon"),
        ((MediaKind.IMAGE, MediaKind.VIDEO), "video coupon"),
    ],
)
def test_pictures_and_videos_earn_their_own(
    session: Session, tools: Tools, kinds: tuple[MediaKind, ...], gives: str
) -> None:
    shop = with_tiers(session, tools, text=True)
    for kind in kinds:
        shop.stage("one", kind)
    reward = reward_of(session, shop.review(form_id="one"))
    assert reward is not None
    assert reward.coupon.description == gives


def test_words_alone_earn_nothing_where_only_pictures_do(session: Session, tools: Tools) -> None:
    shop = with_tiers(session, tools, text=False)
    review = shop.review()
    assert shop.state(review) is None
    assert not shown_review(review, shop.store).is_incentivised


def test_an_edit_earns_nothing(session: Session, tools: Tools) -> None:
    shop = with_tiers(session, tools, text=False)
    review = shop.review()
    shop.stage("two", MediaKind.IMAGE)
    draft = make_draft(form_id="two", body="With a picture now.")
    edit_by_link(session, draft, linked=shop.linked(), store=shop.store, tools=tools)
    assert review.has_media
    assert (shop.state(review), shop.codes_mailed()) == (None, [])


def test_after_publication_the_code_waits_for_the_merchant(session: Session, tools: Tools) -> None:
    shop = open_shop(session, tools, "CODE-ONE-1111", mailed=MailedWhen.PUBLISHED, publishing=Publishing.HOLD_ALL)
    review = shop.review()
    assert (shop.state(review), give_rewards(session, tools=tools)) == (RewardState.UNPUBLISHED, 0)
    publish_review(session, review, clock=tools.clock)
    session.flush()
    assert give_rewards(session, tools=tools) == 1
    assert (shop.state(review), len(shop.codes_mailed())) == (RewardState.SENT, 1)
    assert give_rewards(session, tools=tools) == 0


def test_a_rejected_review_gets_no_code_until_it_is_published_after_all(session: Session, tools: Tools) -> None:
    shop = open_shop(session, tools, "CODE-ONE-1111", mailed=MailedWhen.PUBLISHED, publishing=Publishing.HOLD_ALL)
    review = shop.review()
    reject_review(session, review, reason=RejectionReason.SPAM, clock=tools.clock)
    session.flush()
    assert (give_rewards(session, tools=tools), shop.codes_mailed()) == (0, [])
    publish_review(session, review, clock=tools.clock)
    session.flush()
    assert (give_rewards(session, tools=tools), len(shop.codes_mailed())) == (1, 1)


def test_of_two_that_wait_the_first_published_gets_the_orders_code(session: Session, tools: Tools) -> None:
    shop = open_shop(
        session, tools, "CODE-ONE-1111", "CODE-TWO-2222", mailed=MailedWhen.PUBLISHED, publishing=Publishing.HOLD_ALL
    )
    first, second = shop.review(shop.pack), shop.review(shop.stove)
    for review in (second, first):
        publish_review(session, review, clock=tools.clock)
        session.flush()
        give_rewards(session, tools=tools)
    assert (shop.state(first), shop.state(second)) == (RewardState.GIVEN_BEFORE, RewardState.SENT)
    assert len(shop.codes_mailed()) == 1


def test_a_dry_pool_owes_and_pays_when_codes_come(shop: Shop, session: Session, tools: Tools) -> None:
    for code in session.scalars(select(CouponCode)):
        code.given_at = START
    session.flush()
    review = shop.review()
    assert (shop.state(review), shop.codes_mailed()) == (RewardState.OWED, [])
    assert give_rewards(session, tools=tools) == 0
    add_codes(session, shop.coupon, ["FRESH-1111111"], tools=tools)
    assert shop.state(review) is RewardState.SENT
    assert "FRESH-1111111" in shop.codes_mailed()[0]


def test_nothing_new_is_offered_while_a_pool_is_empty_or_owes(session: Session, tools: Tools) -> None:
    shop = open_shop(session, tools, "CODE-ONE-1111")
    shop.review()
    order = make_order(session, shop.store, shop.pack, email="kim@example.com", number="#1301")
    later, _ = make_link(session, order, store=shop.store, tools=tools)
    assert later.terms_id is None
    add_codes(session, shop.coupon, ["FRESH-1111111"], tools=tools)
    another = make_order(session, shop.store, shop.pack, email="lee@example.com", number="#1302")
    again, _ = make_link(session, another, store=shop.store, tools=tools)
    assert again.terms_id is not None


def test_the_merchant_is_warned_ahead_and_once(session: Session, tools: Tools) -> None:
    shop = open_shop(session, tools, *[f"CODE-{place:04d}-X" for place in range(22)])
    for place in range(3):
        order = make_order(session, shop.store, shop.pack, email=f"k{place}@example.com", number=f"#20{place}")
        shop.request, _ = make_link(session, order, store=shop.store, tools=tools)
        shop.review()
    told = [mail["Subject"] for mail in mails_to(session, tools, "merchant@example.com")]
    assert told == ["20 codes are left for the rewards of Larkspur"]
    add_codes(session, shop.coupon, [f"MORE-{place:04d}-X" for place in range(30)], tools=tools)
    assert shop.coupon.low_told_at is None


def test_a_withdrawn_review_gets_no_code_and_frees_its_order(session: Session, tools: Tools) -> None:
    shop = open_shop(session, tools, "CODE-ONE-1111")
    code = session.scalars(select(CouponCode)).one()
    code.given_at = START
    session.flush()
    first = shop.review(shop.pack)
    withdraw_by_link(session, shop.linked(shop.pack), tools=tools)
    assert shop.state(first) is RewardState.CANCELLED
    second = shop.review(shop.stove)
    add_codes(session, shop.coupon, ["FRESH-1111111", "FRESH-2222222"], tools=tools)
    assert (shop.state(first), shop.state(second)) == (RewardState.CANCELLED, RewardState.SENT)


def test_a_code_that_was_mailed_is_not_mailed_again_after_the_review_was_deleted(shop: Shop) -> None:
    first = shop.review(shop.pack)
    withdraw_by_link(shop.session, shop.linked(shop.pack), tools=shop.tools)
    assert shop.state(first) is RewardState.SENT
    shop.review(shop.stove)
    assert len(shop.codes_mailed()) == 1


def test_an_erased_person_gets_nothing_more(session: Session, tools: Tools) -> None:
    shop = open_shop(session, tools, "CODE-ONE-1111", mailed=MailedWhen.PUBLISHED, publishing=Publishing.HOLD_ALL)
    review = shop.review()
    erase_person(session, shop.store, BUYER, clock=tools.clock)
    assert shop.state(review) is RewardState.CANCELLED
    assert give_rewards(session, tools=tools) == 0


def test_codes_lie_sealed_and_get_the_newest_key(shop: Shop, session: Session) -> None:
    rows = session.scalars(select(CouponCode)).all()
    assert not [row for row in rows if b"CODE" in row.code.ciphertext or b"CODE" in row.fingerprint]
    newest = "bmV3ZXN0LWtleS0wMTIzNDU2Nzg5MDEyMzQ1Njc4OTA="
    rotate_keys(session, keyring=Keyring((newest, ENCRYPTION_KEY)))
    session.flush()
    assert sorted(Keyring((newest,)).open(row.code) for row in rows) == ["CODE-ONE-1111", "CODE-TWO-2222"]


def test_a_lost_key_costs_no_review_and_the_code_stays_owed(shop: Shop, session: Session) -> None:
    other = Keyring(("b3RoZXIta2V5LTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",))
    for row in session.scalars(select(CouponCode)):
        row.code = other.seal("CODE")
    session.flush()
    assert shop.state(shop.review()) is RewardState.OWED


def test_every_version_of_the_rule_is_kept(shop: Shop, session: Session) -> None:
    make_terms(session, shop.store, shop.coupon, tools=shop.tools, for_button=False)
    make_terms(session, shop.store, shop.coupon, tools=shop.tools, is_on=False)
    versions = select(RewardTerms.version).where(RewardTerms.store_id == shop.store.id)
    assert sorted(session.scalars(versions)) == [1, 2, 3]


def test_a_code_known_in_other_capitals_is_left_out(shop: Shop, session: Session) -> None:
    added = add_codes(session, shop.coupon, ["code-one-1111", "NEW-1111", "new-1111"], tools=shop.tools)
    assert (added.added, added.known) == (1, 2)
    assert session.scalar(select(func.count()).select_from(CouponCode)) == 3


def test_what_the_store_has_is_asked_once_for_all_codes_of_a_file(shop: Shop, session: Session) -> None:
    with counted_statements(session) as sent:
        added = add_codes(session, shop.coupon, [f"BULK-{place:04d}" for place in range(60)], tools=shop.tools)
    asked = [one for one in sent if one.startswith("SELECT coupon_code.fingerprint")]
    assert (added.added, len(asked)) == (60, 1)


def test_a_reward_made_long_ago_is_still_owed(shop: Shop, session: Session, tools: Tools, clock: Any) -> None:
    for code in session.scalars(select(CouponCode)):
        code.given_at = START
    session.flush()
    review = shop.review()
    clock.advance(days=timedelta(days=400).days)
    add_codes(session, shop.coupon, ["FRESH-1111111"], tools=tools)
    assert shop.state(review) is RewardState.SENT
    assert session.scalar(select(func.count()).select_from(Reward)) == 1
