"""What holds for every command: it says what it does, refuses in words, and may be run twice."""

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from reviews_app.cli.commands import COMMANDS, register_commands
from reviews_app.cli.doctor import LATE_AFTER, counted, scheduler_in_words
from reviews_app.cli.scheduler import run_tick
from reviews_app.db.database import session, transaction
from reviews_app.db.job_names import QueueName
from reviews_app.jobs.schedule import Tick
from reviews_app.lib.sealed import SealBroken
from reviews_app.models.clock_beat import ClockBeat
from reviews_app.models.customer import Customer
from reviews_app.models.destination import Destination
from reviews_app.models.review import Review
from reviews_app.models.store import Store
from reviews_app.services.tools import Tools
from tests.factories.destination import make_destination
from tests.factories.order import make_order
from tests.factories.product import make_product
from tests.factories.request_rule import make_rule
from tests.factories.review import leave_review
from tests.factories.store import make_store
from tests.fakes.clock import START, FakeClock
from tests.fakes.rows import changed, rows_of

ANN = "ann@example.com"


@pytest.fixture
def bare() -> Flask:
    """The commands and nothing behind them."""
    made = Flask("bare")
    register_commands(made)
    return made


def run(app: Flask, *words: str) -> tuple[int, str]:
    """The exit code, and what was said on one line."""
    done = app.test_cli_runner().invoke(args=list(words))
    return done.exit_code, " ".join(done.output.split())


@pytest.mark.parametrize("name", [str(one.name) for one in COMMANDS])
def test_every_command_says_what_it_does_in_whole_sentences(bare: Flask, name: str) -> None:
    code, said = run(bare, name, "--help")
    assert code == 0
    sentence = said.partition("Options:")[0].rstrip()
    assert sentence.endswith("."), sentence
    assert len(sentence.split()) > 6


def test_no_two_commands_have_one_name() -> None:
    assert len({one.name for one in COMMANDS}) == len(COMMANDS)


REFUSED = {
    ("create-store",): "Missing argument 'SLUG'",
    ("erase-person", "larkspur"): "Missing argument 'EMAIL'",
    ("worker",): "Missing argument",
    ("worker", "letters"): "'letters' is not one of 'kustomer', 'mail', 'media', 'video', 'files'",
    ("move-media",): "Missing option '--to'",
    ("move-media", "--to", "tape"): "'tape' is not one of 's3', 'folder'",
    ("plan-requests", "--at", "2026-12-08"): "needs a zone, such as 2026-12-08T10:00:00Z",
    ("send-due-requests", "--at", "noon"): "It looks like 2026-12-08T10:00:00Z",
    ("scheduler", "--twice"): "No such option",
    ("doctor", "who"): "unexpected extra argument",
}


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_what_a_command_does_not_understand_is_named_before_anything_is_touched(
    bare: Flask, words: tuple[str, ...]
) -> None:
    code, said = run(bare, *words)
    assert code == 2
    assert REFUSED[words] in said


@pytest.mark.parametrize("queue", QueueName)
def test_a_worker_without_a_queue_says_how_to_send_what_is_due(app: Flask, queue: QueueName) -> None:
    code, said = run(app, "worker", str(queue))
    assert (code, said) == (1, "Error: REDIS_URL is not set. Set it, or send what is due with: flask drain")


# Run on a house with work to do; the second time nothing is left of it.
TWICE = {
    ("erase-person", "larkspur", ANN): ("reviews blanked: 1", "reviews blanked: 0"),
    ("plan-requests",): ("requests planned: 2", "requests planned: 0"),
    ("reconcile",): ("reviews without a delivery: 0", "deliveries recreated: 0"),
}


def furnish(app: Flask) -> None:
    """Two stores with the same buyer, order and review."""
    with app.app_context(), transaction() as writing:
        for slug in ("larkspur", "juniper"):
            store = make_store(writing, slug)
            make_destination(writing, store)
            make_rule(writing, store)
            product = make_product(writing, store)
            order = make_order(writing, store, product, email=ANN)
            order.changed_at = START
            leave_review(writing, store, product, email=ANN)


@pytest.mark.parametrize("words", TWICE, ids=" ".join)
def test_run_twice_the_second_time_changes_no_row(app: Flask, words: tuple[str, ...]) -> None:
    furnish(app)
    first = run(app, *words)
    before = rows_of(app)
    second = run(app, *words)
    assert (first[0], second[0]) == (0, 0)
    assert TWICE[words][0] in first[1]
    assert TWICE[words][1] in second[1]
    assert changed(before, rows_of(app)) == []


