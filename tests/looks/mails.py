"""The short mails, one of each kind, as their readers see them."""

from reviews_app.mail.account_notice import password_changed, password_reset
from reviews_app.mail.arrival_test import arrival_test
from reviews_app.mail.confirmation import confirmation
from reviews_app.mail.delivery_notice import delivery_notice, recovery_notice, refusal_notice
from reviews_app.mail.invitation import invitation
from reviews_app.mail.letter import Letterhead
from reviews_app.mail.message import Content
from reviews_app.mail.privacy_notice import data_asked_notice, shop_erased_notice
from reviews_app.mail.review_notice import disowned_notice
from reviews_app.mail.reward_code import reward_code
from reviews_app.mail.reward_notice import few_codes_notice

STORE, ADDRESS = "Larkspur Outfitters", "12 Canyon Road, Bend, OR 97701"
LINK, CODE = "https://shop.example/here", "TRAIL-7Q2K-9XPM"
PRODUCT, GIVES = "Wayfarer Merino Socks", "10% off your next order"


def every_letter() -> dict[str, Content]:
    """By name; those to buyers in three languages."""
    heads = {language: Letterhead(STORE, ADDRESS, language) for language in ("en", "de", "ar")}
    shown = {
        f"mail-code-{language}": reward_code(head, product=PRODUCT, description=GIVES, code=CODE, link=LINK)
        for language, head in heads.items()
    }
    shown |= {
        f"mail-confirm-{language}": confirmation(head, product=PRODUCT, reward=GIVES, link=LINK)
        for language, head in heads.items()
    }
    return shown | {
        "mail-few-codes": few_codes_notice(store_name=STORE, description=GIVES, left=12, link=LINK),
        "mail-not-theirs": disowned_notice(store_name=STORE, product=PRODUCT, link=LINK),
        "mail-stopped": delivery_notice(store_name=STORE, cause="Kustomer refused the key.", held=7, link=LINK),
        "mail-goes-on": recovery_notice(store_name=STORE, waiting=7, link=LINK),
        "mail-refused": refusal_notice(store_name=STORE, failed=2, link=LINK),
        "mail-asks-data": data_asked_notice(store_name=STORE, email="robin@example.com", link=LINK),
        "mail-shop-erased": shop_erased_notice(store_name=STORE, link=LINK),
        "mail-invited": invitation(store_name=STORE, role="moderator", link=LINK, days=7),
        "mail-arrived": arrival_test(store_name=STORE, sender="reviews@shop.example", link=LINK),
        "mail-reset": password_reset(LINK),
        "mail-changed": password_changed(),
    }
