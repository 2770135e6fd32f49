from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import func, select

from reviews_app.db.database import session, transaction
from reviews_app.models.attribute import AttributeAbout, AttributeKind
from reviews_app.models.media import Media
from reviews_app.models.review import Review, ReviewState
from reviews_app.models.store import Publishing, Store
from tests.factories.attribute import make_attribute
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.busy_database import busy_database
from tests.fakes.visitor import Visitor, errors, typed

FORM = "/stores/larkspur/products/ridge-daypack/reviews/new"
FIELDS = ["body", "title", "name", "email", "rating", "country", "variant"]
GOOD: dict[str, Any] = {"rating": "4", "body": "Carries well.", "name": "Ann Lee", "email": "ann@example.com"}


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    with app.app_context(), transaction() as writing:
        store = make_store(writing)
        product = make_product(writing, store, variants=("Moss",))
        for place, kind in enumerate(AttributeKind):
            make_attribute(writing, store, kind, title=kind.value, position=place)
        make_attribute(writing, store, title="How often?", about=AttributeAbout.REVIEWER, position=9)
        make_attribute(writing, store, title="Elsewhere", products=(make_product(writing, store, "stove"),))
        assert product.variants
    return Visitor(app.test_client())


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return session().scalar(select(func.count()).select_from(table)) or 0


def review_of(app: Flask) -> Review:
    with app.app_context():
        return session().scalars(select(Review)).one()


def png(side: int = 8) -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (side, side), "teal").save(out, "PNG")
    out.seek(0)
    return out


def test_a_good_form_is_saved_and_thanked(app: Flask, visitor: Visitor) -> None:
    answer = visitor.send(FORM, **GOOD)
    assert answer.status_code == 303
    thanks = visitor.open(answer.location)
    assert "Thank you. Your review is saved." in thanks.text
    assert "Carries well." in thanks.text
    assert review_of(app).display_name == "Ann L."


def test_the_star_in_the_address_is_only_chosen(app: Flask, visitor: Visitor) -> None:
    assert typed(visitor.open(f"{FORM}?rating=4"))["rating"] == ["4"]
    assert "rating" not in typed(visitor.open(f"{FORM}?rating=9"))
    assert count(app, Review) == 0


@pytest.mark.parametrize("rating", ["", "0", "6", "-1", "4.5", "1e3", "NaN", "5 ", "true", "５"])
def test_a_rating_outside_one_to_five_is_refused_in_words(app: Flask, visitor: Visitor, rating: str) -> None:
    answer = visitor.send(FORM, **GOOD | {"rating": rating})
    assert (answer.status_code, count(app, Review)) == (422, 0)
    assert errors(answer)
    assert typed(answer)["body"] == ["Carries well."]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"body": ""}, "Write a few words about it."),
        ({"body": "   \n "}, "Write a few words about it."),
        ({"body": "a" * 10_001}, "Up to 10000 letters fit here. This is 1 too long."),
        ({"name": "Mor\ufffegan"}, "This holds a character that cannot be shown."),
        ({"body": "nul\0"}, "This holds a character that cannot be shown."),
        ({"title": "a" * 201}, "Up to 200 letters fit here."),
        ({"name": ""}, "Tell us your name."),
        ({"email": ""}, "Your email is needed"),
        ({"email": "ann@"}, "This is not an email address yet."),
        ({"email": "ann@example.com, bob@example.com"}, "This is not an email address yet."),
    ],
)
def test_each_mistake_has_its_words_and_keeps_the_rest(
    app: Flask, visitor: Visitor, changed: dict[str, str], words: str
) -> None:
    answer = visitor.send(FORM, **GOOD | {"title": "My <title>"} | changed)
    assert (answer.status_code, count(app, Review)) == (422, 0)
    assert any(error.startswith(words) for error in errors(answer)), errors(answer)
    assert "<title>Error: Write a review" in answer.text
    if "title" not in changed:
        assert typed(answer)["title"] == ["My <title>"]


def test_bytes_that_are_no_utf8_are_refused_in_words(app: Flask, visitor: Visitor) -> None:
    held = typed(visitor.open(FORM))
    fields = {name: values[0] for name, values in held.items()} | GOOD
    body = urlencode(fields).replace("Carries+well.", "Carries%FF%FEwell.")
    answer = visitor.client.post(FORM, data=body, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, count(app, Review)) == (400, 0)
    broken = GOOD | {"body": "Carries \ufffd well."}
    answer = visitor.send(FORM, **broken)
    assert (answer.status_code, count(app, Review)) == (422, 0)
    assert any("cannot be shown" in error for error in errors(answer))


def test_ten_thousand_letters_fit(app: Flask, visitor: Visitor) -> None:
    assert visitor.send(FORM, **GOOD | {"body": "ä" * 10_000}).status_code == 303
    assert len(review_of(app).body) == 10_000


