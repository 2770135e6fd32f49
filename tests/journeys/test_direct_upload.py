"""With `direct=on` a browser sends its files straight to the bucket; only a word of it comes to us."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, Request, expect
from sqlalchemy import select

from bench.serving import free_port, wait_for
from reviews_app.config import Settings
from reviews_app.db.database import dispose_database, session, transaction
from reviews_app.factory import create_app
from reviews_app.media.s3_place import S3Place, read_s3_place
from reviews_app.media.storage import INCOMING, RAW
from reviews_app.media.workshop.__main__ import work as work_here
from reviews_app.models.media import Media
from reviews_app.services.dispatch.process_media import process_media
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.program import kill, start
from tests.journeys.test_pictures_in_the_form import fill, left_in_the_field

# A server of its own for each: it runs with the long ones.
pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("sandbox"), pytest.mark.timeout(240)]
FORM = "/stores/larkspur/products/ridge-daypack/reviews/new"


def open_to(place: S3Place, origin: str) -> None:
    """The rule docs/operating.md asks for: pages of this origin may POST to the bucket."""
    rule = {"AllowedMethods": ["POST"], "AllowedOrigins": [origin], "AllowedHeaders": ["*"]}
    client = boto3.session.Session().client(
        "s3",
        endpoint_url=place.endpoint,
        region_name="us-east-1",
        aws_access_key_id=place.key,
        aws_secret_access_key=place.secret,
    )
    client.put_bucket_cors(Bucket=place.bucket, CORSConfiguration={"CORSRules": [rule]})
    client.close()


class Shop:
    """A server whose files lie in a bucket, and the same application at hand to do its jobs."""

    def __init__(self, app: Flask, origin: str, place: S3Place) -> None:
        self.app, self.origin, self.place = app, origin, place
        self.tools = app.extensions["tools"]

    def keys(self, prefix: str) -> list[str]:
        return [kept.key for kept in self.tools.storage.keeper.keys(prefix)]

    def prepare(self) -> None:
        """What the worker does."""
        with self.app.app_context():
            for media_id in session().scalars(select(Media.id)).all():
                session().rollback()
                assert process_media(media_id, tools=self.tools, work=work_here)


@pytest.fixture
def shop(settings: Settings, bucket: str) -> Iterator[Shop]:
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    settings = settings.model_copy(update={"public_url": origin, "media_storage": f"{bucket}&direct=on"})
    place = read_s3_place(settings.media_storage)
    open_to(place, origin)
    app = create_app(settings)
    with app.app_context(), transaction() as writing:
        make_product(writing, make_store(writing))
    web = start(settings, "granian", "--interface", "wsgi", "--port", str(port), "--no-ws", "app:app")
    try:
        wait_for(origin)
        yield Shop(app, origin, place)
    finally:
        kill(web)
        dispose_database(app)


@pytest.fixture
def posts(page: Page) -> list[Request]:
    """Every POST of the page that was answered."""
    seen: list[Request] = []
    page.on("requestfinished", lambda request: seen.append(request) if request.method == "POST" else None)
    return seen


def two_pictures(folder: Path) -> list[str]:
    paths = [folder / name for name in ("front.jpg", "back.png")]
    for path in paths:
        Image.effect_noise((900, 700), 60).convert("RGB").save(path)
    return [str(path) for path in paths]


def test_files_go_to_the_bucket_and_never_through_us(
    shop: Shop, page: Page, posts: list[Request], tmp_path: Path
) -> None:
    page.goto(shop.origin + FORM)
    page.get_by_label("Photos and videos").set_input_files(two_pictures(tmp_path))
    expect(page.locator("[data-photos-said]")).to_have_text("Photo 2 of 2 sent.", timeout=30_000)
    assert left_in_the_field(page) == []
    bucket = [one for one in posts if one.url.startswith(shop.place.endpoint or "-")]
    ours = [one for one in posts if one.url.startswith(shop.origin)]
    assert [one.response().status for one in bucket] == [204, 204]  # type: ignore[union-attr]
    assert sum(int(one.header_value("content-length") or 0) for one in ours) < 20_000
    assert urlsplit(bucket[0].url).path.strip("/") == shop.place.bucket
    # Out of everybody's reach but ours as soon as we were told.
    assert (len(shop.keys(RAW)), shop.keys(INCOMING)) == (2, [])
    fill(page, "direct@example.com")
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("heading", name="Thank you. Your review is saved.")).to_be_visible()
    shop.prepare()
    page.reload()
    shown = page.locator(".review-photos img")
    expect(shown).to_have_count(2)
    assert shown.evaluate_all("all => all.map((one) => one.decode().then(() => one.naturalWidth > 0))")


def test_a_bucket_that_takes_nothing_is_passed_over(
    shop: Shop, page: Page, posts: list[Request], tmp_path: Path
) -> None:
    page.route(f"{shop.place.endpoint}/**", lambda route: route.abort())
    page.goto(shop.origin + FORM)
    page.get_by_label("Photos and videos").set_input_files(two_pictures(tmp_path)[:1])
    expect(page.locator("[data-photos-said]")).to_have_text("Photo 1 of 1 sent.", timeout=30_000)
    assert {urlsplit(one.url).netloc for one in posts} == {urlsplit(shop.origin).netloc}
    assert len(shop.keys(RAW)) == 1
