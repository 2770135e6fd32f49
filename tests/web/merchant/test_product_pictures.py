from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from reviews_app.db.after_commit import take_rings
from reviews_app.models.media_words import MAIL_JPEG
from reviews_app.models.membership import StoreRole
from reviews_app.models.product import Product, ProductPicture, ProductPictureUpload, ProductVariant
from reviews_app.models.store import Store
from reviews_app.services.dispatch.draw_picture import GIVEN_UP, MOST_TRIES, TROUBLE
from reviews_app.services.dispatch.draw_product_picture import draw_product_picture
from reviews_app.services.product_pictures import MOST_PICTURES, append_picture
from reviews_app.services.sweep_drawings import MOST, sweep_drawings
from tests.factories.picture import SECRET, make_picture, make_telling_picture
from tests.fakes.statements import counted_statements
from tests.fakes.visitor import errors, typed
from tests.web.merchant.conftest import House

PAGE = "products/ridge-daypack"


def send(house: House, raw: bytes, *, name: str = "front.png", **more: Any) -> Any:
    return house.owner.send(
        f"{house.at}/{PAGE}", at=f"{house.at}/{PAGE}/pictures", picture=(BytesIO(raw), name), **more
    )


def waiting(house: House) -> list[UUID]:
    with house.rows() as rows:
        return list(rows.scalars(select(ProductPictureUpload.id).order_by(ProductPictureUpload.id)))


def draw(house: House) -> list[bool]:
    sent = waiting(house)
    with house.rows():
        return [draw_product_picture(one, tools=house.tools) for one in sent]


def pictures(house: House) -> list[str]:
    with house.rows() as rows:
        return [one.alt for one in rows.scalars(select(ProductPicture).order_by(ProductPicture.position))]


def picture_id(house: House, alt: str) -> UUID:
    with house.rows() as rows:
        return rows.scalars(select(ProductPicture.id).where(ProductPicture.alt == alt)).one()


def add(house: House, *alts: str) -> None:
    with house.writing() as (writing, _):
        product = writing.scalars(select(Product)).one()
        for alt in alts:
            name = alt.ljust(22, "x")
            append_picture(writing, product, name=name, alt=alt, size=(800, 600), mail_file=MAIL_JPEG)


def page(house: House) -> str:
    return str(house.owner.open(f"{house.at}/{PAGE}").text)


def shop(house: House) -> str:
    return str(house.app.test_client().get(f"/stores/{house.slug}/{PAGE}").text)


def test_a_sent_picture_is_drawn_anew_and_shown_in_the_shop(house: House) -> None:
    assert "Needs a picture" in house.owner.open(f"{house.at}/products").text
    assert send(house, make_telling_picture((900, 600)), name="front.jpg", alt="From the front").status_code == 303
    assert "front.jpg</bdi> is being drawn" in page(house)
    assert "From the front" not in shop(house)
    assert draw(house) == [True]
    assert waiting(house) == []
    assert 'alt="From the front"' in shop(house)
    assert "Needs a picture" not in house.owner.open(f"{house.at}/products").text
    with house.rows() as rows:
        [row] = rows.scalars(select(ProductPicture))
        served = house.tools.storage.served_file(f"{row.name}-1600.webp")
        assert served is not None
        raw = b"".join(house.tools.storage.read(served, start=0, length=served.byte_count))
    assert SECRET not in raw


def test_a_job_that_comes_twice_shows_it_once(house: House) -> None:
    send(house, make_picture("PNG", (300, 300)), alt="Once")
    [upload] = waiting(house)
    with house.rows():
        assert draw_product_picture(upload, tools=house.tools)
        assert not draw_product_picture(upload, tools=house.tools)
    assert pictures(house) == ["Once"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "Choose a picture."),
        (b"<svg onload=alert(1)>" + bytes(40), "This file is no picture we can read."),
        (b"%PDF-1.7" + bytes(40), "This file is no picture we can read."),
        (b"\x89PNG\r\n\x1a\n" + bytes(15 * 1024 * 1024), "The file is larger than 15 MB."),
    ],
)
def test_what_is_no_picture_is_refused_at_its_field_and_the_words_are_kept(
    house: House, raw: bytes, words: str
) -> None:
    answer = send(house, raw, name="front.png" if raw else "", alt="From the front")
    assert answer.status_code == 422
    assert words in " ".join(errors(answer))
    assert typed(answer)["alt"] == ["From the front"]
    assert "<title>Error: " in answer.text
    assert waiting(house) == []


def test_a_refused_picture_leaves_the_products_own_form_as_it_stands(house: House) -> None:
    """A browser sends one form, not the page's other one."""
    with house.writing() as (writing, store):
        product = writing.scalars(select(Product)).one()
        product.variants.append(ProductVariant(store_id=store.id, shop_id="1", name="Moss", sku="RDP-MOS"))
    token = typed(house.owner.open(f"{house.at}/{PAGE}"))["csrf_token"]
    answer = house.owner.client.post(f"{house.at}/{PAGE}/pictures", data={"csrf_token": token, "alt": "From the front"})
    assert answer.status_code == 422
    kept = typed(answer)
    assert (kept["title"], kept["handle"], kept["price"]) == (["Ridge Daypack"], ["ridge-daypack"], ["89.00"])
    assert kept["alt"] == ["From the front"]
    assert (kept["variants-0-name"], kept["variants-3-name"]) == (["Moss"], [""])


