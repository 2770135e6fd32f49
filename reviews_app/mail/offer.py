"""The words of an offer, for the form and for the mail: the same for every star."""

from dataclasses import dataclass

from reviews_app.mail.words import words_in
from reviews_app.models.review import Source
from reviews_app.models.reward_terms import MailedWhen, RewardTerms


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """What a review earns, and on what terms."""

    sentence: str
    terms: str


def shown_offer(terms: RewardTerms, source: Source, *, language: str) -> ShownOffer:
    """The offer for who comes by this door, in the reader's language; the coupons keep the store's own words."""
    sentences = [*_earned(terms, language), words_in(language)("Your rating makes no difference.")]
    return ShownOffer(" ".join(sentences), _terms(terms, source, language))


def _earned(terms: RewardTerms, language: str) -> list[str]:
    """The first sentence asks for an opinion, the next ones say what a picture adds."""
    _ = words_in(language)
    text, photo, video = [
        one.description if one else "" for one in (terms.text_coupon, terms.photo_coupon, terms.video_coupon)
    ]
    more = [_("With a video: %(reward)s.", reward=video)] if video and video != (photo or text) else []
    if text:
        by_photo = [_("With a photo: %(reward)s.", reward=photo)] if photo and photo != text else []
        return [_("Share your honest opinion, good or bad, and get %(reward)s.", reward=text), *by_photo, *more]
    if photo:
        return [_("Share your honest opinion, good or bad, with a photo, and get %(reward)s.", reward=photo), *more]
    return [_("Share your honest opinion, good or bad, with a video, and get %(reward)s.", reward=video)]


def _terms(terms: RewardTerms, source: Source, language: str) -> str:
    _ = words_in(language)
    if source is Source.REVIEW_REQUEST_EMAIL:
        comes = {
            MailedWhen.SUBMITTED: _("The code comes by mail when you have sent your review."),
            MailedWhen.PUBLISHED: _("The code comes by mail when your review appears."),
        }
    else:
        comes = {
            MailedWhen.SUBMITTED: _("The code comes by mail once you have confirmed your address."),
            MailedWhen.PUBLISHED: _(
                "The code comes by mail once you have confirmed your address and your review appears."
            ),
        }
    return " ".join(
        [
            comes[terms.mailed],
            _("There is one code for each person and order."),
            _("Your review says that it received an incentive."),
        ]
    )
