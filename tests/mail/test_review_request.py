import re
from dataclasses import replace
from email.policy import SMTP
from html.parser import HTMLParser
from typing import Any

import pytest
from markupsafe import Markup

from reviews_app.lib.colour import accent_of
from reviews_app.lib.ids import new_id
from reviews_app.mail.environment import MailUnwritable, render_html
from reviews_app.mail.message import Envelope, compose
from reviews_app.mail.offer import ShownOffer
from reviews_app.mail.request_words import LANGUAGES, TEXT_KINDS, mail_language, usual_words
from reviews_app.mail.review_request import MailLook, RequestedProduct, ReviewRequestMail, review_request
from reviews_app.models.review_request import Asking
from tests.fakes.clock import FakeClock

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


def make_mail(title: str = "Ridge Daypack", *, products: int = 1, **more: Any) -> ReviewRequestMail:
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
        **more,
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


@pytest.mark.parametrize("title", [HOSTILE, "a" * 110, "ريح <b>", "'\"><img src=x>"])
def test_a_hostile_product_title_is_text_letter_for_letter(title: str) -> None:
    page = Links(review_request(make_mail(title)).html)
    plain = Links(review_request(make_mail()).html)
    assert page.tags == plain.tags
    assert page.addresses == plain.addresses
    assert title in page.text


def test_the_mail_loads_nothing_from_anybody_else() -> None:
    page = Links(review_request(make_mail()).html)
    assert [address for address in page.addresses if not address.startswith("http://shop.test/")] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("asking", list(Asking))
def test_every_mail_says_everything_in_every_language(language: str, asking: Asking) -> None:
    content = review_request(make_mail(products=2, language=language, kind=asking))
    page = Links(content.html)
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in content.html
    for said in (content.text, page.text):
        assert "Larkspur" in said
        assert "#1205" in said
        assert "1 Field Lane" in said
        assert re.search(r"\{(name|store|product|order|star|count)\}", said) is None
    assert "http://shop.test/r/t/unsubscribe" in page.addresses
    assert "http://shop.test/r/t/0" in page.addresses


def test_in_arabic_what_is_filled_in_keeps_its_own_direction() -> None:
    own = {"ar": {"first": {"subject": "{order} {product}"}}}
    content = review_request(make_mail(language="ar", own_words=own))
    assert content.subject == "\u2068#1205\u2069 \u2068Ridge Daypack\u2069"
    assert "\u2068#1205\u2069" in content.text
    assert "\u2068" not in review_request(make_mail(language="de")).text
    nameless = review_request(replace(make_mail(language="ar"), buyer_name=""))
    assert "\u2068\u2069" not in nameless.text


def test_each_language_has_words_of_its_own_for_each_kind_of_mail() -> None:
    english = usual_words("en")
    for language in LANGUAGES:
        words = usual_words(language)
        assert words.keys() == english.keys()
        assert [words[kind].keys() for kind in TEXT_KINDS] == [english[kind].keys() for kind in TEXT_KINDS]
    subjects = [usual_words(language)[kind]["subject"] for language in LANGUAGES for kind in TEXT_KINDS]
    assert len(set(subjects)) == len(subjects)


def test_a_photo_is_asked_for_without_stars() -> None:
    page = Links(review_request(make_mail(kind=Asking.PHOTO)).html)
    assert [address for address in page.addresses if "rating=" in address] == []
    assert "http://shop.test/r/t/0" in page.addresses


