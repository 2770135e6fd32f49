from urllib.parse import parse_qs, urlsplit

import pytest

from reviews_app.lib.addresses import Addresses
from reviews_app.lib.ids import new_id
from reviews_app.lib.tokens import new_token

HERE = Addresses(public="https://shop.test", media="https://media.shop.test/files")


def test_every_public_address_begins_with_the_public_one() -> None:
    token = new_token()
    made = [
        HERE.catalogue("larkspur"),
        HERE.product_page("larkspur", "ridge-daypack"),
        HERE.review_link(token),
        HERE.product_review_link(token, new_id()),
        HERE.unsubscribe(token),
        HERE.invitation(token),
        HERE.deliveries("larkspur"),
        HERE.kustomer_settings("larkspur"),
        HERE.requests("larkspur"),
        HERE.person("larkspur", new_id()),
    ]
    assert [address for address in made if not address.startswith("https://shop.test/")] == []
    assert [address for address in made if "//" in address.removeprefix("https://")] == []


@pytest.mark.parametrize("rating", [None, 1, 2, 3, 4, 5])
def test_a_star_in_a_mail_preselects_itself_and_only_itself(rating: int | None) -> None:
    product_id, token = new_id(), new_token()
    parts = urlsplit(HERE.product_review_link(token, product_id, rating))
    assert parts.path == f"/r/{token}/{product_id}"
    assert parse_qs(parts.query) == ({} if rating is None else {"rating": [str(rating)]})


def test_pictures_lie_where_media_lies() -> None:
    assert HERE.picture("AbC-_9", 1600) == "https://media.shop.test/files/AbC-_9-1600.webp"


def test_a_product_page_lies_in_its_catalogue() -> None:
    assert HERE.product_page("larkspur", "pack") == HERE.catalogue("larkspur") + "/products/pack"
