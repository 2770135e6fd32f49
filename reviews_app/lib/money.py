"""Amounts in the smallest unit of their currency."""

from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision

MOST = Decimal(10) ** 9


def minor_units(amount: str, currency: str) -> int | None:
    """89.00 USD is 8900, 8900 JPY is 8900; None for what is no amount, below nothing or absurd."""
    try:
        value = Decimal(amount.strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not value.is_finite() or not 0 <= value <= MOST:
        return None
    return int(value.scaleb(get_currency_precision(currency)).to_integral_value())
