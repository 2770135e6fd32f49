import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from reviews_app.db.database import session, transaction
from reviews_app.models.attribute import Attribute, AttributeAbout, AttributeKind
from reviews_app.models.line_wish import LineWish, Wish
from reviews_app.models.review import Review
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.store import Store
from tests.factories.attribute import make_attribute
from tests.fakes.clock import FakeClock
from tests.fakes.visitor import Visitor, typed
from tests.web.review_links.conftest import Link
from tests.web.review_links.reading import press, review, words

Count = Callable[[type], int]


def test_the_clicked_product_is_open_and_the_others_are_a_line_each_with_stars(visitor: Visitor, link: Link) -> None:
    page = visitor.open(link.form(link.stove)).text
    assert page.count('name="body"') == 1
    assert f'action="/r/{link.token}/{link.stove}"' in page
    for other in (link.pack, link.tent):
        for stars in range(1, 6):
            assert f'href="/r/{link.token}/{other}?rating={stars}"' in page
    assert f"{link.stove}?rating=" not in page


def test_the_order_opens_its_first_product(visitor: Visitor, link: Link) -> None:
    page = visitor.open(link.order)
    assert f'action="/r/{link.token}/{link.pack}"' in page.text
    assert "0 of 3 done" in words(page)


@pytest.mark.parametrize(("language", "number"), [("ar", "\u2068#1205\u2069<"), ("de", " #1205<")])
def test_the_orders_number_keeps_its_own_direction(
    app: Flask, visitor: Visitor, link: Link, language: str, number: str
) -> None:
    with app.app_context(), transaction() as writing:
        writing.scalars(select(Store)).one().languages = ["en", "de", "ar"]
    assert number in visitor.open(f"{link.order}?lang={language}").text


@pytest.mark.parametrize(("stars", "said"), [("4", "You chose 4 stars."), ("1", "You chose 1 star.")])
def test_the_chosen_star_is_named_and_may_be_changed(visitor: Visitor, link: Link, stars: str, said: str) -> None:
    page = visitor.open(f"{link.form()}?rating={stars}")
    assert f"{said} You can change it." in words(page)
    assert typed(page)["rating"] == [stars]


@pytest.mark.parametrize("stars", ["", "0", "6", "-1", "4.5", "five", "4&rating=5x", "%00"])
def test_a_star_that_is_none_chooses_none(visitor: Visitor, link: Link, stars: str) -> None:
    page = visitor.open(f"{link.form()}?rating={stars}")
    assert "You chose" not in words(page) or stars.startswith("4&")
    assert typed(page).get("rating", []) in ([], ["4"])


def test_after_submit_the_next_product_opens(visitor: Visitor, link: Link) -> None:
    answer = review(visitor, link.form())
    assert (answer.status_code, answer.location) == (303, f"{link.form(link.stove)}?said={link.pack}")
    page = visitor.open(answer.location)
    assert "Thank you. Your review of Pack is saved." in words(page)
    assert "1 of 3 done" in words(page)
    assert f'action="{link.form(link.stove)}"' in page.text


def test_the_round_goes_on_from_the_middle_to_the_first(visitor: Visitor, link: Link) -> None:
    assert review(visitor, link.form(link.tent)).location.startswith(link.form(link.pack))
    assert review(visitor, link.form(link.pack)).location.startswith(link.form(link.stove))


def test_the_last_one_ends_with_thanks_and_the_review_as_it_looks(visitor: Visitor, link: Link) -> None:
    for product in (link.pack, link.stove, link.tent):
        answer = review(visitor, link.form(product))
    assert answer.location == f"{link.order}?said={link.tent}"
    page = words(visitor.open(answer.location))
    for expected in ("Thank you. Your review is saved.", "Verified buyer", "Morgan R.", "3 of 3 done"):
        assert expected in page


def test_an_address_alone_cannot_claim_that_a_review_was_saved(visitor: Visitor, link: Link) -> None:
    for said in (link.stove, link.elsewhere, "nonsense", "%00"):
        assert "is saved" not in words(visitor.open(f"{link.form()}?said={said}"))


def ask_about_the_person(link: Link) -> None:
    with transaction() as writing:
        store = writing.get_one(Store, link.store)
        make_attribute(
            writing, store, AttributeKind.SINGLE_CHOICE, title="Used by", about=AttributeAbout.REVIEWER, position=1
        )
        make_attribute(
            writing, store, AttributeKind.SHORT_TEXT, title="Your terrain", about=AttributeAbout.REVIEWER, position=2
        )


