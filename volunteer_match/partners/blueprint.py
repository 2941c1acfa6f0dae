"""The blueprint that every page of the partners capability hangs on."""

from flask import Blueprint

bp = Blueprint("partners", __name__)
