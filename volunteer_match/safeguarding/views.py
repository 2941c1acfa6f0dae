"""Pages of the safeguarding capability."""

from flask import Blueprint

bp = Blueprint("safeguarding", __name__)
