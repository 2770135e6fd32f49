"""The shop's pages, for anybody."""

from flask import Blueprint

storefront = Blueprint("storefront", __name__, url_prefix="/stores/<store>")
