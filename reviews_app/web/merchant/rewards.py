"""Settings > Rewards: the rule in plain words, the coupons with their codes, and what was given."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session, transaction
from reviews_app.integrations.csv_file.codes import MOST_BYTES, read_codes
from reviews_app.integrations.csv_file.read import FileRefused
from reviews_app.mail.offer import shown_offer
from reviews_app.models.membership import StoreRole
from reviews_app.models.review import Source
from reviews_app.queries.coupons import CouponStock, coupon_stock, coupons_of, find_coupon
from reviews_app.queries.reward_list import reward_page
from reviews_app.queries.reward_offer import newest_terms
from reviews_app.services.add_codes import AddedCodes, add_codes, make_codes
from reviews_app.services.add_coupon import CouponKnown, add_coupon
from reviews_app.services.save_reward_terms import save_reward_terms
from reviews_app.services.warn_of_few_codes import FEW
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.reward_forms import CodesForm, CouponForm, MakeForm, RuleForm, rule_form, rule_sent
from reviews_app.web.tools import tools

# The form's own bytes around the file.
MOST_REQUEST = MOST_BYTES + 64 * 1024


@dataclass
class Sent:
    """The forms as they were sent, when one of them is shown again; `coupon_id` is whose codes they were."""

    rule: RuleForm | None = None
    coupon: CouponForm | None = None
    codes: CodesForm | None = None
    make: MakeForm | None = None
    coupon_id: UUID | None = field(default=None)


@merchant.get("/<store>/settings/rewards")
@member(StoreRole.MANAGER)
def rewards(me: Member) -> ResponseReturnValue:
    """The page."""
    return _page(me, Sent())


@merchant.post("/<store>/settings/rewards")
@member(StoreRole.MANAGER)
def save_rewards(me: Member) -> ResponseReturnValue:
    """Save the rule, for what is asked and opened from now on."""
    form = rule_sent(coupons_of(session(), me.store))
    if not form.validate_on_submit():
        return _page(me, Sent(rule=form)), 422
    with transaction() as writing:
        save_reward_terms(writing, me.store, form.rule(), tools=tools())
    flash("Saved. What was promised before stays as it was promised.", "ok")
    return _back(me)


@merchant.post("/<store>/settings/rewards/coupons")
@member(StoreRole.MANAGER)
def save_coupon(me: Member) -> ResponseReturnValue:
    """Add a kind of coupon; its codes come next."""
    form = CouponForm()
    if not form.validate_on_submit():
        return _page(me, Sent(coupon=form)), 422
    try:
        with transaction() as writing:
            add_coupon(writing, me.store, form.description.data or "", tools=tools())
    except CouponKnown:
        form.description.errors = ["You have a coupon with these words. Add codes to that one."]
        return _page(me, Sent(coupon=form)), 422
    flash("Added. Now it needs codes.", "ok")
    return _back(me)


@merchant.post("/<store>/settings/rewards/coupons/<uuid:coupon_id>/codes")
@member(StoreRole.MANAGER)
def send_codes(me: Member, coupon_id: UUID) -> ResponseReturnValue:
    """Take a file of codes in, or say at once what is wrong with it."""
    if (request.content_length or 0) > MOST_REQUEST:
        form = CodesForm(formdata=None)
        form.file.errors = ["The file is larger than 4 MB. Split it and send the parts one after the other."]
        return _page(me, Sent(codes=form, coupon=CouponForm(formdata=None), coupon_id=coupon_id)), 413
    form = CodesForm()
    if not form.validate_on_submit() or not form.file.data:
        form.file.errors = ["Choose the file, then send it."]
        return _page(me, Sent(codes=form, coupon_id=coupon_id)), 422
    try:
        read = read_codes(form.file.data.read())
    except FileRefused as refused:
        form.file.errors = [str(refused)]
        return _page(me, Sent(codes=form, coupon_id=coupon_id)), 422
    with transaction() as writing:
        done = add_codes(writing, find_coupon(writing, me.store, coupon_id), read.codes, tools=tools())
    flash(_told(done, repeated=read.repeated), "ok" if done.added else "info")
    return _back(me)


@merchant.post("/<store>/settings/rewards/coupons/<uuid:coupon_id>/make")
@member(StoreRole.MANAGER)
def make_coupon_codes(me: Member, coupon_id: UUID) -> ResponseReturnValue:
    """Make codes and hand them over this one time, for the shop to take in."""
    form = MakeForm()
    if not form.validate_on_submit():
        return _page(me, Sent(make=form, coupon_id=coupon_id)), 422
    codes = make_codes((form.prefix.data or "").upper(), int(form.count.data or "0"))
    with transaction() as writing:
        add_codes(writing, find_coupon(writing, me.store, coupon_id), codes, tools=tools())
    flash(f"{_made(len(codes))} made. The file is among your downloads: your shop has to take them in.", "ok")
    file = Response("\r\n".join(["code", *codes, ""]), content_type="text/csv; charset=utf-8")
    file.headers["Content-Disposition"] = 'attachment; filename="codes.csv"'
    file.headers["Cache-Control"] = "no-store"
    return file


def _made(count: int) -> str:
    return "1 code" if count == 1 else f"{count} codes"


def _told(done: AddedCodes, *, repeated: int) -> str:
    words = [{0: "No code is new.", 1: "1 code added."}.get(done.added, f"{done.added} codes added.")]
    if done.known:
        words.append(f"{done.known} you had already.")
    if repeated:
        words.append(f"{repeated} stood twice in the file.")
    return " ".join(words)


def _back(me: Member) -> ResponseReturnValue:
    return redirect(url_for(".rewards", store=me.store.slug), 303)


def _page(me: Member, sent: Sent) -> str:
    stock = coupon_stock(session(), me.store)
    if sent.coupon_id is not None:
        find_coupon(session(), me.store, sent.coupon_id)
    terms = newest_terms(session(), me.store.id)
    door = Source.REVIEW_REQUEST_EMAIL if terms and terms.for_links else Source.WRITE_REVIEW_BUTTON
    return render_template(
        "merchant/rewards.html",
        terms=terms,
        stock=stock,
        trouble=_trouble(terms, stock),
        few=FEW,
        offer=shown_offer(terms, door, language="en") if terms and terms.coupons else None,
        rule=sent.rule or rule_form([one.coupon for one in stock], terms),
        coupon=sent.coupon or CouponForm(formdata=None),
        codes=sent.codes or CodesForm(formdata=None),
        makes={one.coupon.id: _make_form(one.coupon.id, sent) for one in stock},
        opened=sent.coupon_id,
        refused=[form for form in (sent.rule, sent.coupon, sent.codes, sent.make) if form and form.errors],
        page=reward_page(session(), me.store, after=request.args.get("after", "")),
    )


def _make_form(coupon_id: UUID, sent: Sent) -> MakeForm:
    """One for each coupon; only the one that was sent keeps the plain ids its errors point at."""
    if coupon_id == sent.coupon_id:
        return sent.make or MakeForm(formdata=None, count="100")
    form = MakeForm(formdata=None, count="100")
    form.prefix.id, form.count.id = f"prefix-{coupon_id}", f"count-{coupon_id}"
    return form


def _trouble(terms: Any, stock: list[CouponStock]) -> list[CouponStock]:
    """Coupons that the rule needs or that are owed, with few codes left."""
    named = {one.id for one in terms.coupons} if terms and terms.is_on else set()
    return [one for one in stock if one.owed or (one.coupon.id in named and one.left <= FEW)]
