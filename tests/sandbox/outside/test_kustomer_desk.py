from typing import Any

from tests.sandbox.outside.posted_review import posted_review
from tests.sandbox.outside.running import BROWSER, RunningOutside

Review = dict[str, Any]


def test_an_agent_reads_everything_of_a_review(outside: RunningOutside, review: Review) -> None:
    outside.post(review)
    page = outside.get("/kustomer").text
    for words in (
        "4 out of 5",
        "Holds up in rain",
        "Three weeks of wet commutes.",
        "Mo Khan · mo@example.com · AU",
        "Ridge Daypack · Slate · RD-20",
        "#1205",
        "by the button on the product page",
        "$5 off your next order",
        "Commuting, Hiking",
        "https://media.example.com/1.webp",
        "https://media.example.com/2.mp4",
    ):
        assert words in page


def test_the_newest_stands_first_and_older_ones_a_link_away(outside: RunningOutside) -> None:
    for number in range(35):
        outside.post(posted_review(str(number), title=f"Title {number}."))
    newest = outside.get("/kustomer").text
    assert newest.index("Title 34.") < newest.index("Title 5.")
    assert "Title 4." not in newest
    older = outside.get("/kustomer?before=6").text
    assert "Title 4." in older
    assert "Older" not in older


def test_an_event_that_came_twice_says_so(outside: RunningOutside, review: Review) -> None:
    outside.post(review)
    outside.post(review)
    assert "Sent again" in outside.get("/kustomer").text


def test_markup_in_a_review_stays_text(outside: RunningOutside) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    outside.post(posted_review(title=attack, body=attack, languageCode='"><b>'))
    page = outside.get("/kustomer").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page


def test_an_address_that_is_no_web_address_becomes_no_link(outside: RunningOutside, review: Review) -> None:
    outside.post(review | {"media": {"imageUrls": ["javascript:alert(1)", 5], "videoUrls": "x"}})
    assert 'href="javascript:' not in outside.get("/kustomer").text


def test_odd_shapes_do_not_break_the_page(outside: RunningOutside) -> None:
    odds: list[Review] = [
        {"review": []},
        {"review": {"rating": "9", "isRecommended": {}}},
        {"attributes": [1, {"title": None}]},
    ]
    for odd in odds:
        outside.post({"eventId": ["x"], "media": 4, "product": None, **odd})
    assert outside.get("/kustomer").status_code == 200


def test_the_pages_allow_no_foreign_script_and_no_frame(outside: RunningOutside) -> None:
    policy = outside.get("/kustomer").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_empty_timeline_says_what_to_do(outside: RunningOutside) -> None:
    assert "Leave a review in the demo shop" in outside.get("/kustomer").text


def test_a_person_sees_a_new_key_once(outside: RunningOutside) -> None:
    page = outside.press("/kustomer/key", Accept=BROWSER, Origin=outside.base).text
    assert outside.world.demo_key.key in page
    assert outside.world.demo_key.key not in outside.get("/kustomer").text


def test_the_front_leads_to_kustomer(outside: RunningOutside) -> None:
    assert outside.get("/").headers["Location"] == "/kustomer"
