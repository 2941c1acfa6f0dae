"""The WSGI entry point: `gunicorn wsgi:app`."""

from volunteer_match.app import create_app

app = create_app()
