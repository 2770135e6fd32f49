"""The demo shop's words, read from the JSON files beside this one. Times are days before today."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from reviews_app.models.review import AnswerValue

HERE = Path(__file__).resolve().parent
CONTENT = HERE / "content"
PICTURES = HERE / "pictures"


@dataclass(frozen=True, slots=True)
class DemoVariant:
    """One size or colour."""

    shop_id: str
    name: str
    sku: str


@dataclass(frozen=True, slots=True)
class DemoPicture:
    """A file below the pictures' folder, and what it shows."""

    file: str
    alt: str

    def read(self) -> bytes:
        """The picture's bytes."""
        return (PICTURES / self.file).read_bytes()


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """One product of the shop."""

    shop_id: str
    handle: str
    title: str
    description: str
    price_minor: int
    currency: str
    variants: tuple[DemoVariant, ...]
    pictures: tuple[DemoPicture, ...]


@dataclass(frozen=True, slots=True)
class DemoAttribute:
    """One question; `products` are handles, or None for all."""

    key: str
    title: str
    kind: str
    about: str
    required: bool
    products: tuple[str, ...] | None
    choices: tuple[str, ...]
    low: str
    middle: str
    high: str


@dataclass(frozen=True, slots=True)
class DemoLine:
    """One bought product."""

    handle: str
    sku: str | None
    quantity: int


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """One order."""

    number: str
    shop_id: str
    email: str
    name: str
    country: str
    placed_days_ago: float
    fulfilled_days_ago: float | None
    lines: tuple[DemoLine, ...]


@dataclass(frozen=True, slots=True)
class DemoReply:
    """The merchant's answer."""

    body: str
    days_ago: float


@dataclass(frozen=True, slots=True)
class DemoReview:
    """One review; `order` is a shown number, `sku` names the variant."""

    key: str
    rating: int
    title: str
    body: str
    lang: str
    recommended: bool | None
    name: str
    email: str
    country: str | None
    source: str
    order: str | None
    sku: str | None
    days_ago: float
    state: str
    reason: str | None
    attributes: dict[str, AnswerValue]
    photos: tuple[str, ...]
    reply: DemoReply | None


def products() -> list[DemoProduct]:
    """In the catalogue's order."""
    return [
        DemoProduct(
            **row
            | {
                "variants": tuple(DemoVariant(**one) for one in row["variants"]),
                "pictures": tuple(DemoPicture(**one) for one in row["pictures"]),
            }
        )
        for row in _read("products.json")
    ]


def attributes() -> list[DemoAttribute]:
    """In the form's order."""
    return [
        DemoAttribute(
            key=row["key"],
            title=row["title"],
            kind=row["kind"],
            about=row["about"],
            required=row.get("required", False),
            products=tuple(row["products"]) if row.get("products") else None,
            choices=tuple(row.get("choices") or ()),
            low=row.get("low") or "",
            middle=row.get("middle") or "",
            high=row.get("high") or "",
        )
        for row in _read("attributes.json")
    ]


def orders() -> list[DemoOrder]:
    """The oldest first."""
    return [
        DemoOrder(**row | {"lines": tuple(DemoLine(**one) for one in row["lines"])}) for row in _read("orders.json")
    ]


def reviews(handle: str) -> list[DemoReview]:
    """The reviews of one product, the newest first."""
    if not (CONTENT / "reviews" / f"{handle}.json").exists():
        return []
    return [
        DemoReview(
            **row
            | {
                "reason": row.get("reason"),
                "photos": tuple(row.get("photos") or ()),
                "reply": DemoReply(**row["reply"]) if row.get("reply") else None,
            }
        )
        for row in _read(f"reviews/{handle}.json")
    ]


def _read(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = orjson.loads((CONTENT / name).read_bytes())
    return rows
