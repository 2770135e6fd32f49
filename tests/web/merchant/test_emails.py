import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from reviews_app.config import Limits, Settings
from reviews_app.models.mail_sender import MailSender
from reviews_app.models.mail_style import MailStyle
from reviews_app.models.membership import StoreRole
from reviews_app.models.outgoing_mail import MailKind, OutgoingMail
from reviews_app.models.product import Product
from reviews_app.models.review_request import ReviewRequest
from reviews_app.models.suppression import SuppressionReason
from reviews_app.services.dispatch.check_sender import check_sender
from reviews_app.services.dispatch.draw_picture import GIVEN_UP, MOST_TRIES, TROUBLE
from reviews_app.services.dispatch.encode_logo import encode_logo
from reviews_app.services.dispatch.tidy_media import tidy_media
from reviews_app.services.request_reviews import request_reviews
from reviews_app.services.suppress_address import suppress_address
from reviews_app.web.limits import register_limits
from tests.factories.order import make_order
from tests.factories.picture import make_picture
from tests.fakes.mailbox import mail_text, mails_to, text_of
from tests.fakes.meanwhile import Meanwhile
from tests.fakes.visitor import errors, typed
from tests.web.merchant.conftest import House


def page(house: House) -> str:
    return house.owner.open(f"{house.at}/settings/emails").text


def save(house: House, **typed: Any) -> Any:
    return house.owner.send(f"{house.at}/settings/emails", **typed)


def arrival_link(house: House) -> str:
    """The address behind the button of the newest test mail."""
    with house.rows() as rows:
        text = mail_text(rows, house.tools, "merchant@example.com")
    found = re.search(r"http://shop\.test(/merchant/\S+/received/\S+)", text)
    assert found is not None
    return found.group(1)


def send_test(house: House) -> None:
    house.owner.send(f"{house.at}/settings/emails", at=f"{house.at}/settings/emails/test")


def proven(house: House) -> bool:
    with house.rows() as rows:
        rows.rollback()
        return rows.scalar(select(MailSender.confirmed_at)) is not None


def test_nothing_goes_out_by_itself_before_a_test_mail_was_received(house: House) -> None:
    assert "Requests do not go out by themselves yet" in page(house)
    send_test(house)
    with house.rows() as rows:
        mail = rows.scalars(select(OutgoingMail)).one()
        assert (mail.kind, mail.recipient) == (MailKind.SENDER_TEST, "merchant@example.com")
    link = arrival_link(house)
    for _ in range(3):
        assert house.owner.open(link).status_code == 200
    assert not proven(house)
    house.owner.send(link)
    assert proven(house)
    assert "Requests may go out by themselves." in page(house)


def test_a_link_of_an_earlier_test_an_old_one_and_a_made_up_one_prove_nothing(house: House) -> None:
    send_test(house)
    first = arrival_link(house)
    send_test(house)
    second = arrival_link(house)
    for link in (first, second[:-1] + "x"):
        assert house.owner.open(link).status_code == 404
    house.clock.advance(days=7)
    assert house.owner.open(second).status_code == 404
    assert not proven(house)


def test_another_address_has_to_prove_itself_again_and_is_not_used_before(house: House) -> None:
    send_test(house)
    house.owner.send(arrival_link(house))
    assert save(house, sender_address="hello@larkspur.example", sender_name="Lark, Spur").status_code == 303
    assert not proven(house)
    assert request_from(house, "#1") == ("Lark, Spur", "reviews@shop.test")
    send_test(house)
    with house.rows() as rows:
        assert mails_to(rows, house.tools, "merchant@example.com")[-1]["From"].addresses[0].domain == "larkspur.example"
    house.owner.send(arrival_link(house))
    assert request_from(house, "#2") == ("Lark, Spur", "hello@larkspur.example")


