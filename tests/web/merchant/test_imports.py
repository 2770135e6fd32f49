import io

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from reviews_app.models.file_import import FileImport, ImportState
from reviews_app.models.membership import StoreRole
from reviews_app.models.order import Order
from tests.fakes.visitor import Page, errors
from tests.web.merchant.conftest import House

GOOD = b"order_id,email,placed_at,product_id,product_title\n7,a@example.com,2026-11-20,p,Pack\n"


def send(house: House, raw: bytes, *, kind: str = "orders", name: str = "orders.csv") -> TestResponse:
    url = f"{house.at}/imports/{kind}"
    token = Page(house.owner.open(url).text).values["csrf_token"][0]
    return house.owner.client.post(url, data={"csrf_token": token, "file": (io.BytesIO(raw), name)})


def drain(house: House) -> None:
    house.app.test_cli_runner().invoke(args=["drain"])


def looked_at(house: House, answer: TestResponse) -> str:
    return " ".join(house.owner.open(answer.location).text.split())


def test_a_file_is_kept_then_taken_in_and_the_page_says_how_far_it_is(house: House) -> None:
    answer = send(house, GOOD)
    assert answer.status_code == 303
    page = looked_at(house, answer)
    assert "It is being read." in page
    assert "data-live" in page
    drain(house)
    page = looked_at(house, answer)
    assert "All 1 orders are in." in page
    assert "data-live" not in page
    with house.rows() as rows:
        assert rows.scalars(select(Order.number)).all() == ["#7"]


def test_a_running_file_shows_its_progress(house: House) -> None:
    answer = send(house, GOOD)
    with house.writing() as (writing, _store):
        row = writing.scalars(select(FileImport)).one()
        row.state, row.done, row.total = ImportState.RUNNING, 50, 1200
    page = looked_at(house, answer)
    assert "50 of 1,200 orders are in." in page
    assert '<progress max="1200" value="50"' in page


def test_a_bad_file_is_told_line_by_line_and_changes_nothing(house: House) -> None:
    answer = send(house, GOOD + b"8,<b>nobody</b>,2026-11-20,p,\n", name="<i>.csv")
    drain(house)
    page = looked_at(house, answer)
    assert "Nothing of this file was taken in." in page
    assert "Line 3" in page
    assert "email: is not one email address" in page
    assert "&lt;i&gt;.csv" in page
    with house.rows() as rows:
        assert rows.scalars(select(Order)).all() == []


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04...", "This is a spreadsheet, not a CSV file. Save it as CSV and send that."),
        (b"a;b\n1;2", "these are missing: order_id, email, placed_at, product_id."),
    ],
)
def test_what_can_be_seen_at_once_is_said_at_once(house: House, raw: bytes, words: str) -> None:
    answer = send(house, raw)
    assert answer.status_code == 422
    assert words in errors(answer)[0]
    with house.rows() as rows:
        assert rows.scalars(select(FileImport)).all() == []


def test_no_file_is_asked_for(house: House) -> None:
    answer = house.owner.send(f"{house.at}/imports/orders")
    assert (answer.status_code, errors(answer)) == (422, ["Choose the file, then send it."])


def test_a_gigabyte_is_refused_by_its_length_alone(house: House) -> None:
    answer = house.owner.client.post(
        f"{house.at}/imports/orders",
        environ_overrides={"CONTENT_LENGTH": str(1024**3)},
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413
    assert "larger than 20 MB" in errors(answer)[0]


def test_files_sent_before_are_listed_by_kind(house: House) -> None:
    send(house, GOOD, name="november.csv")
    assert "november.csv" in house.owner.open(f"{house.at}/imports/orders").text
    assert "november.csv" not in house.owner.open(f"{house.at}/imports/products").text


def test_a_file_without_its_token_is_not_kept(house: House) -> None:
    answer = house.owner.client.post(f"{house.at}/imports/orders", data={"file": (io.BytesIO(GOOD), "a.csv")})
    assert answer.status_code == 422


def test_a_moderator_sends_no_files(house: House) -> None:
    moderator = house.visitor(StoreRole.MODERATOR)
    assert moderator.open(f"{house.at}/imports/orders").status_code == 403
