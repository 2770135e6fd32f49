import pytest
from flask import Flask
from sqlalchemy.orm import Session

from reviews_app.lib.ids import new_id
from reviews_app.models.media import MediaState
from reviews_app.models.product import Product
from reviews_app.models.review import RejectionReason, Review
from reviews_app.models.store import Store
from reviews_app.queries.gallery import GalleryPage, gallery_page
from reviews_app.queries.page_by_key import write_key
from reviews_app.queries.shown_media import as_shown, failed, in_work, shown_media
from reviews_app.services.decide_review import reject_review
from reviews_app.services.tools import Tools
from tests.factories.product import make_product
from tests.factories.staged import leave_review_with_pictures, make_ready
from tests.factories.store import make_store
from tests.fakes.clock import START, FakeClock
from tests.fakes.statements import counted_statements


@pytest.fixture
def tools(app: Flask) -> Tools:
    made: Tools = app.extensions["tools"]
    return made


@pytest.fixture
def store(session: Session) -> Store:
    return make_store(session)


@pytest.fixture
def product(session: Session, store: Store) -> Product:
    return make_product(session, store)


def captions(page: GalleryPage) -> list[str]:
    return [item.media.caption for item in page.items]


def walked(session: Session, store: Store, product: Product, size: int) -> list[str]:
    names: list[str] = []
    after = ""
    while True:
        page = gallery_page(session, store, product, after=after, size=size)
        names += [item.media.name for item in page.items]
        if page.next_key is None:
            return names
        assert len(page.items) == size
        after = page.next_key


def test_the_newest_review_stands_first_and_its_pictures_in_its_authors_order(
    session: Session, store: Store, product: Product, tools: Tools, clock: FakeClock
) -> None:
    for title in ("old", "new"):
        review = leave_review_with_pictures(session, store, product, tools, count=2, title=title, rating=3)
        review.media[0].caption, review.media[1].caption = f"{title} 1", f"{title} 2"
        clock.advance(minutes=1)
    session.flush()
    page = gallery_page(session, store, product)
    assert captions(page) == ["new 1", "new 2", "old 1", "old 2"]
    assert [(one.title, one.rating, one.media.by) for one in page.items[:1]] == [("new", 3, "Morgan R.")]


@pytest.mark.parametrize("size", [1, 3, 4, 24])
def test_pages_go_on_by_key_without_a_gap_or_a_repeat(
    session: Session, store: Store, product: Product, tools: Tools, clock: FakeClock, size: int
) -> None:
    """Reviews of one moment, several pictures each: only the whole key tells where to go on."""
    made: list[Review] = []
    for count in (2, 1, 3, 2):
        made.append(leave_review_with_pictures(session, store, product, tools, count=count))
        if count == 3:
            clock.advance(minutes=1)
    expected = sorted(made, key=lambda one: (one.created_at, one.id), reverse=True)
    assert walked(session, store, product, size) == [one.name for review in expected for one in review.media]


@pytest.mark.parametrize(
    "key",
    [
        "nonsense",
        "AAAA",
        write_key(START, new_id()),
        write_key(START, new_id(), -1, new_id()),
        write_key(START, new_id(), 10**30, new_id()),
        write_key(5, START, new_id()),
    ],
    ids=["word", "letters", "short", "negative", "huge", "swapped"],
)
def test_a_key_nobody_gave_begins_at_the_start(
    session: Session, store: Store, product: Product, tools: Tools, key: str
) -> None:
    leave_review_with_pictures(session, store, product, tools, count=2)
    assert captions(gallery_page(session, store, product, after=key)) == ["Picture 1", "Picture 2"]


def test_only_prepared_pictures_of_published_reviews_that_nobody_hid(
    session: Session, store: Store, product: Product, tools: Tools
) -> None:
    review = leave_review_with_pictures(session, store, product, tools, count=4)
    review.media[0].state = MediaState.UPLOADED
    review.media[1].state = MediaState.FAILED
    review.media[2].is_hidden = True
    gone = leave_review_with_pictures(session, store, product, tools)
    reject_review(session, gone, reason=RejectionReason.SPAM, clock=tools.clock)
    leave_review_with_pictures(session, store, product, tools, is_suspect=True)
    leave_review_with_pictures(session, store, make_product(session, store, "stove"), tools)
    other = make_store(session, "juniper")
    leave_review_with_pictures(session, other, make_product(session, other), tools)
    session.flush()
    assert captions(gallery_page(session, store, product)) == ["Picture 4"]
    assert (in_work(review), [name for name, _ in failed(review)]) == (1, ["2.jpg"])


def test_a_page_costs_one_statement_whatever_its_size(
    session: Session, store: Store, product: Product, tools: Tools
) -> None:
    for _ in range(6):
        leave_review_with_pictures(session, store, product, tools, count=3)
    session.commit()
    store, product = session.merge(store), session.merge(product)
    assert store.slug
    assert product.title
    with counted_statements(session) as statements:
        page = gallery_page(session, store, product)
    assert (len(page.items), len(statements)) == (18, 1)


def test_a_review_shows_its_pictures_with_their_sizes_and_nothing_hidden(
    session: Session, store: Store, product: Product, tools: Tools
) -> None:
    review = leave_review_with_pictures(session, store, product, tools, count=3)
    review.media[1].is_hidden = True
    make_ready(review.media[2], width=640, height=360, seconds=75)
    first, video = shown_media(review)
    assert (first.number, first.caption, first.width, first.height) == (1, "Picture 1", 1600, 1200)
    assert [(one.size, one.width, one.height) for one in first.renditions] == [
        (1600, 1600, 1200),
        (640, 640, 480),
        (160, 160, 120),
    ]
    assert (video.number, video.is_video, video.seconds) == (2, True, 75)
    assert [one.width for one in video.renditions] == [640, 160]


@pytest.mark.parametrize(
    ("width", "height", "stretch"), [(1600, 1200, 1.34), (1200, 1600, 1.0), (500, 500, 1.0), (1600, 10, 160.0)]
)
def test_a_square_is_covered_by_a_picture_wide_enough(
    session: Session, store: Store, product: Product, tools: Tools, width: int, height: int, stretch: float
) -> None:
    review = leave_review_with_pictures(session, store, product, tools)
    row = make_ready(review.media[0], width=width, height=height)
    assert as_shown(row, review, number=1).stretch == stretch


def test_what_the_public_may_not_see_says_so(session: Session, store: Store, product: Product, tools: Tools) -> None:
    shown = leave_review_with_pictures(session, store, product, tools)
    waits = leave_review_with_pictures(session, store, product, tools, is_suspect=True)
    assert [shown_media(one)[0].is_public for one in (shown, waits)] == [True, False]
    shown.media[0].is_hidden = True
    assert not as_shown(shown.media[0], shown, number=1).is_public