def test_stars_are_all_drawn_alike_and_say_which_they_are() -> None:
    html = review_request(make_mail()).html
    stars = re.findall(r'<a class="star"[^>]*style="([^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL)
    assert len({style for style, _ in stars}) == 1
    assert "width:48px;height:48px" in stars[0][0]
    assert [re.sub(r"<[^>]*>", "", inside) for _, inside in stars] == [f"&#9733;{star}" for star in range(1, 6)]
    assert [f'aria-label="{star} of 5 stars for Ridge Daypack"' in html for star in range(1, 6)] == [True] * 5


@pytest.mark.parametrize(
    ("locale", "spoken", "language"),
    [
        ("de", ["en", "de"], "de"),
        ("de-AT", ["en", "de"], "de"),
        ("DE_ch", ["en", "de"], "de"),
        ("fr", ["en", "de"], "en"),
        (None, ["ja", "en"], "ja"),
        ("", ["fr"], "fr"),
        ("it", ["it", "de"], "de"),
        ("it", ["it"], "en"),
        ("x" * 60, ["en"], "en"),
    ],
)
def test_the_mail_speaks_the_buyers_language_if_the_store_does(locale: str, spoken: list[str], language: str) -> None:
    assert mail_language(locale, spoken) == language


def test_a_merchants_own_words_stand_before_the_usual_ones() -> None:
    own = {
        "en": {"first": {"subject": "{name}, how is {product}? {store} {order}", "intro": "{{7*7}} {config} {name}"}}
    }
    content = review_request(make_mail(own_words=own))
    assert content.subject == "Morgan, how is Ridge Daypack? Larkspur #1205"
    assert "{{7*7}} {config} Morgan" in content.text
    assert "{{7*7}} {config} Morgan" in Links(content.html).text
    assert review_request(make_mail(own_words=own, language="de")).subject.startswith("Wie zufrieden bist du")


def test_own_words_that_call_by_name_give_way_where_nobody_told_the_name() -> None:
    own = {"en": {"first": {"subject": "{name}, one question", "intro": "{store} asks."}}}
    assert review_request(make_mail(own_words=own)).subject == "Morgan, one question"
    nameless = review_request(replace(make_mail(own_words=own), buyer_name=""))
    assert nameless.subject == "How is your Ridge Daypack working out?"
    assert "Larkspur asks." in nameless.text


def test_a_value_with_braces_is_not_filled_again() -> None:
    own = {"en": {"first": {"subject": "About {product}"}}}
    assert review_request(make_mail("{store} {name}", own_words=own)).subject == "About {store} {name}"


@pytest.mark.parametrize("hostile", [HOSTILE, "}</style><script>x</script>", "{% include 'x' %}", "</mj-text>"])
def test_hostile_own_words_and_offers_are_text(hostile: str) -> None:
    own = {"en": {"first": {"subject": hostile, "intro": hostile}}}
    page = Links(review_request(make_mail(own_words=own, offer=ShownOffer(hostile, hostile))).html)
    plain = Links(review_request(make_mail(offer=ShownOffer("a", "b"))).html)
    assert (page.tags, page.addresses) == (plain.tags, plain.addresses)
    assert page.text.count(hostile) >= 3


def test_an_offer_stands_in_both_parts() -> None:
    content = review_request(make_mail(offer=ShownOffer("Get $5 off.", "Your rating makes no difference.")))
    for said in (content.text, Links(content.html).text):
        assert "Get $5 off." in said
        assert "Your rating makes no difference." in said


def test_the_logo_and_the_accent_are_the_stores() -> None:
    look = MailLook(accent_of("#FFD400"), "http://shop.test/media/logo-640.webp", 120, 40)
    html = review_request(make_mail(look=look)).html
    assert 'alt="Larkspur"' in html
    assert "http://shop.test/media/logo-640.webp" in html
    assert look.accent.colour in html
    assert "#FFD400" not in html.partition("@media")[0]


def test_a_dark_logo_without_a_ground_of_its_own_is_seen_in_the_dark() -> None:
    logo = "http://shop.test/media/logo-640.webp"
    html = review_request(make_mail(look=MailLook(accent_of("#FFD400"), logo, 120, 40))).html
    dark = html.partition("prefers-color-scheme: dark")[2].partition("</style>")[0]
    assert re.search(r"\.logo img \{[^}]*background-color: #FFFFFF !important", dark)
    assert re.search(rf'class="logo"(?:(?!</tr>).)*{re.escape(logo)}', html, re.S)


def test_nothing_counts_the_reader_unless_the_merchant_does() -> None:
    seen = "http://shop.test/r/t/seen.gif"
    assert "seen.gif" not in review_request(make_mail()).html
    assert Links(review_request(make_mail(pixel_url=seen)).html).addresses.count(seen) == 1


@pytest.mark.parametrize("language", ["en", "ar", "ja"])
@pytest.mark.parametrize("title", ["x" * 400, "ريح" * 100, "<&>" * 100])
def test_the_longest_order_makes_a_mail_below_100_kb(language: str, title: str) -> None:
    content = review_request(make_mail(title, products=200, language=language))
    envelope = Envelope(sender="reviews@shop.test", sender_name="Larkspur", recipient="morgan@example.com")
    message = compose(envelope, content, clock=FakeClock(), make_id=new_id)
    assert len(message.as_bytes(policy=SMTP)) < 100_000
    assert "190" in Links(content.html).text
    assert "http://shop.test/r/t" in Links(content.html).addresses


@pytest.mark.parametrize("letter", ["\x00", "\x0b", "\ufdd0", "\ufffe", "\uffff", "\U0010ffff"])
def test_a_letter_that_was_kept_long_ago_and_no_mail_may_hold_is_left_out(letter: str) -> None:
    content = review_request(make_mail(f"Ridge {letter}Daypack"))
    assert "Ridge Daypack" in Links(content.html).text
    assert letter not in content.html


@pytest.mark.parametrize(("template", "values"), [("notice.mjml", {}), ("no_such.mjml", {})])
def test_a_mail_that_cannot_be_written_says_so_by_one_name(template: str, values: dict[str, Any]) -> None:
    with pytest.raises(MailUnwritable, match=template):
        render_html(template, **values)


def test_markup_that_breaks_the_mail_is_one_that_cannot_be_written() -> None:
    with pytest.raises(MailUnwritable):
        review_request(make_mail(Markup("<")))
