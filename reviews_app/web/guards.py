"""Who may call a route. Every view declares exactly one guard; a test reads them into the inventory."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, TypeVar

from flask import abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import select

from reviews_app.db.database import session
from reviews_app.models.account import Account
from reviews_app.models.callback import CallbackSource
from reviews_app.models.membership import Membership, StoreRole
from reviews_app.models.store import Store
from reviews_app.queries.not_found import NotFound
from reviews_app.web.signed_call import SignedCall, read_signed_call

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class Guard(StrEnum):
    """The classes of the route inventory."""

    PUBLIC = "public"
    LINK = "link"
    COUNTING_LINK = "link-that-counts"
    MEMBER = "member"
    SIGNED_IN = "signed-in"
    OPERATOR = "operator"
    LIBRARY = "library"
    CALLBACK = "signed-callback"


@dataclass(frozen=True, slots=True)
class Member:
    """The signed-in person in one store."""

    account: Account
    store: Store
    role: StoreRole

    def may(self, role: str) -> bool:
        """Whether this person may do what the role may; for pages that show or hide a button."""
        return self.role.may_act_as(StoreRole(role))


def declare(view: View, guard: Guard, role: str = "") -> View:
    """Write the guard on the view, where the inventory reads it."""
    view.guard = guard  # type: ignore[attr-defined]
    view.guard_role = role  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Anybody may call it."""
    return declare(view, Guard.PUBLIC)


def by_link(view: View) -> View:
    """The token in the address is the permission; the view looks it up."""
    return declare(view, Guard.LINK)


def counting_by_link(view: View) -> View:
    """As a link, and its GET may write: only for the picture of opened mails."""
    return declare(view, Guard.COUNTING_LINK)


def signed_in(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Somebody with an account."""

    @wraps(view)
    def guarded(**names: Any) -> ResponseReturnValue:
        return view(**names) if current_user.is_authenticated else _to_sign_in()

    return declare(guarded, Guard.SIGNED_IN)


def member(
    role: StoreRole,
) -> Callable[[Callable[Concatenate[Member, ...], ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """A member of the store the address names, in this role or a higher one; the view gets the Member.

    Looked up on each request, so that who was removed is out at once. No member: the store is absent.
    """

    def guard(view: Callable[Concatenate[Member, ...], ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def guarded(store: str, **names: Any) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return _to_sign_in()
            found = _member(store)
            if not found.role.may_act_as(role):
                abort(403)
            g.member = found
            return view(found, **names)

        return declare(guarded, Guard.MEMBER, role)

    return guard


def signed_callback(
    source: CallbackSource,
) -> Callable[[Callable[[SignedCall], ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """A machine that signs with the secret of the store the address names; the view gets the proven call."""

    def guard(view: Callable[[SignedCall], ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def guarded(store: str) -> ResponseReturnValue:
            return view(read_signed_call(store, source))

        return declare(guarded, Guard.CALLBACK, source)

    return guard


def _member(slug: str) -> Member:
    row = session().scalar(
        select(Membership)
        .join(Store, Store.id == Membership.store_id)
        .where(Store.slug == slug, Membership.account_id == current_user.id)
    )
    if row is None:
        raise NotFound
    return Member(row.account, row.store, row.role)


def _to_sign_in() -> ResponseReturnValue:
    """With the way back for a page; a sent form would only be lost on the way."""
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("security.login", next=back))
