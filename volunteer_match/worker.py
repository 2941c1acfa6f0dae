"""What the worker does: each task is one transaction of a service; the tables say what is due."""

from flask import Flask
from huey.api import Huey


def connect_queue(app: Flask, queue: Huey) -> None:
    """Register the tasks on the queue and let the outbox wake the mail worker."""
    app.extensions["queue"] = queue
    app.extensions["tasks"] = {}
