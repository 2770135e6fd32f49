import json
from typing import Any

from sqlalchemy.orm import Session

from reviews_app.integrations.kustomer.app_definition import app_file
from reviews_app.integrations.kustomer.app_names import app_names
from reviews_app.integrations.kustomer.example import example_webhook_data
from reviews_app.integrations.kustomer.review_object import WARNING
from reviews_app.integrations.kustomer.workflow import review_workflow
from reviews_app.lib.addresses import Addresses
from reviews_app.queries.example_parts import example_parts
from tests.factories.product import make_product
from tests.factories.store import make_store

ADDRESSES = Addresses(public="https://reviews.test", media="https://media.reviews.test")
# Kustomer refuses a definition with a key it does not know.
KNOWN = {"app", "version", "title", "visibility", "description", "klasses", "kviews", "hooks", "triggers"}


def definition(session: Session, slug: str = "larkspur") -> dict[str, Any]:
    store = make_store(session, slug)
    make_product(session, store, variants=("Moss",))
    made: dict[str, Any] = json.loads(app_file(example_parts(session, store), addresses=ADDRESSES))
    return made


def test_it_holds_the_object_the_card_the_hook_and_the_trigger(session: Session) -> None:
    made = definition(session)
    assert set(made) == KNOWN
    (klass,), (card,), (hook,), (trigger,) = (made[key] for key in ("klasses", "kviews", "hooks", "triggers"))
    assert card["resource"] == f"kobject.{klass['name']}"
    assert (card["context"], card["meta"]["displayName"]) == ("expanded-timeline", "Product review")
    assert hook["type"] == "web"
    assert hook["eventName"] == trigger["eventName"]


def test_names_hold_the_store_and_no_dash(session: Session) -> None:
    made = definition(session, "north-road")
    assert made["app"] == "product_reviews_north_road"
    assert made["klasses"][0]["name"] == "product_reviews_north_road-review"
    assert made["kviews"][0]["name"].startswith("kustomer.app.product_reviews_north_road.")
    assert app_names("-Ä-b-").app == "product_reviews_b"


def test_the_triggers_sample_is_the_stores_own_example(session: Session) -> None:
    store = make_store(session)
    make_product(session, store)
    parts = example_parts(session, store)
    made = json.loads(app_file(parts, addresses=ADDRESSES))
    assert made["triggers"][0]["sampleOutputContext"] == json.loads(example_webhook_data(parts, addresses=ADDRESSES))


def test_object_hook_and_attributes_are_the_ones_the_workflow_writes(session: Session) -> None:
    store = make_store(session)
    made = json.loads(app_file(example_parts(session, store), addresses=ADDRESSES))
    workflow = review_workflow(store, opens_at=2, addresses=ADDRESSES)
    written = next(step for step in workflow["steps"] if step["id"] == "createProven")["params"]
    assert workflow["trigger"]["eventName"] == made["hooks"][0]["eventName"]
    assert written["klassName"] == made["klasses"][0]["name"]
    assert set(written["custom"]) == set(made["klasses"][0]["metadata"]["properties"])


def test_the_card_begins_with_the_warning_and_shows_stars_as_text(session: Session) -> None:
    template = definition(session)["kviews"][0]["template"]
    assert template.index(WARNING) < template.index("review.rating") < template.index("review.body")
    assert "'review.rating')} of 5" in template
    for shown in ("imageUrls", "productName", "orderId", "openInReviewsUrl", "Open in Reviews"):
        assert shown in template
    assert "WARNING_WORDS" not in template
    assert "dangerously" not in template
