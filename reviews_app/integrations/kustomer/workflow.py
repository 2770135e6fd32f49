"""The store's ready-made workflow: a review becomes one object on its customer's timeline, and one conversation if low.

Everything is found before it is made, by email and by the review's id: an event that comes twice changes nothing twice.
"""

import orjson

from reviews_app.integrations.kustomer.app_names import AppNames, app_names
from reviews_app.integrations.kustomer.from_review import TEST_BODY, TEST_NAME
from reviews_app.integrations.kustomer.review_object import (
    ATTRIBUTES,
    IS_TEST,
    OPEN_IN_REVIEWS,
    STARS,
    WARNING,
    in_text,
    posted,
)
from reviews_app.integrations.kustomer.workflow_step import (
    Part,
    all_of,
    any_of,
    equals,
    exists,
    is_missing,
    step,
    way,
)
from reviews_app.lib.addresses import Addresses
from reviews_app.models.review import Source
from reviews_app.models.store import Store

TAG = "low-review"
MOST_STARS = 5
REVIEW_ID = posted("review.reviewId")
BY_BUTTON = equals(posted("review.source"), str(Source.WRITE_REVIEW_BUTTON))
# The store may be renamed after the file was made, so a test is known by its words and not by its title.
IS_A_TEST = all_of(equals(posted("review.body"), TEST_BODY), equals(posted("reviewer.name"), TEST_NAME))
# Whichever of the steps ran has the id; a step that did not run is empty in a text.
CUSTOMER = "{{{steps.findCustomer.id}}}{{{steps.createCustomer.id}}}"
OBJECT = "{{{steps.findReview.id}}}{{{steps.createUnproven.id}}}{{{steps.createProven.id}}}"


def workflow_file(store: Store, *, opens_at: int, addresses: Addresses) -> bytes:
    """The workflow as JSON. `opens_at`: a conversation is opened at that many stars and below; 0 opens none."""
    return orjson.dumps(review_workflow(store, opens_at=opens_at, addresses=addresses), option=orjson.OPT_INDENT_2)


def review_workflow(store: Store, *, opens_at: int, addresses: Addresses) -> Part:
    """The same, as the parts Kustomer reads."""
    names = app_names(store.slug)
    link = addresses.review_in_dashboard(store.slug, in_text("review.reviewId"))
    return {
        "name": names.app.replace("_", "-"),
        "description": "A review becomes a product review on its customer's timeline, once, whatever comes twice.",
        "enabled": True,
        "meta": {"displayName": f"Product reviews of {store.name}"},
        "trigger": {"id": "1", "eventName": names.event, "transitions": [way("findCustomer")]},
        "steps": [*_customer(), *_object(names, link, opens_at), *_conversation(link, opens_at)],
    }


def _customer() -> list[Part]:
    email = posted("reviewerEmail")
    made = {"name": posted("reviewer.name"), "emails": [{"type": "home", "email": email}]}
    return [
        step(
            "findCustomer",
            "Find the customer by email",
            "customer.find-by-email",
            {"email": email},
            way("findReview", exists("/#steps.findCustomer.id"), "Known"),
            way("createCustomer", words="New"),
        ),
        step("createCustomer", "Create the customer", "customer.create", made, way("findReview")),
    ]


def _object(names: AppNames, link: str, opens_at: int) -> list[Part]:
    known = exists("/#steps.findReview.id")
    found = step(
        "findReview",
        "Find the product review by its id",
        "kobject.find-by-external-id",
        {"klassName": names.klass, "externalId": REVIEW_ID},
        way("updateUnproven", all_of(known, BY_BUTTON), "Known, by the button"),
        way("updateProven", known, "Known, by a link"),
        way("createUnproven", BY_BUTTON, "New, by the button"),
        way("createProven", words="New, by a link"),
    )
    written = [_written(names, link, opens_at, verb, proof) for verb in VERBS for proof in PROOFS]
    return [found, *written, _marked(names)]


VERBS = {"create": "kobject.create-with-customer", "update": "kobject.update"}
PROOFS = {"Unproven": WARNING, "Proven": f"{in_text('reviewer.displayName')}, order {in_text('orderId')}"}


def _written(names: AppNames, link: str, opens_at: int, verb: str, proof: str) -> Part:
    """Create or update the object; tests are marked, low reviews go on to a conversation."""
    whose: Part = {"customer": CUSTOMER, "externalId": REVIEW_ID} if verb == "create" else {"id": OBJECT}
    custom = {one.name: one.value for one in ATTRIBUTES} | {OPEN_IN_REVIEWS: link, IS_TEST: False}
    written = {
        "klassName": names.klass,
        "title": f"{STARS}: {in_text('product.productName')}",
        "description": PROOFS[proof],
        "custom": custom,
        "data": posted(),
    }
    words = f"{verb.capitalize()} the product review, address {'proven' if proof == 'Proven' else 'not proven'}"
    return step(verb + proof, words, VERBS[verb], whose | written, *_after(opens_at))


def _after(opens_at: int) -> list[Part]:
    ways = [way("markTest", IS_A_TEST, "Test")]
    if opens_at:
        low = any_of(*(equals(posted("review.rating"), stars) for stars in range(1, opens_at + 1)))
        ways.append(way("findConversation", low, f"{opens_at} of {MOST_STARS} or below"))
    return ways


def _marked(names: AppNames) -> Part:
    """The end for a test: no conversation, whatever its stars."""
    mark = {"id": OBJECT, "klassName": names.klass, "custom": {IS_TEST: True}}
    return step("markTest", "Mark it as a test", "kobject.update", mark)


def _conversation(link: str, opens_at: int) -> list[Part]:
    if not opens_at:
        return []
    opened = "/#steps.openConversation.id"
    name = f"{STARS}: {in_text('product.productName')}"
    made = {"customer": CUSTOMER, "externalId": REVIEW_ID, "name": name, "direction": "in"}
    return [
        step(
            "findConversation",
            "Find its conversation",
            "conversation.find-by-external-id",
            {"externalId": REVIEW_ID},
            way("openConversation", is_missing("/#steps.findConversation.id"), "None yet"),
        ),
        step("openConversation", "Open one conversation", "conversation.create", made, way("tagConversation")),
        step(
            "tagConversation",
            "Tag it",
            "conversation.append-tags",
            {"id": opened, "tags": [TAG]},
            way("noteUnproven", BY_BUTTON, "By the button"),
            way("noteProven", words="By a link"),
        ),
        step("noteUnproven", "Say what it is about", "note.create", _note(f"{WARNING}.\n\n", link)),
        step("noteProven", "Say what it is about", "note.create", _note("", link)),
    ]


def _note(begin: str, link: str) -> Part:
    """No word of the shopper: notes are formatted, and a shopper's text could pose as a link of ours."""
    lines = (
        f"{STARS} for {in_text('product.productName')}.",
        f"Order: {in_text('orderId')}",
        "The whole text stands in the product review on the timeline.",
        f"Open in Reviews: {link}",
    )
    return {"conversation": "/#steps.openConversation.id", "body": begin + "\n".join(lines)}
