"""Takes pictures for a product in, puts one first, takes one away."""

from sqlalchemy.orm import Session

from reviews_app.db.after_commit import ring_after_commit
from reviews_app.db.job_names import JobName
from reviews_app.db.locks import wait_for_others
from reviews_app.lib.clock import Clock
from reviews_app.models.product import Product, ProductPicture, ProductPictureUpload

MOST_PICTURES = 12


class TooManyPictures(Exception):
    """The product has MOST_PICTURES, those being drawn counted."""


def take_product_picture(
    session: Session, product: Product, *, upload: bytes, original_name: str, alt: str, clock: Clock
) -> ProductPictureUpload:
    """Keep a sent file and ring for the job that draws it anew. Raises TooManyPictures.

    What could not be drawn before is forgotten: its words were read when the next file was chosen.
    """
    wait_for_others(session, f"pictures of product {product.id}")
    for row in [one for one in product.picture_uploads if one.trouble]:
        product.picture_uploads.remove(row)
        session.delete(row)
    if len(product.pictures) + len(product.picture_uploads) >= MOST_PICTURES:
        raise TooManyPictures
    row = ProductPictureUpload(
        store_id=product.store_id,
        product_id=product.id,
        original_name=original_name[-200:].replace("\0", ""),
        alt=alt,
        upload=upload,
        asked_at=clock(),
    )
    product.picture_uploads.append(row)
    session.flush()
    ring_after_commit(session, JobName.DRAW_PRODUCT_PICTURE, row.id)
    return row


def append_picture(
    session: Session, product: Product, *, name: str, alt: str, size: tuple[int, int], mail_file: str | None = None
) -> ProductPicture:
    """A picture whose files lie in the storage under `name`, as the product's last."""
    row = ProductPicture(
        store_id=product.store_id,
        product_id=product.id,
        name=name,
        alt=alt,
        mail_file=mail_file,
        width=size[0],
        height=size[1],
        position=1 + max((one.position for one in product.pictures), default=-1),
    )
    product.pictures.append(row)
    session.flush()
    return row


def put_picture_first(session: Session, product: Product, picture: ProductPicture) -> None:
    """Mails, lists and the form show a product's first picture."""
    others = [one for one in product.pictures if one is not picture]
    for place, one in enumerate([picture, *others]):
        one.position = place
    session.flush()


def remove_picture(session: Session, product: Product, picture: ProductPicture) -> None:
    """Take it off the pages, and out of mails already sent. Its files go with the tidying."""
    product.pictures.remove(picture)
    session.delete(picture)
    session.flush()
