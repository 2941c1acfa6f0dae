"""The blueprint that every page of the people capability hangs on."""

from flask import Blueprint

bp = Blueprint("people", __name__)
