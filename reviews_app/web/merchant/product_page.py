"""The page of a product in the merchant's house: its form, and beneath it its pictures."""

from flask import render_template

from reviews_app.models.product import Product
from reviews_app.web.merchant.picture_form import PictureForm
from reviews_app.web.merchant.product_form import ProductForm, form_of


def product_page(product: Product, *, form: ProductForm | None = None, picture_form: PictureForm | None = None) -> str:
    """As the product stands, or with a refused form."""
    return render_template(
        "merchant/product.html",
        form=form or form_of(product),
        product=product,
        picture_form=picture_form or PictureForm(formdata=None),
    )
