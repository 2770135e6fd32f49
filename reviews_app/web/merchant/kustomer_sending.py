"""What a merchant sends to Kustomer, and holds back."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from reviews_app.db.database import session, transaction
from reviews_app.models.delivery import DeliveryState
from reviews_app.models.destination import HOLDING, Destination, Mode
from reviews_app.models.membership import StoreRole
from reviews_app.queries.find_destination import find_destination
from reviews_app.services.hold_destination import heal_destination, pause
from reviews_app.services.send_test_review import NothingToTest, send_test_review
from reviews_app.services.start_bulk_send import NothingToSend, send_again, send_past
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.action import require_action
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.bulk_forms import MOST, PAUSE, SEND, AgainForm, MeanwhileForm, PastForm, PauseForm
from reviews_app.web.merchant.held_words import gone_or_held
from reviews_app.web.tools import tools


@merchant.post("/<store>/settings/integrations/kustomer/test")
@member(StoreRole.MANAGER)
def send_test(me: Member) -> ResponseReturnValue:
    """A test review: a row and the bell, then its delivery's page."""
    require_action()
    found = find_destination(session(), me.store)
    try:
        if found is None:
            raise NothingToTest
        with transaction() as writing:
            row = send_test_review(writing, found, email=me.account.email, clock=tools().clock, make_id=tools().make_id)
            delivery_id = row.id
    except NothingToTest:
        flash("Save a key and an address first.", "warn")
        return _to_settings(me)
    return redirect(url_for(".delivery", store=me.store.slug, delivery_id=delivery_id), 303)


@merchant.post("/<store>/settings/integrations/kustomer/past")
@member(StoreRole.MANAGER)
def send_past_ones(me: Member) -> ResponseReturnValue:
    """Send reviews Kustomer never had, the newest first."""
    form = PastForm()
    found = find_destination(session(), me.store)
    valid = form.validate_on_submit()
    if form.csrf_token.errors:
        flash("The page had been open for long. Press it once more.", "warn")
        return _to_settings(me)
    if not valid or found is None or found.mode is Mode.OFF:
        flash(f"Switch Kustomer on first, and name a number from 1 to {MOST:,}.", "warn")
        return _to_settings(me)
    try:
        with transaction() as writing:
            total = send_past(writing, found, limit=form.limit.data, clock=tools().clock).total
        flash(f"{_reviews(total)} {gone_or_held(found)}", "ok")
    except NothingToSend:
        flash("Kustomer has every review already.", "ok")
    return redirect(url_for(".deliveries", store=me.store.slug), 303)


@merchant.post("/<store>/settings/integrations/kustomer/meanwhile")
@member(StoreRole.MANAGER)
def answer_meanwhile(me: Member) -> ResponseReturnValue:
    """Reviews left while it was off: send them or leave them."""
    form = MeanwhileForm()
    if not form.validate_on_submit():
        flash("Choose once more: send them, or leave them.", "warn")
        return _to_settings(me)
    with transaction() as writing:
        flash(_answer(writing, writing.scalar(_of(me)), choice=form.choice.data), "ok")
    return _to_settings(me)


@merchant.post("/<store>/settings/integrations/kustomer/pause")
@member(StoreRole.MANAGER)
def pause_or_resume(me: Member) -> ResponseReturnValue:
    """Hold everything for a while, or let it go on: what was asked for, however often it is pressed."""
    form = PauseForm()
    if not form.validate_on_submit():
        flash("Choose once more: pause, or resume.", "warn")
        return _to_settings(me)
    with transaction() as writing:
        act = _pause if form.want.data == PAUSE else _resume
        flash(act(writing, writing.scalar(_of(me))), "ok")
    return _to_settings(me)


@merchant.post("/<store>/deliveries/again")
@member(StoreRole.MANAGER)
def send_all_again(me: Member) -> ResponseReturnValue:
    """Everything that was refused, or everything that arrived, once more."""
    form = AgainForm()
    found = find_destination(session(), me.store)
    if not form.validate_on_submit() or found is None:
        flash("Choose once more what to send again.", "warn")
        return redirect(url_for(".deliveries", store=me.store.slug), 303)
    state = DeliveryState(form.state.data or "")
    if state is DeliveryState.DELIVERED and found.mode in HOLDING:
        flash("Kustomer has them already. Send them again once sending goes on.", "info")
        return redirect(url_for(".deliveries", store=me.store.slug), 303)
    try:
        with transaction() as writing:
            total = send_again(writing, found, state=state, clock=tools().clock).total
        flash(f"{_reviews(total)} {gone_or_held(found, again=True)}", "ok")
    except NothingToSend:
        flash("There was nothing left to send again.", "info")
    return redirect(url_for(".deliveries", store=me.store.slug), 303)


def _answer(writing: Session, found: Destination | None, *, choice: str | None) -> str:
    """Says what becomes of them; asked twice, the second changes nothing."""
    if found is None or found.off_since is None:
        return "That is settled already."
    since, found.off_since = found.off_since, None
    if choice != SEND:
        return "They stay here. You can send them later, with the past reviews."
    try:
        total = send_past(writing, found, since=since, clock=tools().clock).total
    except NothingToSend:
        return "Kustomer has every review already."
    return f"{_reviews(total)} {gone_or_held(found)}"


def _pause(writing: Session, found: Destination | None) -> str:
    if found is None or found.mode is Mode.OFF:
        return "Kustomer is off: nothing is sent."
    if found.mode is not Mode.PAUSED:
        pause(writing, found)
    return "Paused. Reviews are kept and go out when you resume."


def _resume(writing: Session, found: Destination | None) -> str:
    if found is None or found.mode is not Mode.PAUSED:
        return "Nothing is paused."
    heal_destination(writing, found, now=tools().clock())
    return "It goes on. What was held is on its way."


def _of(me: Member) -> Select[Destination]:
    return select(Destination).where(Destination.store_id == me.store.id)


def _to_settings(me: Member) -> ResponseReturnValue:
    return redirect(url_for(".kustomer", store=me.store.slug), 303)


def _reviews(count: int) -> str:
    return "1 review is" if count == 1 else f"{count:,} reviews are"
