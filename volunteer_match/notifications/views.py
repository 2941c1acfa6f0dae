"""Pages of the notifications capability."""

from flask import Blueprint

bp = Blueprint("notifications", __name__)
