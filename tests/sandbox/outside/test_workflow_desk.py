"""The stand-in runs exactly the workflow a merchant downloads."""

from typing import Any

import pytest

from reviews_app.integrations.kustomer.from_review import TEST_BODY, TEST_NAME
from reviews_app.integrations.kustomer.review_object import WARNING
from reviews_app.integrations.kustomer.workflow import workflow_file
from reviews_app.lib.addresses import Addresses
from reviews_app.models.store import Store
from tests.sandbox.outside.posted_review import posted_review
from tests.sandbox.outside.running import BROWSER, RunningOutside, running_outside

ADDRESSES = Addresses(public="https://reviews.test", media="https://media.reviews.test")
STORE = Store(slug="demo", name="Demo")
LINK = "review-request-email"
Record = dict[str, Any]


def take_in(outside: RunningOutside, *, opens_at: int = 2) -> None:
    made = workflow_file(STORE, opens_at=opens_at, addresses=ADDRESSES)
    answer = outside.post_to("/kustomer/workflow", made)
    assert answer.json() == {"workflow": "product-reviews-demo"}


def desk(outside: RunningOutside) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = outside.get("/kustomer/desk.json").json()
    return found


def left(event_id: str = "e", email: str = "mo@example.com", **review: Any) -> Record:
    return posted_review(event_id, **review) | {"reviewerEmail": email}


@pytest.fixture
def working(outside: RunningOutside) -> RunningOutside:
    take_in(outside)
    return outside


def test_a_low_review_becomes_customer_object_and_one_tagged_conversation(working: RunningOutside) -> None:
    working.post(left(rating=2))
    made = desk(working)
    (customer,), (review,), (conversation,) = (made[kind] for kind in ("customers", "objects", "conversations"))
    assert (customer["name"], customer["emails"]) == ("Mo Khan", [{"type": "home", "email": "mo@example.com"}])
    assert review["klassName"] == "product_reviews_demo-review"
    assert (review["customer"], review["title"], review["description"]) == (
        customer["id"],
        "2 of 5: Ridge Daypack",
        WARNING,
    )
    assert review["custom"]["starsStr"] == "2 of 5"
    assert review["custom"]["orderStr"] == "#1205"
    assert review["custom"]["openInReviewsUrl"].endswith("/merchant/demo/reviews/fb3d343b-0b5d-42b5-a501-c8e486c3b0e4")
    assert (conversation["customer"], conversation["tags"], conversation["status"]) == (
        customer["id"],
        ["low-review"],
        "open",
    )
    (note,) = conversation["notes"]
    assert note.startswith(WARNING)
    assert "2 of 5 for Ridge Daypack." in note
    assert made["runs"][0]["failed"] == ""


def test_by_a_link_nothing_says_that_the_address_is_not_proven(working: RunningOutside) -> None:
    working.post(left(rating=1, source=LINK))
    made = desk(working)
    assert made["objects"][0]["description"] == "Mo K., order #1205"
    assert WARNING not in str(made)


def test_the_same_review_twice_makes_nothing_twice(working: RunningOutside) -> None:
    for _ in range(3):
        working.post(left(rating=1))
    made = desk(working)
    assert [len(made[kind]) for kind in ("customers", "objects", "conversations", "runs")] == [1, 1, 1, 3]
    assert len(made["conversations"][0]["notes"]) == 1
    assert len(working.events()) == 3


def test_two_reviews_of_one_person_stand_on_one_timeline(working: RunningOutside) -> None:
    working.post(left("a", reviewId="a", rating=5))
    working.post(left("b", email="MO@Example.com", reviewId="b", rating=4))
    made = desk(working)
    assert len(made["customers"]) == 1
    assert {one["customer"] for one in made["objects"]} == {made["customers"][0]["id"]}
    assert made["conversations"] == []


@pytest.mark.parametrize("opens_at", range(6))
def test_a_conversation_opens_at_the_chosen_stars_and_below(outside: RunningOutside, opens_at: int) -> None:
    take_in(outside, opens_at=opens_at)
    for rating in range(1, 6):
        outside.post(left(str(rating), reviewId=str(rating), rating=rating))
    opened = [one["externalId"] for one in desk(outside)["conversations"]]
    assert opened == [str(rating) for rating in range(1, opens_at + 1)]


def test_a_test_review_opens_no_conversation_even_where_every_review_does(outside: RunningOutside) -> None:
    take_in(outside, opens_at=5)
    tested = left(rating=5, body=TEST_BODY, title="Test from Old Name: safe to delete")
    tested["reviewer"]["name"] = TEST_NAME
    outside.post(tested)
    made = desk(outside)
    assert made["conversations"] == []
    assert made["objects"][0]["custom"]["isTestBool"] is True
    assert made["runs"][0]["failed"] == ""