def question(title: str) -> str:
    session().rollback()
    attribute = session().scalars(select(Attribute).where(Attribute.title == title)).one()
    return f"attribute_{attribute.id.hex}"


def test_name_country_and_questions_about_the_person_are_asked_once(visitor: Visitor, link: Link) -> None:
    ask_about_the_person(link)
    told = {question("Used by"): "Travel", question("Your terrain"): "Alps", "country": "FR", "display_name": "Mo"}
    first = visitor.open(link.form())
    assert "form-person" not in first.text
    second = visitor.open(review(visitor, link.form(), name="Mo Reed", **told).location)
    assert re.search(r"<details[^>]*form-person", second.text)
    assert "Shown as Mo Name and answers" in words(second)
    held = typed(second)
    assert {name: held[name][0] for name in (*told, "name")} == told | {"name": "Mo Reed"}


def test_the_second_review_carries_what_was_told_in_the_first(visitor: Visitor, link: Link) -> None:
    ask_about_the_person(link)
    answer = review(visitor, link.form(), name="Mo Reed", **{question("Used by"): "Travel"})
    review(visitor, answer.location)
    session().rollback()
    rows = session().scalars(select(Review).order_by(Review.created_at)).all()
    assert [one.name for one in rows] == ["Mo Reed", "Mo Reed"]
    assert [[(given.title, given.value) for given in one.answers] for one in rows] == [[("Used by", "Travel")]] * 2


def test_who_would_not_say_is_not_asked_again(visitor: Visitor, link: Link) -> None:
    ask_about_the_person(link)
    answer = review(visitor, link.form(), **{question("Used by"): "prefer-not-to-say"})
    assert typed(visitor.open(answer.location))[question("Used by")] == ["prefer-not-to-say"]


def test_a_question_about_the_person_asked_for_one_product_alone_is_still_open(visitor: Visitor, link: Link) -> None:
    answer = review(visitor, link.form())
    ask_about_the_person(link)
    with transaction() as writing:
        for attribute in writing.scalars(select(Attribute)):
            attribute.for_all_products = attribute.title == "Used by"
    page = visitor.open(answer.location)
    open_part, person = page.text.split("form-person", 1)
    assert question("Used by") in person
    assert question("Your terrain") not in page.text
    assert question("Used by") not in open_part


def test_not_tried_yet_is_noted_for_two_weeks(visitor: Visitor, link: Link, clock: FakeClock) -> None:
    answer = press(visitor, f"{link.form(link.stove)}/later?open={link.pack}", link)
    assert (answer.status_code, answer.location) == (303, f"{link.form(link.pack)}?said={link.stove}")
    session().rollback()
    wish = session().scalars(select(LineWish)).one()
    assert (wish.product_id, wish.wish, wish.ask_at) == (link.stove, Wish.LATER, clock() + timedelta(days=14))
    page = words(visitor.open(answer.location))
    assert "We ask again about Stove on December 7, 2026" in page
    assert "We ask again on December 7, 2026." in page


def test_skip_moves_on_to_the_next_and_is_not_final(visitor: Visitor, link: Link, count: Count) -> None:
    answer = press(visitor, f"{link.form(link.pack)}/skip?open={link.pack}", link)
    assert answer.location == f"{link.form(link.stove)}?said={link.pack}"
    assert "Pack is skipped. Nobody asks about it again." in words(visitor.open(answer.location))
    assert review(visitor, f"{link.form(link.pack)}?rating=5").status_code == 303
    assert (count(LineWish), count(Review)) == (0, 1)


def test_the_last_wish_counts(visitor: Visitor, link: Link) -> None:
    for wish in ("skip", "later", "skip"):
        press(visitor, f"{link.form(link.pack)}/{wish}", link)
    session().rollback()
    assert [(one.wish, one.ask_at) for one in session().scalars(select(LineWish))] == [(Wish.SKIP, None)]


def test_when_everything_is_put_off_the_page_says_so(visitor: Visitor, link: Link) -> None:
    for product in (link.pack, link.stove, link.tent):
        answer = press(visitor, f"{link.form(product)}/later?open={product}", link)
    page = visitor.open(answer.location)
    assert "Nothing to do here now" in words(page)
    assert 'name="body"' not in page.text


def test_a_wish_needs_the_pages_own_token(visitor: Visitor, link: Link, count: Count) -> None:
    for wish in ("later", "skip"):
        answer = visitor.client.post(f"{link.form()}/{wish}", data={})
        assert answer.status_code == 422
        assert "Nothing was changed" in answer.text
    assert count(LineWish) == 0


