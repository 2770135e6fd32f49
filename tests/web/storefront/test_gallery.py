import json
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.db.database import transaction
from reviews_app.models.media import Media, MediaState
from reviews_app.models.media_words import MediaTrouble
from reviews_app.models.product import Product
from reviews_app.models.store import Store
from reviews_app.services.tools import Tools
from reviews_app.web.review_form.thanks import thanks_token
from tests.factories.product import make_product
from tests.factories.staged import leave_review_with_pictures, make_ready
from tests.factories.store import make_store
from tests.fakes.visitor import Visitor

PAGE = "/stores/larkspur/products/ridge-daypack"
GALLERY = f"{PAGE}/reviews/photos"
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    with app.app_context(), transaction() as writing:
        make_product(writing, make_store(writing))
    return Visitor(app.test_client())


def leave(app: Flask, count: int = 1, **changes: Any) -> str:
    """A review with prepared pictures; gives the token of its thank-you page."""
    tools: Tools = app.extensions["tools"]
    with app.app_context(), transaction() as writing:
        store, product = writing.scalars(select(Store)).one(), writing.scalars(select(Product)).one()
        return thanks_token(leave_review_with_pictures(writing, store, product, tools, count=count, **changes))


def change(app: Flask, place: int, **values: Any) -> None:
    with app.app_context(), transaction() as writing:
        row = writing.scalars(select(Media).order_by(Media.created_at, Media.position)).all()[place]
        for name, value in values.items():
            setattr(row, name, value)


def links(page: str, group: str) -> list[str]:
    return re.findall(rf'<a class="photo-link" href="([^"]+)" data-viewer="{group}"', page)


def test_a_review_shows_its_pictures_with_room_kept_for_them(app: Flask, visitor: Visitor) -> None:
    leave(app, 2)
    page = visitor.open(PAGE).text
    picture = next(
        re.finditer(r'<a class="photo-link".*?</a>', page[page.index('class="review-photos"') :], re.S)
    ).group()
    assert 'alt="Picture 1"' in picture
    assert 'width="96" height="96"' in picture
    assert re.search(r'srcset="[^"]+-1600\.webp 1600w, [^"]+-640\.webp 640w, [^"]+-160\.webp 160w"', picture)
    assert 'sizes="calc(96px * 1.34)"' in picture
    assert 'data-width="1600" data-height="1200"' in picture


def test_without_a_caption_the_picture_is_named_by_its_product_and_author(app: Flask, visitor: Visitor) -> None:
    leave(app, 2)
    for place in (0, 1):
        change(app, place, caption="")
    page = visitor.open(PAGE).text
    assert 'alt="Photo 2 of Ridge Daypack by Morgan R."' in page
    change(app, 1, caption="<b>Seam</b>")
    assert 'alt="&lt;b&gt;Seam&lt;/b&gt;"' in visitor.open(PAGE).text


def test_a_video_shows_its_poster_with_its_length_and_leads_to_the_film(app: Flask, visitor: Visitor) -> None:
    leave(app)
    with app.app_context(), transaction() as writing:
        make_ready(writing.scalars(select(Media)).one(), seconds=75)
    page = visitor.open(PAGE).text
    assert 'alt="Video: Picture 1"' in page
    assert "1:15</span>" in page
    assert all(address.endswith("-video.mp4") for address in links(page, "from-reviews"))
    assert 'data-poster="' in page


def test_the_products_page_shows_the_first_eight_and_the_way_to_the_rest(app: Flask, visitor: Visitor) -> None:
    leave(app, 8)
    page = visitor.open(PAGE).text
    assert (len(links(page, "from-reviews")), "Show all pictures and videos" in page) == (8, False)
    leave(app, 3)
    page = visitor.open(PAGE).text
    assert (len(links(page, "from-reviews")), f'href="{GALLERY}"' in page) == (8, True)
    assert "From 2 reviews" in page
    assert len(links(visitor.open(GALLERY).text, "gallery")) == 11


def test_the_gallery_goes_on_until_everything_was_shown_once(app: Flask, visitor: Visitor) -> None:
    for _ in range(4):
        leave(app, 8)
    url, seen = GALLERY, list[str]()
    while url:
        page = visitor.open(url).text
        seen += links(page, "gallery")
        following = re.search(r'rel="next" href="([^"]+)"', page)
        url = following.group(1).replace("&amp;", "&") if following else ""
    assert (len(seen), len(set(seen))) == (32, 32)


@pytest.mark.parametrize("query", ["after=nonsense", "after=%00", "after=" + "x" * 5000, "lang=ar"])
def test_a_gallery_opens_whatever_its_address_asks(app: Flask, visitor: Visitor, query: str) -> None:
    leave(app, 2)
    assert len(links(visitor.open(f"{GALLERY}?{query}").text, "gallery")) == 2


def test_a_product_without_pictures_has_an_empty_gallery_and_no_section(visitor: Visitor) -> None:
    assert "No pictures or videos yet." in visitor.open(GALLERY).text
    assert "Pictures and videos from reviews" not in visitor.open(PAGE).text


def test_what_is_hidden_is_on_no_page_and_in_no_data(app: Flask, visitor: Visitor) -> None:
    leave(app, 2)
    page = visitor.open(PAGE).text
    block = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[0]
    assert len(json.loads(block)["review"][0]["image"]) == 2
    change(app, 0, is_hidden=True)
    for url in (PAGE, GALLERY):
        text = visitor.open(url).text
        assert "Picture 2" in text
        assert "Picture 1" not in text
    name = links(page, "from-reviews")[0].rpartition("/")[2].rpartition("-")[0]
    assert name not in visitor.open(PAGE).text


def test_pictures_in_work_keep_their_room_and_say_so(app: Flask, visitor: Visitor) -> None:
    token = leave(app, 3)
    change(app, 1, state=MediaState.UPLOADED)
    for url in (PAGE, f"{PAGE}/reviews/thanks/{token}"):
        page = visitor.open(url).text
        assert page.count("Being processed") == 1
        assert "data-in-work" in page
    change(app, 1, state=MediaState.READY)
    assert "data-in-work" not in visitor.open(PAGE).text


def test_the_author_alone_learns_which_file_failed_and_why(app: Flask, visitor: Visitor) -> None:
    token = leave(app, 2)
    change(app, 0, state=MediaState.FAILED, trouble=MediaTrouble.UNKNOWN_CODEC)
    words = "1.jpg is not shown. This kind of video does not play everywhere. Send it as MP4."
    assert words in visitor.open(f"{PAGE}/reviews/thanks/{token}").text
    assert "1.jpg" not in visitor.open(PAGE).text


def test_pictures_of_a_review_that_waits_open_by_key_for_its_author_only(app: Flask, visitor: Visitor) -> None:
    token = leave(app, is_suspect=True)
    page = visitor.open(f"{PAGE}/reviews/thanks/{token}").text
    assert re.search(r"-1600\.webp\?until=\d+&amp;key=", page)
    assert "Picture 1" not in visitor.open(PAGE).text


def test_words_of_a_caption_are_data_everywhere(app: Flask, visitor: Visitor) -> None:
    token = leave(app, display_name=HOSTILE, title=HOSTILE)
    change(app, 0, caption=HOSTILE, original_name=HOSTILE)
    for url in (PAGE, GALLERY, f"{PAGE}/reviews/thanks/{token}"):
        page = visitor.open(url).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
