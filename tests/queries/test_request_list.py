"""The lists of mails that ask: which belongs in which, in what order, and how many each holds."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.order import Order
from reviews_app.models.outgoing_mail import MailKind, MailState, OutgoingMail
from reviews_app.models.planned_mail import PlannedMail, PlannedState
from reviews_app.models.review_request import Asking, ReviewRequest, ReviewRequestUse
from reviews_app.models.store import Store
from reviews_app.queries.request_list import PAGE, Listed, planned_between, request_counts, request_page
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import START
from tests.fakes.statements import counted_statements

DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)
LISTS_OF_PLANS = {Listed.PLANNED: PlannedState.PLANNED, Listed.NOT_SENT: PlannedState.NOT_SENT}
FOLLOWS = (Listed.SENT, Listed.OPENED, Listed.STARTED, Listed.REVIEWED)


def make_shop(session: Session, slug: str = "larkspur") -> tuple[Store, Order]:
    store = make_store(session, slug)
    return store, make_order(session, store, make_product(session, store))


def plan(session: Session, order: Order, state: PlannedState, *due: datetime) -> None:
    for n, at in enumerate(due):
        row = PlannedMail(store_id=order.store_id, order_id=order.id, kind=Asking.REMINDER, n=n, state=state)
        row.planned_at, row.due_at, row.due_first = START, at, at
        session.add(row)
    session.flush()


def ask(session: Session, order: Order, at: datetime = START, *, state: MailState | None = None) -> ReviewRequest:
    row = ReviewRequest(store_id=order.store_id, order_id=order.id, token_hash=new_id().bytes, created_at=at)
    row.expires_at = at + 90 * DAY
    if state is not None:
        row.mail = OutgoingMail(kind=MailKind.REVIEW_REQUEST, recipient="morgan@example.com", subject="", state=state)
        row.mail.message_id = f"<{new_id()}@shop.test>"
        row.mail.created_at = row.mail.enqueued_at = row.mail.next_at = at
    session.add(row)
    session.flush()
    return row


def answer_all(session: Session, store: Store, request: ReviewRequest) -> None:
    """Opened, begun, and one product reviewed."""
    product = request.order.lines[0].product
    review = leave_review(session, store, product)
    session.flush()
    request.opened_at = request.started_at = START
    use = ReviewRequestUse(store_id=store.id, request_id=request.id, product_id=product.id, review_id=review.id)
    use.used_at = START
    session.add(use)
    session.flush()


def held(session: Session, store: Store) -> dict[Listed, int]:
    """What the lists hold, which their counts must say too."""
    lists = {listed: request_page(session, store, listed, after="") for listed in Listed}
    found = {listed: len([*page.plans, *page.requests]) for listed, page in lists.items()}
    assert found == request_counts(session, store)
    return {listed: count for listed, count in found.items() if count}


def walk(session: Session, store: Store, listed: Listed) -> list[list[PlannedMail | ReviewRequest]]:
    """Page after page to the last."""
    pages: list[list[PlannedMail | ReviewRequest]] = []
    after = ""
    while after or not pages:
        page = request_page(session, store, listed, after=after)
        pages.append([*page.plans, *page.requests])
        after = str(page.next_after or "")
    return pages


def test_a_store_that_asked_nobody_has_empty_lists(session: Session) -> None:
    store, _order = make_shop(session)
    assert held(session, store) == {}
    assert request_counts(session, store) == dict.fromkeys(Listed, 0)


@pytest.mark.parametrize("state", PlannedState)
def test_a_plan_stands_in_the_list_of_its_state_and_once_sent_in_none(session: Session, state: PlannedState) -> None:
    store, order = make_shop(session)
    plan(session, order, state, START)
    assert held(session, store) == {listed: 1 for listed, of in LISTS_OF_PLANS.items() if of is state}


@pytest.mark.parametrize("state", [None, *MailState])
def test_a_mail_counts_as_sent_unless_it_was_called_back_and_came_back_when_it_failed(
    session: Session, state: MailState | None
) -> None:
    store, order = make_shop(session)
    ask(session, order, state=state)
    sent = set() if state is MailState.CANCELLED else {Listed.SENT}
    assert set(held(session, store)) == sent | ({Listed.BOUNCED} if state is MailState.FAILED else set())


def test_a_mail_that_a_server_took_and_sent_back_later_came_back(session: Session) -> None:
    store, order = make_shop(session)
    for bounced_at in (START, None):
        request = ask(session, order, state=MailState.SENT)
        assert request.mail is not None
        request.mail.bounced_at = bounced_at
    session.flush()
    assert held(session, store) == {Listed.SENT: 2, Listed.BOUNCED: 1}


@pytest.mark.parametrize("step", ["opened_at", "started_at"])
def test_one_step_of_a_buyer_is_not_taken_for_another(session: Session, step: str) -> None:
    store, order = make_shop(session)
    setattr(ask(session, order, state=MailState.SENT), step, START)
    session.flush()
    assert held(session, store) == {Listed.SENT: 1, Listed(step.removesuffix("_at")): 1}


@pytest.mark.parametrize("state", [MailState.SENT, MailState.CANCELLED])
def test_what_was_answered_is_in_every_list_unless_its_mail_was_called_back(session: Session, state: MailState) -> None:
    store, order = make_shop(session)
    answer_all(session, store, ask(session, order, state=state))
    assert held(session, store) == ({} if state is MailState.CANCELLED else dict.fromkeys(FOLLOWS, 1))


def test_two_reviews_by_one_link_are_one_request(session: Session) -> None:
    store, order = make_shop(session)
    request = ask(session, order, state=MailState.SENT)
    answer_all(session, store, request)
    review = leave_review(session, store, make_product(session, store, "stove"))
    session.flush()
    use = ReviewRequestUse(store_id=store.id, request_id=request.id, product_id=review.product_id, used_at=START)
    use.review_id = review.id
    session.add(use)
    session.flush()
    assert held(session, store)[Listed.REVIEWED] == 1


def test_two_stores_with_equal_mails_see_each_its_own(session: Session) -> None:
    shops = [make_shop(session, slug) for slug in ("larkspur", "juniper")]
    for store, order in shops:
        plan(session, order, PlannedState.PLANNED, START)
        answer_all(session, store, ask(session, order, state=MailState.SENT))
    for store, _order in shops:
        assert held(session, store) == {Listed.PLANNED: 1} | dict.fromkeys(FOLLOWS, 1)
        for listed in (Listed.PLANNED, *FOLLOWS):
            assert {row.store_id for page in walk(session, store, listed) for row in page} == {store.id}


def test_what_is_planned_stands_the_next_first_and_what_was_not_sent_the_newest_first(session: Session) -> None:
    store, order = make_shop(session)
    days = [START + days * DAY for days in (2, 0, 3, 1)]
    plan(session, order, PlannedState.PLANNED, *days)
    stands = [row.due_at for page in walk(session, store, Listed.PLANNED) for row in page]  # type: ignore[union-attr]
    assert stands == sorted(days)
    for row in session.scalars(select(PlannedMail)):
        row.state = PlannedState.NOT_SENT
    session.flush()
    stands = [row.due_at for page in walk(session, store, Listed.NOT_SENT) for row in page]  # type: ignore[union-attr]
    assert stands == sorted(days, reverse=True)


@pytest.mark.parametrize("listed", [Listed.PLANNED, Listed.NOT_SENT, Listed.SENT])
@pytest.mark.parametrize(("count", "lengths"), [(PAGE, [PAGE]), (PAGE + 1, [PAGE, 1])])
def test_mails_of_one_moment_are_walked_once_each(
    session: Session, listed: Listed, count: int, lengths: list[int]
) -> None:
    store, order = make_shop(session)
    if listed in LISTS_OF_PLANS:
        plan(session, order, LISTS_OF_PLANS[listed], *[START] * count)
    else:
        for _ in range(count):
            ask(session, order)
    pages = walk(session, store, listed)
    assert [len(page) for page in pages] == lengths
    ids = [row.id for page in pages for row in page]
    assert all((one < after) is (listed is Listed.PLANNED) for one, after in pairwise(ids))


def test_a_list_that_goes_on_after_what_is_none_of_it_begins_anew(session: Session) -> None:
    (store, order), (_other, foreign) = make_shop(session), make_shop(session, "juniper")
    theirs = ask(session, foreign, START + DAY)
    plan(session, foreign, PlannedState.PLANNED, START + DAY)
    planned = session.scalars(select(PlannedMail)).one()
    plan(session, order, PlannedState.PLANNED, START, START + 2 * DAY)
    asked = [ask(session, order, START + days * DAY).id for days in (2, 0)]
    for nonsense in ("x", str(new_id()), str(theirs.id), str(planned.id), "0" * 5000, "\x00"):
        assert [row.id for row in request_page(session, store, Listed.SENT, after=nonsense).requests] == asked
        assert len(request_page(session, store, Listed.PLANNED, after=nonsense).plans) == 2


def test_a_mail_due_as_the_time_begins_counts_and_one_due_as_it_ends_does_not(session: Session) -> None:
    (store, order), (_other, foreign) = make_shop(session), make_shop(session, "juniper")
    edges = [START - INSTANT, START, START + DAY - INSTANT, START + DAY]
    plan(session, order, PlannedState.PLANNED, *edges)
    plan(session, foreign, PlannedState.PLANNED, *edges, START, START)
    assert planned_between(session, store, START, START + DAY) == 2
    assert planned_between(session, store, START, START) == 0
    for row in session.scalars(select(PlannedMail).where(PlannedMail.due_at == START)):
        row.state = PlannedState.SENT
    session.flush()
    assert planned_between(session, store, START, START + DAY) == 1


def test_a_full_page_is_read_with_as_few_statements_as_a_short_one(session: Session) -> None:
    store, _order = make_shop(session)
    product, counts = make_product(session, store, "stove"), []
    for number in range(3):
        order = make_order(session, store, product, number=f"#{number}", email=f"{number}@example.com")
        ask(session, order, state=MailState.SENT)
        session.commit()
        with counted_statements(session) as sent:
            for one in request_page(session, store, Listed.SENT, after="").requests:
                assert one.order.customer.email
                assert one.mail is not None
                assert one.uses == []
        counts.append(len(sent))
    assert counts == [counts[0]] * 3
