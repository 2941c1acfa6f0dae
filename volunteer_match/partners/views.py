"""Pages of the partners capability."""

from flask import Blueprint

bp = Blueprint("partners", __name__)
