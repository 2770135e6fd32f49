"""One address says where a bucket is and who may use it."""

import pytest

from reviews_app.media.s3_place import S3Place, read_s3_place

BARE = S3Place("shots", "", None, None, None, None, is_direct=False)


def test_a_bucket_alone_is_enough() -> None:
    assert read_s3_place("s3://shots") == read_s3_place("s3://shots/") == BARE


def test_everything_may_be_said_at_once() -> None:
    place = read_s3_place(
        "s3://AKIA:a%2Fb%2Bc%40d@shots/reviews/eu/?endpoint=https://s3.example:9000&region=eu-1&direct=on"
    )
    assert place == S3Place(
        "shots", "reviews/eu/", "https://s3.example:9000", "eu-1", "AKIA", "a/b+c@d", is_direct=True
    )


@pytest.mark.parametrize("path", ["/reviews", "/reviews/", "//reviews//"])
def test_a_folder_has_one_stroke_at_its_end_and_none_before_it(path: str) -> None:
    assert read_s3_place(f"s3://shots{path}").folder == "reviews/"


@pytest.mark.parametrize(
    "said", ["", "direct=", "direct=off", "direct=1", "direct=ON", "Direct=on", "direct=on&direct=off"]
)
def test_browsers_send_to_us_unless_it_says_on(said: str) -> None:
    assert not read_s3_place(f"s3://shots?{said}").is_direct


def test_of_a_word_said_twice_the_last_counts() -> None:
    assert read_s3_place("s3://shots?region=a&region=b").region == "b"


@pytest.mark.parametrize(
    ("address", "key", "secret"),
    [("s3://key@shots", "key", None), ("s3://:@shots", None, None), ("s3://k:s@shots", "k", "s")],
)
def test_a_key_may_come_without_its_secret(address: str, key: str | None, secret: str | None) -> None:
    place = read_s3_place(address)
    assert (place.bucket, place.key, place.secret) == ("shots", key, secret)