def test_wishes_about_reviewed_foreign_and_expired_products_change_nothing(
    visitor: Visitor, link: Link, count: Count, clock: FakeClock
) -> None:
    review(visitor, link.form())
    assert press(visitor, f"{link.form()}/skip", link).status_code == 410
    assert press(visitor, f"{link.form(link.elsewhere)}/skip", link).status_code == 404
    token = typed(visitor.open(link.order))["csrf_token"]
    clock.advance(days=91)
    assert visitor.client.post(f"{link.form(link.stove)}/skip", data={"csrf_token": token}).status_code == 410
    assert count(LineWish) == 0


@pytest.mark.parametrize("stars", ["1", "5"])
def test_everybody_may_tell_the_shop_whatever_their_stars(visitor: Visitor, link: Link, stars: str) -> None:
    pages = [visitor.open(f"{link.form()}?rating={stars}"), visitor.open(review(visitor, link.form()).location)]
    pages += [visitor.open(f"{link.form()}/{what}") for what in ("edit", "delete")]
    for page in pages:
        assert "Something wrong with the order? Contact Larkspur" in words(page)
        assert 'href="mailto:help@larkspur.example?subject=Order%20%231205"' in page.text


def test_a_shop_without_an_address_promises_no_contact(visitor: Visitor, link: Link) -> None:
    with transaction() as writing:
        writing.get_one(Store, link.store).reply_address = ""
    page = visitor.open(link.form())
    assert page.status_code == 200
    assert "Something wrong with the order?" not in page.text


def test_the_page_speaks_the_mails_language(visitor: Visitor, link: Link) -> None:
    with transaction() as writing:
        writing.get_one(ReviewRequest, link.request).language_code = "de"
    assert visitor.client.get(link.form(), headers={"Accept-Language": "fr"}).headers["Content-Language"] == "de"
    assert visitor.open(f"{link.form()}?lang=fr").headers["Content-Language"] == "fr"


def test_a_refused_form_keeps_its_place_and_its_words(visitor: Visitor, link: Link) -> None:
    answer = visitor.send(link.form(link.stove), body="Burns hot", title="Hot <b>")
    assert answer.status_code == 422
    assert typed(answer)["body"] == ["Burns hot"]
    assert "The rest of your order" in words(answer)


def test_a_name_taken_away_opens_its_part_again(visitor: Visitor, link: Link) -> None:
    review(visitor, link.form())
    answer = review(visitor, link.form(link.stove), name="")
    assert answer.status_code == 422
    assert re.search(r"<details[^>]*form-person[^>]*open", answer.text)


def test_an_order_of_one_product_counts_nothing_and_lists_nothing(app: Flask, visitor: Visitor, link: Link) -> None:
    with transaction() as writing:
        order = writing.get_one(ReviewRequest, link.request).order
        for line in order.lines[1:]:
            writing.delete(line)
    page = words(visitor.open(link.order))
    assert "of 1 done" not in page
    assert "The rest of your order" not in page


def give_back(link: Link, *, everything: bool) -> None:
    with transaction() as writing:
        order = writing.get_one(ReviewRequest, link.request).order
        if everything:
            order.cancelled_at = order.placed_at
        else:
            order.lines[0].refunded_quantity = order.lines[0].quantity


def test_a_product_given_back_is_refused_kindly_and_the_others_go_on(
    visitor: Visitor, link: Link, count: Count
) -> None:
    opened = typed(visitor.open(link.form()))
    give_back(link, everything=False)
    page = visitor.open(link.form())
    assert "This product went back to the shop" in words(page)
    assert 'name="body"' not in page.text
    answer = visitor.client.post(link.form(), data=opened | {"rating": "5", "body": "It does."})
    assert (answer.status_code, count(Review)) == (410, 0)
    assert "This product went back to the shop" in words(answer)
    assert "0 of 2 done" in words(visitor.open(link.order))
    assert review(visitor, link.form(link.stove)).status_code == 303


def test_a_cancelled_order_asks_for_nothing(visitor: Visitor, link: Link, count: Count) -> None:
    token = typed(visitor.open(link.order))["csrf_token"]
    give_back(link, everything=True)
    page = visitor.open(link.order)
    assert (page.status_code, 'name="body"' in page.text) == (200, False)
    assert "Contact Larkspur" in words(page)
    for wish in ("later", "skip"):
        assert visitor.client.post(f"{link.form()}/{wish}", data={"csrf_token": token}).status_code == 410
    assert count(LineWish) == 0


def test_a_review_given_before_the_refund_stays_shown(visitor: Visitor, link: Link) -> None:
    review(visitor, link.form())
    give_back(link, everything=True)
    assert "You reviewed this already. Thank you." in words(visitor.open(link.form()))
