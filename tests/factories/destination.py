from sqlalchemy.orm import Session

from reviews_app.lib.sealed import Keyring
from reviews_app.models.destination import Destination, Mode
from reviews_app.models.store import Store
from tests.conftest import ENCRYPTION_KEY

HOOK = "http://127.0.0.1:8001/v1/hooks/web/5e6daf9d2b1c4a0012ab34cd"
API_KEY = "eyJhbGciOiJIUzI1NiJ9.eyJvcmciOiJkZW1vIn0.not-a-real-signature"


def make_destination(session: Session, store: Store, *, mode: Mode = Mode.ACTIVE, api_url: str = HOOK) -> Destination:
    destination = Destination(
        store_id=store.id, api_url=api_url, api_key=Keyring((ENCRYPTION_KEY,)).seal(API_KEY), mode=mode
    )
    session.add(destination)
    session.flush()
    return destination
