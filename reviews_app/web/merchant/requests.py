"""Requests: what is planned, what left, what came of it, and why a mail did not go."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from reviews_app.db.database import session
from reviews_app.lib.plain_text import one_line
from reviews_app.models.membership import StoreRole
from reviews_app.queries.mail_brand import mail_brand
from reviews_app.queries.person_timeline import person_timeline
from reviews_app.queries.request_list import Listed, request_counts, request_page
from reviews_app.queries.request_rule import rule_of
from reviews_app.queries.request_weeks import request_weeks
from reviews_app.queries.why_no_mail import why_no_mail
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.merchant.line_chart import line_chart
from reviews_app.web.tools import tools

LONGEST_QUESTION = 254


@merchant.get("/<store>/requests")
@member(StoreRole.VIEWER)
def requests(me: Member) -> ResponseReturnValue:
    """One kind's list, or the people a question finds; the funnel and the weeks above."""
    asked = request.args.get("state", "")
    brand = mail_brand(session(), me.store)
    states = [one for one in Listed if one is not Listed.OPENED or brand.style.counts_opens]
    listed = Listed(asked) if asked in states else Listed.PLANNED
    question = one_line(request.args.get("q", ""), most=LONGEST_QUESTION)
    rule = rule_of(session(), me.store)
    weeks = request_weeks(session(), me.store, now=tools().clock())
    return render_template(
        "merchant/requests.html",
        rule=rule,
        is_proven=brand.is_proven,
        counts_opens=brand.style.counts_opens,
        listed=listed,
        states=states,
        counts=request_counts(session(), me.store),
        page=request_page(session(), me.store, listed, after=request.args.get("after", "")),
        weeks=weeks,
        chart=line_chart([week.sent for week in weeks], [week.reviewed for week in weeks]),
        question=question,
        people=why_no_mail(session(), me.store, rule, question),
    )


@merchant.get("/<store>/requests/people/<uuid:customer_id>")
@member(StoreRole.VIEWER)
def request_person(me: Member, customer_id: UUID) -> ResponseReturnValue:
    """One buyer's orders, mails and reviews on one line."""
    person = person_timeline(session(), me.store, customer_id)
    return render_template(
        "merchant/request_person.html",
        person=person,
        rule=rule_of(session(), me.store),
        is_proven=mail_brand(session(), me.store).is_proven,
    )


@merchant.app_template_filter("store_weekday")
def store_weekday(at: datetime) -> str:
    """ "Tue 8 Dec" in the zone of the store in view."""
    return str(format_datetime(at.astimezone(ZoneInfo(g.member.store.time_zone)), "EEE d MMM", locale="en"))


@merchant.app_template_filter("store_date")
def store_date(at: datetime) -> str:
    """ "15 Dec" in the same zone."""
    return str(format_datetime(at.astimezone(ZoneInfo(g.member.store.time_zone)), "d MMM", locale="en"))


@merchant.app_template_filter("plain_date")
def plain_date(day: date) -> str:
    """ "7 Dec"; the day is the store's already."""
    return str(format_date(day, "d MMM", locale="en"))