def test_a_sender_with_an_international_host_sends_its_test_and_is_proven(house: House) -> None:
    assert save(house, sender_address="shop@bücher.example").status_code == 303
    send_test(house)
    assert "shop@bücher.example" in page(house)
    assert "_dmarc.xn--bcher-kva.example" in page(house)
    house.owner.send(arrival_link(house))
    assert request_from(house, "#1")[1] == "shop@xn--bcher-kva.example"


def request_from(house: House, number: str) -> tuple[str, str]:
    """The shown sender of a fresh request."""
    with house.writing() as (writing, store):
        products = writing.scalars(select(Product)).all()
        order = make_order(writing, store, *products, number=number, email=f"b{number[1:]}@example.com")
        request_reviews(writing, order, store=store, tools=house.tools)
    with house.rows() as rows:
        sender = mails_to(rows, house.tools, f"b{number[1:]}@example.com")[-1]["From"].addresses[0]
        return sender.display_name, sender.addr_spec


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"accent": "red"}, "Write the colour as # and six digits, such as #1F5F4A."),
        ({"accent": "#12345}"}, "Write the colour as # and six digits, such as #1F5F4A."),
        ({"sender_address": "jörg@example.com"}, "This is not an email address yet. It looks like name@example.com"),
        ({"sender_name": "x" * 61}, "Up to 60 letters fit here. This is 1 too long."),
        ({"logo": (BytesIO(b"x" * 1_000_001), "logo.png")}, "The file is larger than 1 MB. Send a smaller one."),
        ({"logo": (BytesIO(bytes(6_000_000)), "photo.jpg")}, "The file is larger than 1 MB. Send a smaller one."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_changes_nothing(
    house: House, values: dict[str, Any], words: str
) -> None:
    answer = save(house, **values)
    assert (answer.status_code, errors(answer)) == (422, [words])
    kept = {name: text for name, text in values.items() if isinstance(text, str)}
    assert {name: typed(answer)[name] for name in kept} == {name: [text] for name, text in kept.items()}
    with house.rows() as rows:
        assert rows.scalars(select(MailStyle)).all() == []


def test_a_colour_nobody_could_read_is_darkened_and_says_so(house: House) -> None:
    answer = save(house, accent="#ffd400")
    assert answer.status_code == 303
    assert "White on #FFD400 could not be read" in page(house)
    assert (
        "#FFD400" not in house.owner.open(f"{house.at}/settings/emails/preview/request/en").text.partition("@media")[0]
    )


def test_a_logo_is_drawn_anew_and_shown(house: House) -> None:
    save(house, logo=(BytesIO(make_picture("PNG", (400, 100))), "logo.png"))
    assert 'id="logo-shown" data-live' in page(house)
    with house.rows() as rows:
        style_id = rows.scalars(select(MailStyle.id)).one()
        assert encode_logo(style_id, tools=house.tools)
        assert not encode_logo(style_id, tools=house.tools)
    assert "data-live" not in page(house)
    preview = house.owner.open(f"{house.at}/settings/emails/preview/request/en").text
    assert 'width="224"' in preview or "224px" in preview
    address = logo_in(preview)
    assert address == logo_in(page(house))
    answer = house.app.test_client().get(address)
    assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert "public" in answer.headers["Cache-Control"]
    save(house, no_logo="y")
    assert "<img" not in page(house)
    assert house.app.test_client().get(address).status_code == 404


def logo_in(text: str) -> str:
    found = re.search(r"http://shop\.test(/media/[\w-]{22}-mail\.png)", text)
    assert found is not None
    return found.group(1)


def test_a_logo_stays_where_files_without_a_row_are_removed(house: House) -> None:
    save(house, logo=(BytesIO(make_picture("PNG", (400, 100))), "logo.png"))
    house.clock.now = datetime.now(UTC)
    with house.rows() as rows:
        assert encode_logo(rows.scalars(select(MailStyle.id)).one(), tools=house.tools)
    address = logo_in(page(house))
    house.clock.advance(days=2)
    with house.rows():
        assert tidy_media(tools=house.tools) == 0
    assert house.app.test_client().get(address).status_code == 200


def test_a_logo_that_is_given_up_says_so_and_the_next_one_begins_anew(house: House) -> None:
    save(house, logo=(BytesIO(make_picture("PNG", (400, 100))), "logo.png"))
    for tries, words in ((1, "is being drawn."), (2, "could not be drawn at once. It is tried again")):
        with house.writing() as (writing, _):
            writing.scalars(select(MailStyle)).one().logo_tries = tries
        assert f"The file you sent {words}" in page(house)
    with house.writing() as (writing, _):
        style = writing.scalars(select(MailStyle)).one()
        style.logo_tries, style_id = MOST_TRIES, style.id
    with house.rows():
        assert not encode_logo(style_id, tools=house.tools)
    assert GIVEN_UP in page(house)
    save(house, logo=(BytesIO(make_picture("PNG", (60, 60))), "small.png"))
    assert GIVEN_UP not in page(house)
    with house.rows():
        assert encode_logo(style_id, tools=house.tools)


def test_a_logo_sent_while_another_is_drawn_is_the_one_that_shows(house: House) -> None:
    save(house, logo=(BytesIO(make_picture("PNG", (400, 100))), "old.png"))
    newer = make_picture("PNG", (60, 60))
    house.tools.storage.keeper = Meanwhile(
        house.tools.settings.data_dir, lambda: save(house, logo=(BytesIO(newer), "new.png"))
    )
    with house.rows() as rows:
        style_id = rows.scalars(select(MailStyle.id)).one()
        assert not encode_logo(style_id, tools=house.tools)
        assert encode_logo(style_id, tools=house.tools)
        rows.rollback()
        style = rows.scalars(select(MailStyle)).one()
        assert (style.logo_width, style.logo_height, style.logo_upload) == (60, 60, None)


def test_a_file_that_is_no_picture_is_told_of(house: House) -> None:
    save(house, logo=(BytesIO(b"<svg onload=alert(1)>"), "logo.svg"))
    with house.rows() as rows:
        assert not encode_logo(rows.scalars(select(MailStyle.id)).one(), tools=house.tools)
    assert TROUBLE in page(house)


def test_own_words_are_saved_and_shown_and_an_empty_field_is_the_usual(house: House) -> None:
    at = f"{house.at}/settings/emails/texts/de"
    house.owner.send(at, first_subject="Na, {name}? {{7*7}}", first_intro="<b>Hallo</b> {% x %}")
    preview = house.owner.open(f"{house.at}/settings/emails/preview/request/de").text
    assert "Na, Morgan? {{7*7}}" in preview
    assert "&lt;b&gt;Hallo&lt;/b&gt; {% x %}" in preview
    house.owner.send(at, first_subject="", first_intro="")
    with house.rows() as rows:
        rows.rollback()
        assert rows.scalars(select(MailStyle.texts)).one() == {}


@pytest.mark.parametrize("kind", ["request", "reminder", "photo"])
def test_a_preview_can_run_and_send_nothing(house: House, kind: str) -> None:
    answer = house.owner.open(f"{house.at}/settings/emails/preview/{kind}/ar")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert 'dir="rtl"' in answer.text


def test_a_language_that_mails_do_not_speak_is_absent(house: House) -> None:
    for path in ("texts/xx", "preview/request/xx", "texts/..%2f..%2fen", "preview/nothing/en"):
        assert house.owner.open(f"{house.at}/settings/emails/{path}").status_code == 404


def example(house: House, kind: str = "request", language: str = "en", page: str = "", **typed: str) -> Any:
    """Press "Send it to me" on a page about mails."""
    at = f"{house.at}/settings/emails"
    return house.owner.send(f"{at}{page}", at=f"{at}/preview/{kind}/{language}", **typed)


def mail_to_merchant(house: House) -> tuple[str, str]:
    """Subject and words of the newest mail to the owner."""
    with house.rows() as rows:
        mail = mails_to(rows, house.tools, "merchant@example.com")[-1]
        return mail["Subject"], text_of(mail)


@pytest.mark.parametrize(
    ("kind", "language", "subject"),
    [
        ("request", "en", "Test: How is your Ridge Daypack working out?"),
        ("reminder", "de", "Test: Noch Zeit für ein Wort zu Ridge Daypack"),
        ("photo", "en", "Test: A photo of your Ridge Daypack?"),
    ],
)
def test_a_request_is_sent_to_who_is_signed_in_and_says_that_it_is_a_test(
    house: House, kind: str, language: str, subject: str
) -> None:
    assert example(house, kind, language).location == f"{house.at}/settings/emails"
    assert "A test is on its way to merchant@example.com. Its links lead nowhere." in page(house)
    assert mail_to_merchant(house)[0] == subject
    with house.rows() as rows:
        mail = rows.scalars(select(OutgoingMail)).one()
        assert (mail.kind, mail.recipient) == (MailKind.SENDER_TEST, "merchant@example.com")
        assert rows.scalars(select(ReviewRequest)).all() == []
        assert rows.scalars(select(MailSender.tested_at)).all() == []


def test_the_links_of_a_sent_example_belong_to_nobody(house: House) -> None:
    example(house)
    links = set(re.findall(r"http://shop\.test(/\S+)", mail_to_merchant(house)[1]))
    assert len(links) >= 2
    for link in links:
        assert house.app.test_client().get(link).status_code == 404


def test_words_are_tried_before_they_are_saved_and_stay_typed(house: House) -> None:
    words = {"first_subject": "Na, {name}?", "first_intro": "Kurz gefragt.", "photo_intro": "Ein Bild?"}
    answer = example(house, "request", "de", "/texts/de", **words)
    assert answer.status_code == 200
    assert "It holds the words as they stand here; Save keeps them." in answer.text
    assert {name: typed(answer)[name] for name in words} == {name: [text] for name, text in words.items()}
    subject, text = mail_to_merchant(house)
    assert subject == "Test: Na, Morgan?"
    assert "Kurz gefragt." in text
    with house.rows() as rows:
        assert rows.scalars(select(MailStyle)).all() == []


def test_an_emptied_field_is_sent_as_the_usual_words_and_saved_words_from_the_page_without_fields(house: House) -> None:
    house.owner.send(f"{house.at}/settings/emails/texts/en", first_subject="Saved for {name}")
    example(house)
    assert mail_to_merchant(house)[0] == "Test: Saved for Morgan"
    example(house, page="/texts/en", first_subject="")
    assert mail_to_merchant(house)[0] == "Test: How is your Ridge Daypack working out?"


def test_words_that_cannot_be_are_said_at_their_field_and_nothing_is_sent(house: House) -> None:
    answer = example(house, page="/texts/en", reminder_subject="x" * 151)
    assert (answer.status_code, errors(answer)) == (422, ["Up to 150 letters fit here. This is 1 too long."])
    assert typed(answer)["reminder_subject"] == ["x" * 151]
    with house.rows() as rows:
        assert rows.scalars(select(OutgoingMail)).all() == []


@pytest.mark.parametrize("word", ["nmae", "Name", "first name", "Größe", "star", "customer_name"])
@pytest.mark.parametrize("field", ["first_subject", "photo_intro"])
def test_a_word_that_nothing_is_filled_in_for_is_said_before_a_buyer_reads_it(
    house: House, field: str, word: str
) -> None:
    at = f"{house.at}/settings/emails/texts/de"
    own = f"{{name}}, {{store}}, {{product}}, {{order}}: {{{word}}}?"
    said = [f"Nothing is filled in for {{{word}}}. There are {{name}}, {{product}}, {{order}} and {{store}}."]
    for answer in (house.owner.send(at, **{field: own}), example(house, "request", "de", "/texts/de", **{field: own})):
        assert (answer.status_code, errors(answer)) == (422, said)
        assert typed(answer)[field] == [own]
    with house.rows() as rows:
        assert rows.scalars(select(MailStyle)).all() == []
        assert rows.scalars(select(OutgoingMail)).all() == []


def test_nobody_but_a_manager_gets_an_example_and_none_without_a_token(house: House) -> None:
    at = f"{house.at}/settings/emails/preview/request/en"
    assert house.owner.client.post(at).status_code == 400
    assert house.visitor(StoreRole.MODERATOR).client.post(at).status_code == 403
    for unknown in ("request/xx", "nothing/en"):
        assert house.owner.client.post(f"{house.at}/settings/emails/preview/{unknown}").status_code == 404
    with house.rows() as rows:
        assert rows.scalars(select(OutgoingMail)).all() == []


def test_twenty_tests_an_hour_go_to_one_account_whichever_they_are(house: House, settings: Settings) -> None:
    register_limits(house.app, settings.model_copy(update={"limits": Limits.DEFAULT}))
    send_test(house)
    for _ in range(20):
        example(house)
    assert "Twenty test mails went to you within an hour. Nothing was sent; try again a little later." in page(house)
    send_test(house)
    assert "Nothing was sent; try again a little later." in page(house)
    with house.rows() as rows:
        assert len(rows.scalars(select(OutgoingMail)).all()) == 20


def test_an_answer_address_that_is_none_is_told_and_nothing_is_sent(house: House) -> None:
    with house.writing() as (_writing, store):
        store.reply_address = "nobody at all"
    example(house)
    assert "No mail can be sent: nobody at all is not an address." in page(house)


def test_the_domain_is_looked_up_by_a_worker_and_shown(house: House) -> None:
    assert "Not looked up" in page(house)
    house.owner.send(f"{house.at}/settings/emails", at=f"{house.at}/settings/emails/check")
    assert "It is being looked up now." in page(house)
    assert 'id="domain" data-live' in page(house)
    with house.rows() as rows:
        sender_id = rows.scalars(select(MailSender.id)).one()
        found = {"shop.test": ["v=spf1 -all"]}
        assert check_sender(sender_id, tools=house.tools, look_up=lambda name: found.get(name, []))
        assert not check_sender(sender_id, tools=house.tools, look_up=lambda _name: [])
    shown = page(house)
    assert "data-live" not in shown
    assert "The record does not name our server." in shown
    assert "There is no DMARC record" in shown
    assert "v=DMARC1; p=none" in shown


def test_a_look_at_an_address_changed_meanwhile_is_not_kept(house: House) -> None:
    house.owner.send(f"{house.at}/settings/emails", at=f"{house.at}/settings/emails/check")
    with house.rows() as rows:
        sender_id = rows.scalars(select(MailSender.id)).one()

    def change(_name: str) -> list[str]:
        with house.writing() as (writing, _store):
            writing.scalars(select(MailSender)).one().address = "other@else.example"
        return []

    with house.rows():
        assert not check_sender(sender_id, tools=house.tools, look_up=change)


def test_who_is_not_asked_is_listed_and_the_erased_are_not(house: House) -> None:
    assert "Nobody has said no" in page(house)
    with house.writing() as (writing, store):
        for reason in SuppressionReason:
            suppress_address(writing, store.id, f"{reason}@example.com", reason, clock=house.clock, detail="<i>why</i>")
    shown = page(house)
    assert "bounced@example.com" in shown
    assert "&lt;i&gt;why&lt;/i&gt;" in shown
    assert "erased@example.com" not in shown


def test_a_moderator_does_not_change_mails(house: House) -> None:
    moderator = house.visitor(StoreRole.MODERATOR)
    for path in ("", "/texts/en", "/preview/request/en"):
        assert moderator.open(f"{house.at}/settings/emails{path}").status_code == 403
