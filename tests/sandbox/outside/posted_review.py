from typing import Any


def posted_review(event_id: str = "5b0f1d8e-9c1f-5a58-8d2b-0d5f0a6c7e11", **review: Any) -> dict[str, Any]:
    """What the shop posts for one review; `review` replaces fields of the review itself."""
    return {
        "eventId": event_id,
        "reviewerEmail": "mo@example.com",
        "orderId": "#1205",
        "review": {
            "rating": 4,
            "title": "Holds up in rain",
            "body": "Three weeks of wet commutes.",
            "isRecommended": True,
            "sentiment": "positive",
            "languageCode": "en",
            "source": "write-review-button",
            "dateCreated": "2026-11-23T07:09:25.454Z",
            "reviewId": "fb3d343b-0b5d-42b5-a501-c8e486c3b0e4",
            **review,
        },
        "reviewer": {"displayName": "Mo K.", "name": "Mo Khan", "countryCode": "AU"},
        "reward": {"type": "coupon", "description": "$5 off your next order"},
        "media": {
            "imageUrls": ["https://media.example.com/1.webp"],
            "videoUrls": ["https://media.example.com/2.mp4"],
            "imageCount": 1,
            "videoCount": 1,
        },
        "attributes": [
            {"title": "Used for", "value": ["Commuting", "Hiking"]},
            {"title": "Fit", "value": 4},
        ],
        "product": {
            "productId": "1885452822491",
            "productName": "Ridge Daypack",
            "variantId": "17387480307827",
            "variantName": "Slate",
            "sku": "RD-20",
        },
    }