@pytest.mark.parametrize("place", range(5))
def test_an_unknown_choice_is_refused_in_words(app: Flask, visitor: Visitor, place: int) -> None:
    asked = dict.fromkeys(name for name in typed_names(visitor) if name.startswith("attribute_"))
    name = list(asked)[place]
    answer = visitor.send(FORM, **GOOD | {name: "No such answer"})
    if answer.status_code == 303:
        assert place == list(AttributeKind).index(AttributeKind.SHORT_TEXT)
        return
    assert (answer.status_code, count(app, Review)) == (422, 0)
    assert errors(answer) == ["Choose one of the answers shown."]
    assert typed(answer)["body"] == ["Carries well."]


@pytest.mark.parametrize(
    ("name", "value"), [("variant", "0" * 32), ("variant", "Moss"), ("country", "XX"), ("country", "Germany")]
)
def test_a_variant_or_country_that_is_none_is_refused_in_words(
    app: Flask, visitor: Visitor, name: str, value: str
) -> None:
    answer = visitor.send(FORM, **GOOD | {name: value})
    assert (answer.status_code, count(app, Review)) == (422, 0)
    assert errors(answer) == ["Choose one of the answers shown."]
    assert typed(answer)["body"] == ["Carries well."]


def test_an_answer_to_a_question_that_was_taken_away_costs_no_word(app: Flask, visitor: Visitor) -> None:
    answer = visitor.send(FORM, **GOOD | {"attribute_" + "0" * 32: "x"})
    assert (answer.status_code, count(app, Review)) == (422, 0)
    assert "A question was taken off this form meanwhile." in answer.text
    assert visitor.client.post(FORM, data=typed(answer)).status_code == 303


def test_an_answer_that_was_cleared_stays_cleared(app: Flask, visitor: Visitor) -> None:
    held = typed(visitor.open(f"{FORM}?rating=4"))
    held.pop("rating")
    answer = visitor.client.post(
        f"{FORM}?rating=4", data=held | {name: GOOD[name] for name in GOOD if name != "rating"}
    )
    assert (answer.status_code, errors(answer)) == (422, ["Choose a star, from 1 to 5."])


def test_a_line_break_counts_as_one_letter(app: Flask, visitor: Visitor) -> None:
    body = "\r\n".join(["x" * 99] * 100)
    assert visitor.send(FORM, **GOOD | {"body": body}).status_code == 303
    assert len(review_of(app).body) == 99 * 100 + 99


def test_a_busy_database_costs_no_word(app: Flask, visitor: Visitor) -> None:
    with busy_database():
        answer = visitor.send(FORM, **GOOD)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The shop is very busy. Nothing is lost" in answer.text
    assert count(app, Review) == 0
    assert visitor.client.post(FORM, data=typed(answer)).status_code == 303


def test_the_language_of_the_page_is_kept_to_the_thanks(visitor: Visitor) -> None:
    page = visitor.open("/stores/larkspur/products/ridge-daypack?lang=de").text
    assert f'href="{FORM}?lang=de"' in page
    thanks = visitor.open(visitor.send(f"{FORM}?lang=de", **GOOD).location)
    assert '<html lang="de"' in thanks.text
    assert 'href="/stores/larkspur/products/ridge-daypack?lang=de"' in thanks.text


def typed_names(visitor: Visitor) -> list[str]:
    page = visitor.open(FORM).text
    return [part.split('"')[0] for part in page.split('name="')[1:]]


def test_a_stale_token_costs_no_word(app: Flask, visitor: Visitor) -> None:
    answer = visitor.send(FORM, **GOOD | {"csrf_token": "from-another-tab"})
    assert (answer.status_code, count(app, Review)) == (422, 0)
    kept = typed(answer)
    assert kept["body"] == ["Carries well."]
    assert visitor.client.post(FORM, data=kept).status_code == 303


def test_a_form_id_of_ones_own_is_not_taken(app: Flask, visitor: Visitor) -> None:
    answer = visitor.send(FORM, **GOOD | {"form_id": "mine"})
    assert (answer.status_code, count(app, Review)) == (422, 0)
    assert visitor.client.post(FORM, data=typed(answer)).status_code == 303


def test_the_same_form_twice_is_one_review_and_the_same_thanks(app: Flask, visitor: Visitor) -> None:
    values = typed(visitor.open(FORM)) | GOOD
    first, second = (visitor.client.post(FORM, data=values) for _ in range(2))
    assert first.location == second.location
    assert count(app, Review) == 1


def test_a_second_review_from_one_address_gets_the_same_thanks_and_waits(app: Flask, visitor: Visitor) -> None:
    pages = []
    for _ in range(2):
        answer = visitor.send(FORM, **GOOD)
        pages.append(visitor.open(answer.location).text.replace(answer.location, ""))
    words = [page.split("<h1")[1].split("</p>")[0] for page in pages]
    assert words[0] == words[1]
    with app.app_context():
        states = session().scalars(select(Review.state).order_by(Review.created_at, Review.id)).all()
    assert sorted(states) == sorted([ReviewState.PENDING, states[0]]) or ReviewState.PENDING in states


