import json
from typing import Any

import pytest
from sqlalchemy.orm import Session

from reviews_app.integrations.kustomer.review_object import ATTRIBUTES, LABELS, WARNING
from reviews_app.integrations.kustomer.workflow import workflow_file
from reviews_app.lib.addresses import Addresses
from tests.factories.store import make_store

ADDRESSES = Addresses(public="https://reviews.test", media="https://media.reviews.test")
# What Kustomer's pages and public workflows show; nothing else may be leant on.
OPERATIONS = {"true", "eq", "exists", "dne", "and", "or"}
ACTIONS = {
    "kustomer.customer.find-by-email",
    "kustomer.customer.create",
    "kustomer.kobject.find-by-external-id",
    "kustomer.kobject.create-with-customer",
    "kustomer.kobject.update",
    "kustomer.conversation.find-by-external-id",
    "kustomer.conversation.create",
    "kustomer.conversation.append-tags",
    "kustomer.note.create",
}
Part = dict[str, Any]


def workflow(session: Session, *, opens_at: int = 2, slug: str = "larkspur") -> Part:
    made: Part = json.loads(workflow_file(make_store(session, slug), opens_at=opens_at, addresses=ADDRESSES))
    return made


def operations(condition: Part) -> set[str]:
    inner = [one for one in condition["values"] if isinstance(one, dict)]
    return {condition["op"]}.union(*(operations(one) for one in inner))


def every_way(made: Part) -> list[Part]:
    return [way for part in (made["trigger"], *made["steps"]) for way in part["transitions"]]


@pytest.mark.parametrize("opens_at", range(6))
def test_every_way_leads_to_a_step_and_every_step_is_reached(session: Session, opens_at: int) -> None:
    made = workflow(session, opens_at=opens_at)
    ids = [step["id"] for step in made["steps"]]
    assert len(ids) == len(set(ids))
    assert {way["target"] for way in every_way(made)} == set(ids)


@pytest.mark.parametrize("opens_at", range(6))
def test_no_step_comes_round_again(session: Session, opens_at: int) -> None:
    """Kustomer refuses to save a workflow that loops."""
    made = workflow(session, opens_at=opens_at)
    after = {step["id"]: {way["target"] for way in step["transitions"]} for step in made["steps"]}
    while after:
        ends = {step_id for step_id, targets in after.items() if not targets & set(after)}
        assert ends
        after = {step_id: targets for step_id, targets in after.items() if step_id not in ends}


def test_only_what_kustomer_shows_in_public_is_used(session: Session) -> None:
    made = workflow(session)
    assert set().union(*(operations(way["condition"]) for way in every_way(made))) <= OPERATIONS
    assert {step["action"] for step in made["steps"]} == ACTIONS
    assert set(made) == {"name", "description", "enabled", "meta", "trigger", "steps"}
    assert {frozenset(step) for step in made["steps"]} == {
        frozenset({"id", "action", "params", "meta", "transitions", "errorCases"})
    }


def test_the_trigger_is_the_apps_hook_and_two_stores_stay_apart(session: Session) -> None:
    mine, theirs = workflow(session, slug="north-road"), workflow(session, slug="juniper")
    assert mine["trigger"]["eventName"] == "kustomer.app.product_reviews_north_road.review-left"
    assert mine["trigger"]["eventName"] != theirs["trigger"]["eventName"]
    assert mine["name"] != theirs["name"]


def test_without_conversations_no_step_of_one_is_there(session: Session) -> None:
    actions = {step["action"] for step in workflow(session, opens_at=0)["steps"]}
    assert [one for one in actions if "conversation" in one or "note" in one] == []


def test_no_attribute_holds_a_text_without_an_end(session: Session) -> None:
    """An attribute takes 1,024 letters: the words, the answers and the addresses go into the object's data."""
    written = next(step for step in workflow(session)["steps"] if step["id"] == "createProven")["params"]
    assert written["data"] == "/#steps.1.attributes.data"
    assert "review.body" not in json.dumps(written["custom"])
    assert "imageUrls" not in json.dumps(written["custom"])
    assert {one.value for one in ATTRIBUTES} <= set(written["custom"].values())
    assert set(written["custom"]) == set(LABELS)


def test_what_was_left_by_the_button_says_first_that_the_address_is_not_proven(session: Session) -> None:
    params = {step["id"]: step["params"] for step in workflow(session)["steps"]}
    assert params["noteUnproven"]["body"].startswith(WARNING)
    assert params["createUnproven"]["description"] == params["updateUnproven"]["description"] == WARNING
    assert WARNING not in json.dumps([params["noteProven"], params["createProven"], params["updateProven"]])


def test_a_note_holds_no_word_of_the_shopper(session: Session) -> None:
    """Kustomer formats notes: a shopper's text could pose as a link of the shop."""
    notes = [step["params"]["body"] for step in workflow(session)["steps"] if step["action"] == "kustomer.note.create"]
    assert [one for one in notes if "review.body" in one or "review.title" in one or "reviewer." in one] == []


def test_the_link_leads_to_the_review_in_the_stores_own_dashboard(session: Session) -> None:
    written = next(step for step in workflow(session)["steps"] if step["id"] == "createProven")["params"]
    assert written["custom"]["openInReviewsUrl"] == (
        "https://reviews.test/merchant/larkspur/reviews/{{{steps.1.attributes.data.review.reviewId}}}"
    )
