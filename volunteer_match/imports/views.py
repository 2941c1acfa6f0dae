"""Pages of the imports capability."""

from flask import Blueprint

bp = Blueprint("imports", __name__)