def test_a_filled_trap_holds_and_never_refuses(app: Flask, visitor: Visitor) -> None:
    answer = visitor.send(FORM, **GOOD | {"website": "https://spam.example"})
    assert answer.status_code == 303
    assert (review_of(app).state, review_of(app).is_suspect) == (ReviewState.PENDING, True)


def test_a_store_that_holds_all_says_so(app: Flask, visitor: Visitor) -> None:
    with app.app_context(), transaction() as writing:
        writing.scalars(select(Store)).one().publishing = Publishing.HOLD_ALL
    answer = visitor.send(FORM, **GOOD)
    assert "It appears once Larkspur has read it." in visitor.open(answer.location).text


def test_pictures_of_a_refused_form_stay_and_can_be_taken_back(app: Flask, visitor: Visitor) -> None:
    answer = visitor.send(FORM, **GOOD | {"rating": "", "photos": (png(), "walk.png")})
    assert (answer.status_code, count(app, Media), "walk.png" in answer.text) == (422, 1, True)
    with app.app_context():
        picture = session().scalars(select(Media.upload_key)).one()
    again = visitor.client.post(FORM, data=typed(answer) | {"remove_photo": picture})
    assert "walk.png" not in again.text
    assert "walk.png" not in visitor.client.post(FORM, data=typed(again) | {"rating": ""}).text
    assert typed(again)["body"] == ["Carries well."]


def test_a_picture_goes_with_its_review(app: Flask, visitor: Visitor) -> None:
    assert visitor.send(FORM, **GOOD | {"photos": (png(), "walk.png")}).status_code == 303
    with app.app_context():
        assert session().scalars(select(Media.review_id)).one() == session().scalars(select(Review.id)).one()


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"<html><script>alert(1)</script>", "cat.jpg"), (b"<svg xmlns='x'/>", "cat.png"), (b"", "none.png")],
)
def test_a_file_that_is_no_picture_is_refused_by_its_bytes(
    app: Flask, visitor: Visitor, content: bytes, name: str
) -> None:
    answer = visitor.send(FORM, **GOOD | {"photos": (BytesIO(content), name)})
    assert (answer.status_code, count(app, Media), count(app, Review)) == (422, 0, 0)
    assert any("not a picture" in error for error in errors(answer))


def test_a_fifty_megabyte_photo_is_refused_in_words(app: Flask, visitor: Visitor) -> None:
    huge = BytesIO(b"\xff\xd8\xff" + b"\0" * (50 * 1024 * 1024))
    answer = visitor.send(FORM, **GOOD | {"photos": (huge, "huge.jpg")})
    assert (answer.status_code, count(app, Media), count(app, Review)) == (422, 0, 0)
    assert any("larger than 15 MB" in error for error in errors(answer))
    assert typed(answer)["body"] == ["Carries well."]


def test_more_than_eight_pictures_are_told(app: Flask, visitor: Visitor) -> None:
    files = [(png(), f"{place}.png") for place in range(9)]
    answer = visitor.send(FORM, **GOOD | {"photos": files})
    assert (answer.status_code, count(app, Media)) == (422, 8)
    assert any("8 pictures and videos fit" in error for error in errors(answer))


@pytest.mark.parametrize("url", ["/stores/larkspur/products/none/reviews/new", "/stores/none/products/x/reviews/new"])
def test_an_unknown_product_or_store_is_a_kind_404(visitor: Visitor, url: str) -> None:
    answer = visitor.open(url)
    assert answer.status_code == 404
    assert "There is no page here" in answer.text


@pytest.mark.parametrize("url", [f"{FORM}?rating=%ff", "/stores/%ff", "/stores/larkspur/products/%00"])
def test_invalid_bytes_in_an_address_are_no_fault_of_ours(visitor: Visitor, url: str) -> None:
    assert visitor.open(url).status_code in {200, 400, 404}


def test_a_thank_you_page_shows_no_other_review(visitor: Visitor) -> None:
    assert visitor.open("/stores/larkspur/products/ridge-daypack/reviews/thanks/forged").status_code == 404


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    text=st.text(max_size=300),
    field=st.sampled_from(["body", "title", "name", "email", "rating", "country", "variant"]),
)
def test_no_text_in_any_field_is_ever_a_500(visitor: Visitor, text: str, field: str) -> None:
    answer = visitor.send(FORM, **GOOD | {field: text.encode("utf-8", "replace").decode()})
    assert answer.status_code in {303, 422}
    if answer.status_code == 422:
        assert "<script>alert" not in answer.text
