"""Forms that send many reviews at once."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import AnyOf

from reviews_app.models.delivery import DeliveryState
from reviews_app.services.dispatch.free_slots import PER_SECOND
from reviews_app.web.merchant.whole_number import WholeNumber

MOST = 100_000
# The pace of a backlog, as the merchant is told before it starts.
PER_MINUTE = int(PER_SECOND * 60)
SEND, LEAVE = "send", "leave"
PAUSE, RESUME = "pause", "resume"


class PastForm(FlaskForm):
    """How many of the newest reviews."""

    limit = WholeNumber("How many of the newest", "From 1 to 100,000.", low=1, high=MOST, default=50)


class MeanwhileForm(FlaskForm):
    """What becomes of reviews left while it was off."""

    choice = StringField(validators=[AnyOf((SEND, LEAVE))])


class PauseForm(FlaskForm):
    """Which of the two was asked for: a button pressed twice asks twice for the same."""

    want = StringField(validators=[AnyOf((PAUSE, RESUME))])


class AgainForm(FlaskForm):
    """Which deliveries go once more."""

    state = StringField(validators=[AnyOf((str(DeliveryState.FAILED), str(DeliveryState.DELIVERED)))])
