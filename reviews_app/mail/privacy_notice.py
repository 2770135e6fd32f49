"""The mails that say that a buyer asked what is kept of them, and that a shop is to be forgotten."""

from reviews_app.mail.environment import render_html
from reviews_app.mail.message import Content


def data_asked_notice(*, store_name: str, email: str, link: str) -> Content:
    """Who asks, where it stands, by when to answer."""
    sentences = [
        f"Shopify passes on that {email} wants to know what is kept about them.",
        "Here that is their orders, the mails they got and what they wrote. Each stands under Requests and Reviews.",
        "Send it to them within 30 days. What Kustomer has must be asked for there.",
    ]
    return _notice(f"A buyer of {store_name} asks what is kept about them", sentences, store_name=store_name, link=link)


def shop_erased_notice(*, store_name: str, link: str) -> Content:
    """Nothing happened by itself; what to do in either case."""
    sentences = [
        "Shopify asks that everything from this shop is erased. It does so two days after an app was removed.",
        "Nothing was erased by itself: reviews, orders and buyers are as they were.",
        "If the store is over, ask whoever runs Reviews for you to remove it. If it goes on, there is nothing to do.",
    ]
    return _notice(f"Shopify asks to erase the shop of {store_name}", sentences, store_name=store_name, link=link)


def _notice(subject: str, sentences: list[str], *, store_name: str, link: str) -> Content:
    html = render_html(
        "notice.mjml", title=subject, sentences=sentences, link=link, link_words="Open Reviews", footer=store_name
    )
    return Content(subject=subject, text="\n".join([*sentences, "", link]) + "\n", html=html)
