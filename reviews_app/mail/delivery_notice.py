"""The mails that say Kustomer no longer takes reviews, that it does again, and that single ones could not be sent."""

from reviews_app.mail.environment import render_html
from reviews_app.mail.message import Content


def delivery_notice(*, store_name: str, cause: str, held: int, link: str) -> Content:
    """Cause, what is kept, what to do."""
    waiting = "1 review waits" if held == 1 else f"{held} reviews wait"
    sentences = [cause, f"{waiting} here and nothing is lost.", "Put it right, and all of them are sent by themselves."]
    return _notice(f"Kustomer does not take reviews of {store_name}", sentences, store_name=store_name, link=link)


def recovery_notice(*, store_name: str, waiting: int, link: str) -> Content:
    """It is over; what still goes out."""
    follow = "Every review has arrived."
    if waiting:
        follow = "1 review follows now." if waiting == 1 else f"{waiting} reviews follow now, one after the other."
    sentences = ["Kustomer takes reviews again. Nothing was lost.", follow]
    return _notice(f"Kustomer takes reviews of {store_name} again", sentences, store_name=store_name, link=link)


def refusal_notice(*, store_name: str, failed: int, link: str) -> Content:
    """How many stand as refused; why stands with each."""
    one = failed == 1
    told = "1 review was not taken by Kustomer and waits" if one else f"{failed} reviews were not taken and wait"
    sentences = [
        f"{told} for you. Deliveries says why and sends {'it' if one else 'them'} again.",
        "Nothing was lost, and all others go on.",
    ]
    subject = f"Kustomer did not take {'a review' if one else 'some reviews'} of {store_name}"
    return _notice(subject, sentences, store_name=store_name, link=link, link_words="Open Deliveries")


def _notice(
    subject: str, sentences: list[str], *, store_name: str, link: str, link_words: str = "Open the settings"
) -> Content:
    html = render_html(
        "notice.mjml", title=subject, sentences=sentences, link=link, link_words=link_words, footer=store_name
    )
    return Content(subject=subject, text="\n".join([*sentences, "", link]) + "\n", html=html)
