import json
import subprocess
import sys
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

from reviews_app.config import Settings
from reviews_app.db.database import session, transaction
from reviews_app.models.rating import ProductRating
from reviews_app.models.review import Review
from tests.factories.product import make_product
from tests.factories.store import make_store
from tests.fakes.program import TOP, environment

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]
SECONDS = "60"


def test_eight_processes_read_and_submit_for_a_minute_without_an_error(app: Flask, settings: Settings) -> None:
    with app.app_context(), transaction() as writing:
        make_product(writing, make_store(writing))
    command = [sys.executable, "-m", "tests.faults.eight_shoppers", SECONDS]
    shoppers = [subprocess.Popen(command, env=environment(settings), cwd=TOP, stdout=subprocess.PIPE) for _ in range(8)]
    done: Counter[str] = Counter()
    for shopper in shoppers:
        shown, _ = shopper.communicate(timeout=150)
        done.update(json.loads(shown))
    assert set(done) == {"read 200", "sent 303"}
    with app.app_context():
        saved = session().scalar(select(func.count()).select_from(Review))
        rating = session().scalars(select(ProductRating)).one()
    assert saved == rating.total == done["sent 303"]
