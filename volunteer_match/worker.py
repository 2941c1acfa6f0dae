"""What the worker does: each task is a service that reads from the tables what is due."""

import logging
import signal
import sys
from collections.abc import Callable
from typing import cast

from flask import Flask
from huey import crontab
from huey.api import Huey
from huey.consumer import Consumer

from volunteer_match import clock
from volunteer_match.accounts import service as accounts
from volunteer_match.db import db, retrying
from volunteer_match.i18n import today
from volunteer_match.imports import service as imports
from volunteer_match.matching import shard_service
from volunteer_match.needs import service as needs
from volunteer_match.notifications import delivery
from volunteer_match.notifications import service as notifications
from volunteer_match.partners import registration_service as registrations
from volunteer_match.people import service as people
from volunteer_match.placements import mend_steps, run_steps
from volunteer_match.placements import service as placements
from volunteer_match.safeguarding import service as safeguarding

log = logging.getLogger(__name__)
STOPPING_TAKES_AT_MOST = 20
"""Seconds a worker may need to finish the mail in its hands."""


def connect_queue(app: Flask, queue: Huey) -> None:
    """Register the tasks on the queue and let the outbox wake the mail worker."""
    app.extensions["queue"] = queue
    app.extensions["tasks"] = {name: _task(app, queue, name) for name in WORK}
    queue.periodic_task(crontab(minute="*"), name="tick")(lambda: tick(app))


def tick(app: Flask) -> None:
    """Do everything that may be due, one thing failing or not."""
    for name in WORK:
        perform(app, name)


def perform(app: Flask, name: str) -> None:
    """Do one kind of work inside the application, and never let its failure stop the others."""
    with app.app_context():
        try:
            WORK[name](app)
        except Exception:  # tried again at the next tick; the worker has other work
            log.exception("work failed: %s", name)
        finally:
            db.session.remove()


def _task(app: Flask, queue: Huey, name: str) -> Callable[[], object]:
    return cast(Callable[[], object], queue.task(name=name)(lambda: perform(app, name)))


def _mail(app: Flask) -> None:
    sent = delivery.deliver_due(stop=app.extensions.get("stopping", lambda: False))
    if sent:
        log.info("mails handled", extra={"results": {str(k): n for k, n in sent.items()}})


def _papers(_app: Flask) -> None:
    # Papers run out and people come of age at midnight: no need to look every minute.
    if clock.now().minute == 0:
        retrying(safeguarding.reassess_due)(today())


@retrying
def _reconcile(_app: Flask) -> None:
    placements.reconcile(clock.now())


@retrying
def _needs(_app: Flask) -> None:
    needs.complete_past(clock.now())


def _shards(_app: Flask) -> None:
    shard_service.work()


def _mend(_app: Flask) -> None:
    mend_steps.mend_waiting(clock.now())


def _match(_app: Flask) -> None:
    run_steps.run_waiting(clock.now())


@retrying
def _tidy(_app: Flask) -> None:
    now = clock.now()
    accounts.tidy(now)
    imports.forget_old_files()
    notifications.forget_texts(now)
    people.forget_unconfirmed(now)
    shard_service.forget_old(now)
    mend_steps.forget_old(now)
    registrations.forget_unconfirmed(now)


WORK: dict[str, Callable[[Flask], None]] = {
    "papers": _papers,
    "reconcile": _reconcile,
    "mend": _mend,
    "needs": _needs,
    "shards": _shards,
    "match": _match,
    "mail": _mail,
    "tidy": _tidy,
}
"""In the order of a tick: what the first ones decide, the mails announce."""


class _Consumer(Consumer):  # type: ignore[misc]
    def __init__(self, queue: Huey) -> None:
        limit = STOPPING_TAKES_AT_MOST
        super().__init__(queue, graceful_signal="TERM", shutdown_timeout=limit, max_delay=2.0)
        # Ctrl-C lets the mail in hand be finished, too.
        self._signal_actions[signal.SIGINT] = (False, True)


def run(app: Flask) -> None:
    """Work until SIGTERM or SIGINT; the mail in hand is finished first."""
    # Until the consumer listens itself there is nothing to finish.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    log.info("worker starts")
    consumer = _Consumer(app.extensions["queue"])
    app.extensions["stopping"] = consumer.stop_flag.is_set
    app.extensions["tasks"]["mail"]()  # what waited while no worker ran should not wait for the next minute
    consumer.run()