def test_what_is_far_too_large_is_told_at_its_field_without_being_read(house: House) -> None:
    answer = send(house, b"\x89PNG\r\n\x1a\n" + bytes(16 * 1024 * 1024))
    assert answer.status_code == 413
    assert "The file is larger than 15 MB." in " ".join(errors(answer))
    assert typed(answer)["title"] == ["Ridge Daypack"]


def test_looking_at_the_page_reads_no_bytes_of_what_waits(house: House) -> None:
    send(house, make_picture("PNG", (30, 30)))
    with house.rows() as rows, counted_statements(rows) as sent:
        product = rows.scalars(select(Product)).one()
        assert [one.original_name for one in product.picture_uploads] == ["front.png"]
    assert not [one for one in sent if "product_picture_upload.upload" in one]


def test_a_file_that_only_begins_like_a_picture_is_told_of_until_another_comes(house: House) -> None:
    send(house, b"\x89PNG\r\n\x1a\n" + bytes(100), name="broken.png")
    assert draw(house) == [False]
    assert draw(house) == [False]
    assert f"<bdi>broken.png</bdi>: {TROUBLE}" in page(house)
    send(house, make_picture("PNG", (300, 300)), alt="Whole")
    assert TROUBLE not in page(house)
    assert draw(house) == [True]
    assert pictures(house) == ["Whole"]


def test_a_picture_that_could_not_be_drawn_at_once_says_so_and_one_given_up_tells_what_to_do(house: House) -> None:
    send(house, make_picture("PNG", (30, 30)), name="front.png")
    for tries, words in (
        (1, "front.png</bdi> is being drawn"),
        (2, "front.png</bdi> could not be drawn at once. It is tried again every two minutes, five times at most."),
        (MOST_TRIES, "five times at most."),
    ):
        with house.writing() as (writing, _):
            writing.scalars(select(ProductPictureUpload)).one().tries = tries
        assert words in page(house)
    assert draw(house) == [False]
    assert f"<bdi>front.png</bdi>: {GIVEN_UP}" in page(house)
    assert "could not be drawn at once" not in page(house)
    assert send(house, make_picture("PNG", (300, 300)), alt="Smaller").status_code == 303
    assert GIVEN_UP not in page(house)


def test_so_many_and_no_more(house: House) -> None:
    add(house, *(f"picture {place}" for place in range(MOST_PICTURES - 1)))
    assert send(house, make_picture("PNG", (30, 30)), alt="the last").status_code == 303
    answer = send(house, make_picture("PNG", (30, 30)), alt="one too many")
    assert answer.status_code == 422
    assert "A product has 12 pictures at most." in " ".join(errors(answer))
    assert len(waiting(house)) == 1


def test_one_is_put_first_and_one_is_taken_away(house: House) -> None:
    add(house, "front", "back", "inside")
    at = f"{house.at}/{PAGE}/pictures"
    assert house.owner.send(f"{house.at}/{PAGE}", at=f"{at}/{picture_id(house, 'inside')}/first").status_code == 303
    assert pictures(house) == ["inside", "front", "back"]
    assert house.owner.send(f"{house.at}/{PAGE}", at=f"{at}/{picture_id(house, 'front')}/remove").status_code == 303
    assert pictures(house) == ["inside", "back"]
    assert 'alt="front"' not in shop(house)


def test_a_picture_of_another_product_is_not_found(house: House) -> None:
    add(house, "front")
    with house.writing() as (writing, store):
        other = Product(store_id=store.id, shop_id="2", handle="other", title="Other", created_at=house.clock())
        writing.add(other)
    answer = house.owner.send(
        f"{house.at}/{PAGE}", at=f"{house.at}/products/other/pictures/{picture_id(house, 'front')}/remove"
    )
    assert answer.status_code == 404
    assert pictures(house) == ["front"]


def test_who_may_only_moderate_may_not_change_pictures(house: House) -> None:
    add(house, "front")
    moderator = house.visitor(StoreRole.MODERATOR)
    home = f"/merchant/{house.slug}"
    answer = moderator.send(home, at=f"{house.at}/{PAGE}/pictures/{picture_id(house, 'front')}/remove")
    assert answer.status_code == 403
    assert pictures(house) == ["front"]


def test_a_lost_bell_is_rung_again_for_pictures_and_logos(house: House) -> None:
    send(house, make_picture("PNG", (30, 30)))
    logo = (BytesIO(make_picture("PNG", (30, 30))), "logo.png")
    house.owner.send(f"{house.at}/settings/emails", logo=logo)
    with house.writing() as (writing, _):
        assert sweep_drawings(writing, now=house.clock()) == 0
    house.clock.advance(minutes=3)
    with house.writing() as (writing, _):
        assert sweep_drawings(writing, now=house.clock()) == 2
        assert len(take_rings(writing)) == 2
        assert sweep_drawings(writing, now=house.clock()) == 0, "the bell is not rung twice for one waiting"
    house.clock.advance(minutes=3)
    draw(house)
    with house.writing() as (writing, _):
        assert sweep_drawings(writing, now=house.clock()) == 1


def test_a_long_row_of_waiting_pictures_is_rung_for_to_its_end(house: House) -> None:
    with house.writing() as (writing, store):
        product = writing.scalars(select(Product)).one()
        writing.add_all(sent(store, product, at=house.clock()) for _ in range(MOST + 20))
    house.clock.advance(minutes=3)
    rung = []
    for _ in range(3):
        with house.writing() as (writing, _):
            rung.append(sweep_drawings(writing, now=house.clock()))
    assert rung == [MOST, 20, 0]


def sent(store: Store, product: Product, *, at: datetime) -> ProductPictureUpload:
    return ProductPictureUpload(store_id=store.id, product_id=product.id, upload=b"x", asked_at=at)
