"""Pages of the matching capability."""

from flask import Blueprint

bp = Blueprint("matching", __name__)
