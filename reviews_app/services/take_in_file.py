"""Takes a merchant's file in: read whole first, then put in by chunks that are counted where they are put."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.integrations.csv_file.read import FileRefused
from reviews_app.integrations.csv_file.reports import ReadFile, Report, check_head, read_file
from reviews_app.lib.clock import Clock
from reviews_app.lib.plain_text import one_line
from reviews_app.models.file_import import UNFINISHED, FileImport, ImportKind, ImportState
from reviews_app.models.order_report import OrderReport, ReportRefused
from reviews_app.models.store import Store
from reviews_app.services.put_apart import put_apart
from reviews_app.services.record_order import record_order
from reviews_app.services.record_product import record_product

# One transaction stays short: other writers of SQLite wait for it.
STEP = 50
RING_AGAIN = timedelta(seconds=30)
# Ten minutes of runs that broke off before they had put anything in: another one would break off as well.
MOST_TRIES = 20
WHOLE_FILE = 0


def keep_file(
    session: Session, store: Store, kind: ImportKind, *, raw: bytes, name: str, account_id: int | None, clock: Clock
) -> FileImport:
    """A row with the file in it, and the bell. Raises FileRefused for what can be seen at once."""
    check_head(raw, kind)
    now = clock()
    row = FileImport(
        store_id=store.id,
        kind=kind,
        file_name=one_line(name, most=200) or "file.csv",
        content=raw,
        account_id=account_id,
        created_at=now,
        enqueued_at=now,
    )
    session.add(row)
    session.flush()
    ring_after_commit(session, JobName.TAKE_IN_FILE, row.id)
    return row


def begin_run(session: Session, import_id: UUID, *, clock: Clock) -> bool:
    """Count one more run; gives whether there is anything to do. After too many without progress it is given up."""
    row = _unfinished(session, import_id)
    if row is None:
        return False
    row.tries += 1
    if row.tries <= MOST_TRIES:
        return True
    words = f"Taking it in broke off each time after {row.done} of {row.total}. Send what follows in a file of its own."
    row.errors = [[WHOLE_FILE, words], *row.errors]
    row.error_count += max(1, row.total - row.done)
    _finish(row, ImportState.DONE if row.done else ImportState.REFUSED, clock=clock)
    row.done = row.total if row.done else 0
    return False


def read_kept_file(session: Session, import_id: UUID, *, clock: Clock) -> ReadFile | None:
    """What the kept file says; None when it is finished or gone. Reads only."""
    row = session.scalar(select(FileImport).where(FileImport.id == import_id, FileImport.state.in_(UNFINISHED)))
    if row is None or row.content is None:
        return None
    store = session.scalars(select(Store).where(Store.id == row.store_id)).one()
    zone = ZoneInfo(store.time_zone)
    try:
        return read_file(row.content, row.kind, as_of=row.created_at, now=clock(), zone=zone)
    except FileRefused as refused:
        found = ReadFile()
        found.note(1, str(refused))
        return found


def begin_file(session: Session, import_id: UUID, found: ReadFile, *, clock: Clock) -> int | None:
    """Refuse the file whole when anything is wrong with it, else let it run; gives how much is in already."""
    row = _unfinished(session, import_id)
    if row is None:
        return None
    row.line_count, row.total = found.line_count, len(found.items)
    if found.problem_count:
        row.errors = [list(problem) for problem in found.problems]
        row.error_count = found.problem_count
        _finish(row, ImportState.REFUSED, clock=clock)
        return None
    row.state = ImportState.RUNNING
    return row.done


def put_in_step(session: Session, import_id: UUID, found: ReadFile, *, after: int, clock: Clock) -> int | None:
    """Put the next fifty in; gives how much is in then, None at the end or when somebody else is at it."""
    row = _unfinished(session, import_id)
    if row is None or row.done != after:
        return None
    store = session.scalars(select(Store).where(Store.id == row.store_id)).one()
    for line, report in found.items[after : after + STEP]:
        _put_in(session, store, row, line=line, report=report, clock=clock)
    row.enqueued_at, row.tries = clock(), 0
    row.done = min(after + STEP, len(found.items))
    if row.done == len(found.items):
        _finish(row, ImportState.DONE, clock=clock)
        return None
    return row.done


def ring_for_files(session: Session, *, now: datetime) -> int:
    """A bell may be lost, a worker killed; the row is not. Each step says that somebody is at it."""
    silent = select(FileImport).where(FileImport.state.in_(UNFINISHED), FileImport.enqueued_at < now - RING_AGAIN)
    rows = session.scalars(silent.with_for_update(skip_locked=True)).all()
    for row in rows:
        row.enqueued_at = now
        ring_after_commit(session, JobName.TAKE_IN_FILE, row.id)
    return len(rows)


def _put_in(session: Session, store: Store, row: FileImport, *, line: int, report: Report, clock: Clock) -> None:
    try:
        with put_apart(session, store):
            if isinstance(report, OrderReport):
                record_order(session, store, report, clock=clock)
            else:
                record_product(session, store, report, clock=clock)
    except ReportRefused as refused:
        # Only the store's own rows, or the database, can say so, and only when its turn comes.
        row.errors = [*row.errors, [line, str(refused)]]
        row.error_count += 1


def _unfinished(session: Session, import_id: UUID) -> FileImport | None:
    found = select(FileImport).where(FileImport.id == import_id, FileImport.state.in_(UNFINISHED))
    return session.scalar(found.with_for_update(of=FileImport))


def _finish(row: FileImport, state: ImportState, *, clock: Clock) -> None:
    row.state, row.finished_at, row.content = state, clock(), None
