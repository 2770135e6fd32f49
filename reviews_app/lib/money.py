"""Amounts in the smallest unit of their currency. CLDR's digits hold for storing, showing and telling machines."""

from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision

MOST = Decimal(10) ** 9


def minor_digits(currency: str) -> int:
    """How many digits stand behind the point: 2 for dollars, 0 for yen, 3 for dinars."""
    return int(get_currency_precision(currency))


def minor_units(amount: str, currency: str) -> int | None:
    """89.00 USD is 8900, 8900 JPY is 8900; None for what is no amount, below nothing or absurd."""
    try:
        value = Decimal(amount.strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not value.is_finite() or not 0 <= value <= MOST:
        return None
    return int(value.scaleb(minor_digits(currency)).to_integral_value())


def plain_amount(minor: int, currency: str) -> Decimal:
    """The other way round, with exactly the currency's digits: 8900 USD is 89.00, 8900 JPY is 8900."""
    return Decimal(minor).scaleb(-minor_digits(currency))
