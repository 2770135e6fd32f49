from html.parser import HTMLParser

import pytest

from reviews_app.mail.review_request import RequestedProduct, ReviewRequestMail, review_request

HOSTILE = "<script>alert(1)</script> {{ 7*7 }} </mj-text><mj-image src='https://evil.test/x'/> &lt;b&gt;"


class Links(HTMLParser):
    """Reads the addresses and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.text = ""
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.text += data


def make_mail(title: str = "Ridge Daypack", *, products: int = 1) -> ReviewRequestMail:
    return ReviewRequestMail(
        store_name="Larkspur",
        postal_address="1 Field Lane",
        buyer_name="Morgan",
        order_number="#1205",
        products=tuple(
            RequestedProduct(
                title=title,
                variant="Moss",
                picture_url="http://shop.test/media/a-160.webp",
                link=f"http://shop.test/r/t/{place}",
                star_links=tuple(f"http://shop.test/r/t/{place}?rating={star}" for star in range(1, 6)),
            )
            for place in range(products)
        ),
        all_link="http://shop.test/r/t",
        unsubscribe_url="http://shop.test/r/t/unsubscribe",
    )


def test_each_product_has_one_link_and_five_star_links() -> None:
    links = Links(review_request(make_mail(products=2)).html).addresses
    for place in range(2):
        assert f"http://shop.test/r/t/{place}" in links
        assert [link for link in links if f"/{place}?rating=" in link] == [
            f"http://shop.test/r/t/{place}?rating={star}" for star in range(1, 6)
        ]


def test_the_subject_asks_about_the_product() -> None:
    assert review_request(make_mail()).subject == "How is your Ridge Daypack working out?"


def test_the_footer_says_why_and_how_to_stop() -> None:
    content = review_request(make_mail())
    page = Links(content.html)
    assert "because you bought from Larkspur (order #1205)" in page.text
    assert "http://shop.test/r/t/unsubscribe" in page.addresses
    assert "http://shop.test/r/t/unsubscribe" in content.text


def test_the_text_part_carries_every_product() -> None:
    text = review_request(make_mail(products=3)).text
    assert [f"http://shop.test/r/t/{place}\n" in text for place in range(3)] == [True] * 3


@pytest.mark.parametrize("title", [HOSTILE, "a" * 300, "ريح <b>", "'\"><img src=x>"])
def test_a_hostile_product_title_is_text_letter_for_letter(title: str) -> None:
    page = Links(review_request(make_mail(title)).html)
    plain = Links(review_request(make_mail()).html)
    assert page.tags == plain.tags
    assert page.addresses == plain.addresses
    assert title in page.text


def test_the_mail_loads_nothing_from_anybody_else() -> None:
    page = Links(review_request(make_mail()).html)
    assert [address for address in page.addresses if not address.startswith("http://shop.test/")] == []
