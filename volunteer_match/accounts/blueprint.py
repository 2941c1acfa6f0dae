"""The blueprint that every page of the accounts capability hangs on."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
