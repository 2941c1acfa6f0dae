"""Pages of the accounts capability."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
