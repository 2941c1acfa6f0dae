"""Pages of the needs capability."""

from flask import Blueprint

bp = Blueprint("needs", __name__)
