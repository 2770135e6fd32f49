import pytest

from reviews_app.mail.confirmation import ConfirmationMail, confirmation
from reviews_app.mail.message import Content
from reviews_app.mail.offer import shown_offer
from reviews_app.mail.reward_code import RewardCodeMail, reward_code
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
    mail = RewardCodeMail("Larkspur", "1 Field Lane", "Ridge Daypack", description, code, "http://shop.test/stores/l")
    return reward_code(mail, language=language)


def question(language: str = "en", reward: str = "", product: str = "Ridge Daypack") -> Content:
    mail = ConfirmationMail("Larkspur", "1 Field Lane", product, reward, "http://shop.test/confirm/abc")
    return confirmation(mail, language=language)


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
