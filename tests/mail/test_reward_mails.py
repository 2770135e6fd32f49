from collections.abc import Callable

import pytest

from reviews_app.lib.colour import accent_of
from reviews_app.mail.confirmation import confirmation
from reviews_app.mail.letter import Letter, Letterhead, written
from reviews_app.mail.mail_look import MailLook
from reviews_app.mail.message import Content
from reviews_app.mail.offer import shown_offer
from reviews_app.mail.reward_code import reward_code
from reviews_app.mail.reward_notice import few_codes_notice
from reviews_app.models.coupon import Coupon
from reviews_app.models.review import Source
from reviews_app.models.reward_terms import MailedWhen, RewardTerms

HOSTILE = '<script>alert(1)</script> & "quoted" %(x)s {{7*7}}'
LANGUAGES = ("en", "de", "es", "fr", "ja", "ar")


def coupon(words: str) -> Coupon | None:
    return Coupon(description=words) if words else None


def terms(text: str = "", photo: str = "", video: str = "", mailed: MailedWhen = MailedWhen.SUBMITTED) -> RewardTerms:
    return RewardTerms(text_coupon=coupon(text), photo_coupon=coupon(photo), video_coupon=coupon(video), mailed=mailed)


def code_mail(language: str = "en", description: str = "$5 off", code: str = "CODE-1") -> Content:
    shop = "http://shop.test/stores/l"
    return reward_code(head(language), product="Ridge Daypack", description=description, code=code, link=shop)


def question(language: str = "en", reward: str = "", product: str = "Ridge Daypack") -> Content:
    return confirmation(head(language), product=product, reward=reward, link="http://shop.test/confirm/abc")


def head(language: str, look: MailLook | None = None) -> Letterhead:
    return Letterhead("Larkspur", "1 Field Lane", language, look or MailLook())


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (terms("A"), "Share your honest opinion, good or bad, and get A."),
        (terms("A", "B"), "Share your honest opinion, good or bad, and get A. With a photo: B."),
        (terms("A", "B", "C"), "Share your honest opinion, good or bad, and get A. With a photo: B. With a video: C."),
        (terms("A", "A", "A"), "Share your honest opinion, good or bad, and get A."),
        (terms("", "B"), "Share your honest opinion, good or bad, with a photo, and get B."),
        (terms("", "B", "C"), "Share your honest opinion, good or bad, with a photo, and get B. With a video: C."),
        (terms("", "", "C"), "Share your honest opinion, good or bad, with a video, and get C."),
    ],
)
def test_an_offer_says_what_each_kind_of_review_earns_and_that_stars_do_not_count(rule: RewardTerms, said: str) -> None:
    offer = shown_offer(rule, Source.REVIEW_REQUEST_EMAIL, language="en")
    assert offer.sentence == f"{said} Your rating makes no difference."


@pytest.mark.parametrize("mailed", list(MailedWhen))
@pytest.mark.parametrize("source", list(Source))
def test_the_terms_say_when_the_code_comes(mailed: MailedWhen, source: Source) -> None:
    said = shown_offer(terms("A", mailed=mailed), source, language="en").terms
    assert ("confirmed your address" in said) is (source is Source.WRITE_REVIEW_BUTTON)
    assert ("appears" in said) is (mailed is MailedWhen.PUBLISHED)
    assert "one code for each person and order" in said


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_offer_and_mails_speak_the_readers_language(language: str) -> None:
    for source in Source:
        assert "honest" not in shown_offer(terms("A", "B", "C"), source, language=language).sentence
        assert "code for each" not in shown_offer(terms("A"), source, language=language).terms
    assert "Thank you" not in code_mail(language).text
    assert "Somebody left" not in question(language, reward="$5 off").text


def test_a_language_without_a_catalogue_is_told_in_english() -> None:
    assert "Thank you for your review" in code_mail("xx").text


def test_latin_words_keep_their_direction_in_arabic() -> None:
    assert "\u2068$5 off\u2069" in code_mail("ar").text
    assert "\u2068" not in code_mail("de").text


def test_the_code_stands_on_a_line_of_its_own() -> None:
    assert "\nCODE-1\n" in code_mail().text
    assert ">CODE-1</span>" in code_mail().html


@pytest.mark.parametrize(
    "content",
    [
        code_mail(description=HOSTILE, code=HOSTILE),
        question(reward=HOSTILE, product=HOSTILE),
        few_codes_notice(store_name=HOSTILE, description=HOSTILE, left=3, link="http://shop.test"),
    ],
)
def test_words_of_others_are_text_in_every_mail(content: Content) -> None:
    assert "<script>" not in content.html
    assert "&lt;script&gt;" in content.html
    assert "{{7*7}}" in content.html
    assert HOSTILE in content.text


@pytest.mark.parametrize(("left", "words"), [(0, "No code is left"), (1, "1 code is left"), (9, "9 codes are left")])
def test_the_warning_counts_in_words(left: int, words: str) -> None:
    notice = few_codes_notice(store_name="Larkspur", description="$5 off", left=left, link="http://shop.test")
    assert notice.subject == f"{words} for the rewards of Larkspur"


def test_the_question_is_sent_by_the_store() -> None:
    html = question().html
    assert html.index(">Larkspur<") < html.rindex("Somebody left a review")


@pytest.mark.parametrize("make", [code_mail, question])
@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("de", "ltr")])
def test_a_letter_says_which_language_it_is_in_and_runs_its_way(
    make: Callable[[str], Content], language: str, direction: str
) -> None:
    assert f'<html lang="{language}" dir="{direction}"' in make(language).html


def test_a_letter_wears_the_stores_logo_and_colour() -> None:
    look = MailLook(accent_of("#7A3B2E"), "http://shop.test/media/logo-mail.png", 120, 40)
    letter = Letter("Subject", ["One."], "http://shop.test/x", "Go", "Because.")
    dressed, plain = (written(head("en", one), letter) for one in (look, None))
    assert 'src="http://shop.test/media/logo-mail.png"' in dressed.html
    assert 'alt="Larkspur"' in dressed.html
    assert "#7A3B2E" in dressed.html
    assert "<img" not in plain.html
    assert dressed.text == plain.text == "One.\n\nhttp://shop.test/x\n\nBecause.\nLarkspur, 1 Field Lane\n"


def test_a_hostile_store_name_stays_inside_the_logos_words() -> None:
    hostile = Letterhead(
        '" onerror="x', "", "en", MailLook(logo_url="http://shop.test/l.png", logo_width=1, logo_height=1)
    )
    html = written(hostile, Letter("S", ["One."], "http://shop.test", "Go", "Why.")).html
    assert "onerror=" not in html.replace("&#34; onerror=&#34;", "").replace("&quot; onerror=&quot;", "")
