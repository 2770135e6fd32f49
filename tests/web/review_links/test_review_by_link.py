from collections.abc import Callable

from sqlalchemy import select

from reviews_app.db.database import session
from reviews_app.models.review import Review, Source
from reviews_app.models.review_request import ReviewRequestUse
from reviews_app.models.suppression import Suppression
from tests.fakes.clock import FakeClock
from tests.fakes.visitor import Visitor, errors, typed
from tests.web.review_links.conftest import Link

Count = Callable[[type], int]


def test_the_link_opens_with_name_email_variant_and_the_clicked_star(visitor: Visitor, link: Link) -> None:
    held = typed(visitor.open(f"{link.form()}?rating=4"))
    assert (held["name"], held["email"], held["rating"]) == (["Morgan Reed"], ["morgan@example.com"], ["4"])
    assert held["variant"] != [""]


def test_a_review_by_link_is_verified_and_names_its_order(visitor: Visitor, link: Link) -> None:
    answer = visitor.send(link.form(), rating="5", body="Carried it over the pass, no sore shoulders.")
    assert answer.status_code == 303
    session().rollback()
    review = session().scalars(select(Review)).one()
    assert (review.is_verified, review.source, review.email) == (
        True,
        Source.REVIEW_REQUEST_EMAIL,
        "morgan@example.com",
    )
    assert review.order_id is not None
    assert "Thank you" in visitor.open(answer.location).text


def test_an_address_typed_over_the_known_one_is_not_taken(visitor: Visitor, link: Link) -> None:
    visitor.send(link.form(), rating="5", body="Carried it.", email="somebody@else.example")
    session().rollback()
    assert session().scalars(select(Review.email)).all() == ["morgan@example.com"]


def test_a_used_link_cannot_be_used_again(visitor: Visitor, link: Link, count: Count) -> None:
    first = visitor.client.get(link.form())
    second = visitor.client.get(link.form())
    for opened in (first, second):
        values = typed(opened) | {"rating": "5", "body": "Carried it over the pass."}
        answer = visitor.client.post(link.form(), data=values)
    assert (answer.status_code, count(Review)) == (410, 1)
    assert "You reviewed this already. Thank you." in answer.text
    again = visitor.open(link.form())
    assert again.status_code == 200
    assert "You reviewed this already. Thank you." in again.text
    assert 'name="body"' not in again.text


def test_the_same_form_sent_twice_is_thanked_twice_and_saved_once(visitor: Visitor, link: Link, count: Count) -> None:
    values = typed(visitor.open(link.form())) | {"rating": "5", "body": "Carried it over the pass."}
    answers = [visitor.client.post(link.form(), data=values) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert count(Review) == 1


def test_the_order_page_shows_what_is_left(visitor: Visitor, link: Link, count: Count) -> None:
    visitor.send(link.form(), rating="5", body="Carried it.")
    page = visitor.open(link.order).text
    assert page.count("Reviewed. Thank you") == 1
    assert f"/r/{link.token}/{link.stove}" in page


def test_a_hundred_gets_change_nothing(visitor: Visitor, link: Link, count: Count) -> None:
    for _ in range(25):
        for url in (link.order, link.form(), f"{link.form()}?rating=1", f"{link.order}/unsubscribe"):
            assert visitor.open(url).status_code == 200
    assert (count(Review), count(ReviewRequestUse)) == (0, 0)
    assert count(Suppression) == 0


def test_wrong_tokens_and_foreign_products_are_absent_alike(visitor: Visitor, link: Link) -> None:
    wrong = [
        f"/r/{'x' * 22}",
        f"/r/{'x' * 500}",
        f"/r/{link.token}x",
        link.form(link.elsewhere),
        f"{link.order}/nonsense",
    ]
    answers = [visitor.open(url) for url in wrong]
    assert {answer.status_code for answer in answers} == {404}


def test_an_expired_link_says_so_kindly(visitor: Visitor, link: Link, clock: FakeClock, count: Count) -> None:
    values = typed(visitor.open(link.form())) | {"rating": "5", "title": "A <title>", "body": "Carried it."}
    clock.advance(days=91)
    assert visitor.open(link.form()).status_code == 410
    answer = visitor.client.post(link.form(), data=values)
    assert (answer.status_code, count(Review)) == (410, 0)
    assert "Send me a new link" in answer.text
    # What was typed while the link still worked is there to be copied.
    assert "What you wrote. Copy it if you need it." in answer.text
    assert "A &lt;title&gt;\n\nCarried it.</textarea>" in answer.text


def test_a_refused_form_keeps_what_was_typed(visitor: Visitor, link: Link) -> None:
    answer = visitor.send(link.form(), body="Carried it.", title="Fine <b>pack")
    assert answer.status_code == 422
    assert "Choose a star, from 1 to 5." in errors(answer)
    assert typed(answer)["title"] == ["Fine <b>pack"]


def test_one_click_unsubscribe_needs_no_cookie(visitor: Visitor, link: Link, count: Count) -> None:
    data = {"List-Unsubscribe": "One-Click"}
    for _ in range(2):
        assert visitor.client.post(f"{link.order}/unsubscribe", data=data).status_code == 200
    assert count(Suppression) == 1


def test_a_foreign_page_cannot_unsubscribe_by_a_plain_form(visitor: Visitor, link: Link, count: Count) -> None:
    assert visitor.client.post(f"{link.order}/unsubscribe", data={}).status_code == 422
    assert count(Suppression) == 0


def test_the_token_leaves_by_no_referrer_and_lies_in_no_cache(visitor: Visitor, link: Link) -> None:
    headers = visitor.open(link.form()).headers
    assert (headers["Referrer-Policy"], headers["Cache-Control"]) == ("no-referrer", "no-store")