def test_who_is_erased_at_one_store_stays_known_at_the_other(app: Flask) -> None:
    furnish(app)
    run(app, "erase-person", "larkspur", f" {ANN.upper()} ")
    with app.app_context():
        of_store = {one.slug: one.id for one in session().scalars(select(Store))}
        for slug, email in (("larkspur", ""), ("juniper", ANN)):
            for table in (Review, Customer):
                rows = session().scalars(select(table.email).where(table.store_id == of_store[slug]))
                assert rows.all() == [email], slug


def test_a_store_that_is_not_there_is_named_before_anybody_is_erased(app: Flask) -> None:
    furnish(app)
    before = rows_of(app)
    assert run(app, "erase-person", "Larkspur", ANN) == (1, "Error: There is no store named Larkspur.")
    assert changed(before, rows_of(app)) == []


def test_a_secret_that_no_key_opens_stops_the_rotation_and_changes_nothing(app: Flask) -> None:
    furnish(app)
    with app.app_context(), transaction() as writing:
        broken, _whole = writing.scalars(select(Destination).order_by(Destination.id)).all()
        assert broken.api_key is not None
        broken.api_key = type(broken.api_key)("lost", "abcd", b"never sealed by any of ours")
    before = rows_of(app)
    code, said = run(app, "rotate-keys")
    assert code == 1
    assert said.startswith("Error: Nothing was changed: a secret is ")
    assert changed(before, rows_of(app)) == []


def beats(app: Flask) -> dict[str, object]:
    with app.app_context():
        return {one.name: one.at for one in session().scalars(select(ClockBeat))}


def test_a_tick_notes_when_it_ran_with_what_it_did(app: Flask, clock: FakeClock) -> None:
    def open_store(writing: Session, _tools: Tools) -> int:
        make_store(writing, f"store-{clock().minute}")
        return 7

    for minutes in (0, 5):
        clock.now = START.replace(minute=minutes)
        with app.app_context():
            assert run_tick(Tick("open", 15, open_store), app.extensions["tools"]) == 7
        assert beats(app) == {"open": clock.now}
    with app.app_context():
        assert sorted(session().scalars(select(Store.slug))) == ["store-0", "store-5"]


def test_a_tick_the_database_breaks_leaves_neither_rows_nor_beat_and_the_next_one_runs(app: Flask) -> None:
    def break_off(writing: Session, _tools: Tools) -> int:
        make_store(writing)
        writing.execute(text("SELECT nothing FROM nowhere"))
        return 1

    def lose_line(_writing: Session, _tools: Tools) -> int:
        raise SQLAlchemyError

    with app.app_context():
        for broken in (break_off, lose_line):
            assert run_tick(Tick("broken", 15, broken), app.extensions["tools"]) == 0
        assert run_tick(Tick("whole", 15, lambda _writing, _tools: 1), app.extensions["tools"]) == 1
        assert session().scalars(select(Store)).all() == []
    assert set(beats(app)) == {"whole"}


@pytest.mark.parametrize("failure", [OSError("no such letter"), ValueError(), KeyError("x"), SealBroken("no key")])
def test_a_tick_that_breaks_in_any_way_does_not_end_the_clock(app: Flask, failure: Exception) -> None:
    def break_off(writing: Session, _tools: Tools) -> int:
        make_store(writing)
        raise failure

    with app.app_context():
        assert run_tick(Tick("broken", 15, break_off), app.extensions["tools"]) == 0
        assert run_tick(Tick("whole", 15, lambda _writing, _tools: 1), app.extensions["tools"]) == 1
        assert session().scalars(select(Store)).all() == []
    assert set(beats(app)) == {"whole"}


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (None, "never swept: start flask scheduler"),
        (0.0, "swept 0 s ago"),
        (LATE_AFTER - 0.1, "swept 60 s ago"),
        (LATE_AFTER, "swept 60 s ago: is flask scheduler running?"),
    ],
)
def test_a_scheduler_that_is_late_is_asked_after(age: float | None, words: str) -> None:
    assert scheduler_in_words(age) == words


def test_counts_are_told_without_those_that_are_nothing() -> None:
    assert counted({}) == counted({"waiting": 0}) == "none"
    assert counted({"waiting": 2, "held": 0, "failed": 1}) == "waiting 2, failed 1"
