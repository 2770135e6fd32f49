"""One of eight processes that read and submit for a while on one SQLite file; prints what it did as JSON."""

import json
import sys
import time
from collections import Counter
from uuid import uuid4

from itsdangerous import URLSafeSerializer

from reviews_app.config import load_settings
from reviews_app.factory import create_app
from reviews_app.web.review_form.form_id import SALT
from tests.fakes.visitor import Page

PAGE = "/stores/larkspur/products/ridge-daypack"


def main(seconds: float) -> None:
    app = create_app(load_settings())
    client = app.test_client()
    opened_long_ago = URLSafeSerializer(app.secret_key or "", salt=SALT)
    done: Counter[str] = Counter()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done[f"read {client.get(PAGE).status_code}"] += 1
        values = Page(client.get(f"{PAGE}/reviews/new").text).values
        values["form_id"] = [opened_long_ago.dumps([uuid4().hex, 0])]
        typed = {"rating": "4", "body": "Carries well.", "name": "Ann Lee", "email": f"{uuid4().hex}@example.com"}
        done[f"sent {client.post(f'{PAGE}/reviews/new', data=values | typed).status_code}"] += 1
    sys.stdout.write(json.dumps(done))


if __name__ == "__main__":
    main(float(sys.argv[1]))