def test_a_conversation_still_opens_when_a_run_died_before_it(working: RunningOutside) -> None:
    """Kustomer may stop between object and conversation; the repeat goes on where it ended."""
    take_in(working, opens_at=0)
    working.post(left(rating=1))
    take_in(working, opens_at=2)
    working.post(left(rating=1))
    made = desk(working)
    assert [len(made[kind]) for kind in ("objects", "conversations")] == [1, 1]


def test_text_beyond_1024_letters_lies_whole_in_the_objects_data(working: RunningOutside) -> None:
    body = "Wörter und mehr. " * 400
    working.post(left(rating=3, body=body))
    (review,) = desk(working)["objects"]
    assert review["data"]["review"]["body"] == body
    assert max(len(str(value)) for value in review["custom"].values()) <= 1024


def test_fields_that_are_unknown_stop_nothing(working: RunningOutside) -> None:
    unknown = left(rating=1, isRecommended=None) | {"orderId": None, "reward": None}
    unknown["product"] |= {"variantName": None, "sku": None}
    working.post(unknown)
    made = desk(working)
    assert made["runs"][0]["failed"] == ""
    assert made["objects"][0]["custom"]["recommendsBool"] is None
    assert len(made["conversations"]) == 1


def test_without_a_workflow_reviews_are_received_and_nothing_comes_of_them(outside: RunningOutside) -> None:
    assert outside.post(left()).status_code == 200
    assert "No workflow stood behind the hook" in outside.get("/kustomer").text
    take_in(outside)
    outside.press("/kustomer/workflow/remove")
    outside.post(left())
    assert desk(outside)["objects"] == []
    assert len(outside.events()) == 2


@pytest.mark.parametrize("content", [b"{", b"[]", b"{}", b'{"steps": 3, "trigger": {}}', b"x" * 400_001])
def test_what_is_no_workflow_is_not_taken_in_and_the_one_before_stays(working: RunningOutside, content: bytes) -> None:
    assert working.post_to("/kustomer/workflow", content).status_code == 400
    assert working.get("/kustomer/desk.json").json()["workflow"] == "product-reviews-demo"


@pytest.mark.parametrize("odd", [[], 5, None, {"review": []}, {"review": {"rating": "9"}, "reviewerEmail": ["x"]}])
def test_whatever_is_posted_the_hook_answers_and_the_page_stands(working: RunningOutside, odd: Any) -> None:
    assert working.post_to(working.world.demo_key.path, odd).status_code == 401
    working.post(odd if isinstance(odd, dict) else {"odd": odd})
    assert "The workflow stopped" in working.get("/kustomer").text


def test_a_workflow_that_goes_round_ends(outside: RunningOutside) -> None:
    always = {"op": "true", "values": [True]}
    way = {"target": "a", "condition": always}
    round_trip = {"trigger": {"transitions": [way]}, "steps": [{"id": "a", "transitions": [way]}]}
    outside.press("/kustomer/workflow", json=round_trip)
    outside.post(left())
    assert desk(outside)["runs"][0]["failed"] == "The workflow goes round in circles"


def test_the_page_shows_customer_object_and_conversation(working: RunningOutside) -> None:
    working.post(left(rating=2, body="<b>Not</b> as shown."))
    page = working.get("/kustomer").text
    for words in ("Product review, 2 of 5: Ridge Daypack", "Opened, tagged low-review", "Find the customer by email"):
        assert words in page
    customer_id = desk(working)["customers"][0]["id"]
    timeline = working.get(f"/kustomer/customers/{customer_id}").text
    assert timeline.index(WARNING) < timeline.index("2 of 5</p>") < timeline.index("&lt;b&gt;Not&lt;/b&gt; as shown.")
    for words in ("Mo Khan", "mo@example.com", "Open in Reviews", "#1205", "Ridge Daypack"):
        assert words in timeline


def test_an_unknown_customer_is_not_found(working: RunningOutside) -> None:
    assert working.get("/kustomer/customers/nobody").status_code == 404


def test_a_person_takes_a_file_in_and_away(outside: RunningOutside) -> None:
    made = workflow_file(STORE, opens_at=1, addresses=ADDRESSES)
    answer = outside.upload("/kustomer/workflow", made, Accept=BROWSER, Origin=outside.base)
    assert answer.headers["Location"] == "/kustomer#workflow"
    assert "Product reviews of Demo" in outside.get("/kustomer").text
    refused = outside.upload("/kustomer/workflow", b"{", Accept=BROWSER, Origin=outside.base)
    assert "The file is not JSON." in refused.text
    outside.press("/kustomer/workflow/remove", Accept=BROWSER, Origin=outside.base)
    assert "nobody acts on them" in outside.get("/kustomer").text


def test_a_restart_knows_workflow_and_records(tmp_path: Any) -> None:
    with running_outside(tmp_path) as before:
        take_in(before)
        before.post(left(rating=1))
        made = desk(before)
    with running_outside(tmp_path) as after:
        assert desk(after) == made
        after.post(left(rating=1))
        assert len(desk(after)["objects"]) == 1
