"""The blueprint that every page of the needs capability hangs on."""

from flask import Blueprint

bp = Blueprint("needs", __name__)
