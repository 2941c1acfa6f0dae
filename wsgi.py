"""The WSGI entry point: `gunicorn wsgi:app`."""

from volunteer_match.app import create_app
from volunteer_match.config import ConfigurationError
from volunteer_match.doctor import patient
from volunteer_match.matching.cli import group as match

try:
    app = create_app()
except ConfigurationError as error:
    app = patient(error, match)
