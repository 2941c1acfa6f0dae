"""Logs are JSON, carry the id of the request, and tell nothing about people."""

import io
import json
import logging
import secrets

import pytest

from volunteer_match import logs
from volunteer_match.db import new_id


@pytest.fixture
def lines():
    """Configure logging for the test and give the objects logged."""
    root, stream = logging.getLogger(), io.StringIO()
    kept = root.handlers, root.level
    logs.configure("INFO", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers, level = kept[0], kept[1]
    root.setLevel(level)


def test_a_request_is_logged_with_the_id_its_answer_carries(client, lines):
    answer = client.get("/robots.txt")

    (line,) = [line for line in lines() if line["event"] == "request"]
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert line["status"] == answer.status_code


def test_two_requests_have_two_ids(client):
    ids = {client.get("/healthz").headers["X-Request-Id"] for _ in range(2)}

    assert len(ids) == 2


def test_the_route_is_logged_and_not_the_token_in_the_address(client, lines):
    token = secrets.token_urlsafe(32)

    client.get(f"/o/{token}")

    assert token not in json.dumps(lines())


SECRETS = {
    "address": "ala.zolw+club@poczta.example",
    "telephone": "+48 123 456 789",
    "pesel": "44051401359",
    "token": "abcdefghij0123456789-_ABCDEFGHIJ0123456789k",
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_what_is_personal_is_masked_wherever_it_hides(lines, secret):
    log = logging.getLogger("anything")

    log.info("sent to %s", secret)
    log.info("deep", extra={"facts": {"list": [{"x": secret}]}})
    try:
        raise ValueError(f"bad value {secret}")
    except ValueError:
        log.exception("failed")

    assert len(lines()) == 3
    assert secret not in json.dumps(lines(), ensure_ascii=False)


def test_what_helps_to_find_a_fault_stays(lines):
    mail = new_id()

    logging.getLogger("anything").info("mail %s at 2026-11-28T09:00:00.123456+00:00", mail)

    assert lines()[0]["event"] == f"mail {mail} at 2026-11-28T09:00:00.123456+00:00"
