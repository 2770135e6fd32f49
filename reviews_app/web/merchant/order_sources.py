"""Settings > Integrations > Orders & products."""

from datetime import UTC, timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import PasswordField, ValidationError

from reviews_app.db.database import session, transaction
from reviews_app.models.callback import CallbackSource
from reviews_app.models.membership import StoreRole
from reviews_app.queries.callbacks import callback_secrets, last_events
from reviews_app.services.callback_secret import make_callback_secret, save_callback_secret
from reviews_app.web.form_fields import AtMost, Needed, Writable
from reviews_app.web.guards import Member, member
from reviews_app.web.merchant.action import require_action
from reviews_app.web.merchant.blueprint import merchant
from reviews_app.web.tools import tools


class ShopifySecretForm(FlaskForm):
    """Shopify makes the secret; it is written here and never read back."""

    secret = PasswordField(
        "Shopify's secret", [Needed("Paste the secret Shopify signs with."), Writable(), AtMost(200)]
    )

    def validate_secret(self, field: Any) -> None:
        """Blanks around a pasted secret are nothing; inside it they are a mistake."""
        field.data = (field.data or "").strip()
        if any(letter.isspace() for letter in field.data) or not field.data.isascii():
            raise ValidationError("A secret holds no blanks. Copy it once more from Shopify.")


@merchant.get("/<store>/settings/integrations/orders")
@member(StoreRole.MANAGER)
def order_sources(me: Member) -> ResponseReturnValue:
    """The three ways in, and what came lately."""
    return _page(me, ShopifySecretForm())


@merchant.post("/<store>/settings/integrations/orders/<any(own,woocommerce):source>")
@member(StoreRole.MANAGER)
def make_secret(me: Member, source: str) -> ResponseReturnValue:
    """Make a secret and show it this one time; a redirect would have to carry it."""
    require_action()
    maker = CallbackSource(source)
    with transaction() as writing:
        made = make_callback_secret(writing, me.store, maker, keyring=tools().keyring, clock=tools().clock)
    return _page(me, ShopifySecretForm(formdata=None), made={maker: made})


@merchant.post("/<store>/settings/integrations/orders/shopify")
@member(StoreRole.MANAGER)
def save_shopify_secret(me: Member) -> ResponseReturnValue:
    """Keep what Shopify signs with."""
    form = ShopifySecretForm()
    if not form.validate_on_submit():
        return _page(me, form), 422
    with transaction() as writing:
        save_callback_secret(
            writing,
            me.store,
            CallbackSource.SHOPIFY,
            secret=form.secret.data or "",
            keyring=tools().keyring,
            clock=tools().clock,
        )
    flash("Saved. The next webhook shows whether it fits.", "ok")
    return redirect(url_for(".order_sources", store=me.store.slug), 303)


def _page(me: Member, form: ShopifySecretForm, *, made: dict[CallbackSource, str] | None = None) -> str:
    # What was pasted is never sent back.
    form.secret.data = ""
    return render_template(
        "merchant/order_sources.html",
        form=form,
        made=made or {},
        secrets=callback_secrets(session(), me.store),
        events=last_events(session(), me.store),
        address=lambda name: tools().addresses.callback(me.store.slug, name),
        example=_example(me),
    )


def _example(me: Member) -> str:
    """A call that works as it stands, once the secret is in it."""
    placed = (tools().clock() - timedelta(days=2)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return render_template(
        "merchant/order_example.sh", address=tools().addresses.callback(me.store.slug, "orders"), placed=placed
    )
