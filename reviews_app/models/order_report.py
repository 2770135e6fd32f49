"""What a shop says of an order or a product at one moment, in words all shops share."""

from dataclasses import dataclass
from datetime import datetime

from reviews_app.models.order import ConsentBasis

MOST_LINES = 1000


Place = tuple[str | int, ...]


class ReportRefused(Exception):
    """A report cannot be taken in; the words say what is wrong, where, and what it should be."""

    def __init__(self, words: str, problems: tuple[tuple[Place, str], ...] = ()) -> None:
        super().__init__(words)
        self.problems = problems or (((), words),)


@dataclass(frozen=True, slots=True)
class Consent:
    """Why the buyer may be asked, and the proof: what was said and when. No basis: an earlier one was taken back."""

    basis: ConsentBasis | None
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReportedLine:
    """One bought product under the shop's ids; `refunded_quantity` counts all refunds so far."""

    product_id: str
    title: str = ""
    shop_id: str = ""
    quantity: int = 1
    variant_id: str = ""
    variant: str = ""
    sku: str = ""
    refunded_quantity: int = 0


@dataclass(frozen=True, slots=True)
class Refund:
    """So many of one line given back by the refund of that id."""

    refund_id: str
    line_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel of an order, and when it arrived, if it has."""

    shop_id: str
    arrived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderReport:
    """An order as of a moment of the shop's clock. None says nothing about that field; it takes nothing back.

    `parcels` are all of the order, `arrivals` some of which only this is known.
    `is_alive`: it is not cancelled, or no more.
    `is_refunded`: everything was given back. `has_unnamed_refund`: something was, of no line in particular.
    """

    shop_id: str
    as_of: datetime
    number: str | None = None
    email: str | None = None
    name: str | None = None
    country_code: str | None = None
    locale: str | None = None
    time_zone: str | None = None
    placed_at: datetime | None = None
    fulfilled_at: datetime | None = None
    delivered_at: datetime | None = None
    cancelled_at: datetime | None = None
    is_alive: bool = False
    parcels: tuple[Parcel, ...] | None = None
    arrivals: tuple[Parcel, ...] = ()
    consent: Consent | None = None
    lines: tuple[ReportedLine, ...] | None = None
    refunds: tuple[Refund, ...] = ()
    is_refunded: bool = False
    has_unnamed_refund: bool = False


@dataclass(frozen=True, slots=True)
class ReportedVariant:
    """One size or colour under the shop's id."""

    shop_id: str
    name: str
    sku: str = ""


@dataclass(frozen=True, slots=True)
class ProductReport:
    """A product as of a moment of the shop's clock; `variants` None says nothing about them."""

    shop_id: str
    as_of: datetime
    title: str | None = None
    handle: str | None = None
    description: str | None = None
    price: str | None = None
    currency: str | None = None
    variants: tuple[ReportedVariant, ...] | None = None
    is_withdrawn: bool = False
