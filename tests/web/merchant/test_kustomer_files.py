import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from reviews_app.models.destination import Destination, Mode
from reviews_app.models.membership import StoreRole
from reviews_app.models.review import Review
from tests.factories.member import PASSWORD
from tests.fakes.visitor import Visitor, errors
from tests.web.merchant.conftest import House
from tests.web.merchant.test_kustomer import connect, destination, page_of

PLACE = re.compile(r"\{\{\{.*\}\}\}")


def downloaded(house: House, name: str) -> Any:
    answer = house.owner.open(f"{page_of(house)}/{name}.json")
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="product-reviews-larkspur-{name}.json"'
    return json.loads(answer.text)


def stars_of(workflow: Any) -> list[int]:
    """At which stars the workflow goes on to a conversation."""
    written = next(step for step in workflow["steps"] if step["id"] == "createProven")
    low = [way["condition"] for way in written["transitions"] if way["target"] == "findConversation"]
    return [one["values"][1] for condition in low for one in condition["values"]]


def test_both_files_can_be_taken_before_anything_was_saved(house: House) -> None:
    """The workflow comes first: only with it there is a hook, and with the hook an address."""
    assert stars_of(downloaded(house, "workflow")) == [1, 2]
    app = downloaded(house, "app")
    sample = app["triggers"][0]["sampleOutputContext"]
    assert sample["attributes"]["data"]["product"]["productName"] == "Ridge Daypack"
    with house.rows() as rows:
        assert rows.scalars(select(Destination)).all() == []


@pytest.mark.parametrize(("chosen", "stars"), [("0", []), ("1", [1]), ("4", [1, 2, 3, 4]), ("5", [1, 2, 3, 4, 5])])
def test_the_merchants_stars_are_kept_and_stand_in_the_workflow(house: House, chosen: str, stars: list[int]) -> None:
    answer = house.owner.send(page_of(house), at=f"{page_of(house)}/conversations", opens_at=chosen)
    assert answer.location == f"{page_of(house)}#ready-made"
    assert stars_of(downloaded(house, "workflow")) == stars
    page = house.owner.open(page_of(house)).text
    assert "the file has changed" in page
    assert f'value="{chosen}"' in page.partition(" checked")[0][-80:] + page.partition(" checked")[2][:80]


def test_stars_saved_first_switch_nothing_on_and_outlive_key_and_address(house: House) -> None:
    house.owner.send(page_of(house), at=f"{page_of(house)}/conversations", opens_at="3")
    assert destination(house).mode is Mode.OFF
    house.owner.send(page_of(house), enabled="y", api_key="a.b.c", api_url="https://x.kustomerapp.com/v1/hooks/web/a")
    assert (destination(house).mode, destination(house).opens_at) == (Mode.ACTIVE, 3)


@pytest.mark.parametrize("chosen", ["", "6", "-1", "two", "2 "])
def test_other_stars_are_refused_at_the_question_and_nothing_is_saved(house: House, chosen: str) -> None:
    connect(house)
    answer = house.owner.send(page_of(house), at=f"{page_of(house)}/conversations", opens_at=chosen)
    assert answer.status_code == 422
    assert errors(answer) == ["Choose at how many stars a conversation is opened."]
    assert "Error:" in answer.text.partition("</title>")[0]
    assert destination(house).opens_at == 2


def test_without_the_forms_token_no_stars_are_saved(house: House) -> None:
    connect(house)
    assert house.owner.client.post(f"{page_of(house)}/conversations", data={"opens_at": "5"}).status_code == 422
    assert destination(house).opens_at == 2


def test_only_who_may_see_the_settings_may_take_the_files(house: House) -> None:
    moderator = house.visitor(StoreRole.MODERATOR)
    for name in ("workflow", "app"):
        assert moderator.open(f"{page_of(house)}/{name}.json").status_code == 403


def test_the_page_names_plan_roles_card_and_what_nobody_could_try(house: House) -> None:
    page = house.owner.open(page_of(house)).text
    for words in (
        "Enterprise and Ultimate",
        "<code>org.hook</code>",
        "<code>org.hooks</code>",
        "Address not proven: do not share order details before the customer has answered",
        "No real Kustomer account was at hand",
        "Open in Reviews",
    ):
        assert words in page


def test_open_in_reviews_leads_by_sign_in_to_the_review(house: House) -> None:
    connect(house, reviews=1)
    written = next(step for step in downloaded(house, "workflow")["steps"] if step["id"] == "createProven")
    with house.rows() as rows:
        review_id = rows.scalars(select(Review.id)).one()
    place = PLACE.sub(str(review_id), written["params"]["custom"]["openInReviewsUrl"])
    agent = Visitor(house.app.test_client())
    led = agent.open(urlsplit(place).path)
    assert led.location.startswith("/merchant/sign-in?next=")
    inside = agent.send(led.location, email="merchant@example.com", password=PASSWORD)
    assert inside.location == f"{house.at}/reviews/{review_id}"
    assert agent.open(inside.location).status_code == 200
