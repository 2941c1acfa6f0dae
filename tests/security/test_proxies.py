"""Behind a reverse proxy the application believes as many forwarded addresses as there are proxies."""

from contextlib import ExitStack

import pytest
from flask import request

FORWARDED = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https"}


@pytest.fixture
def browse(benches):
    """Return a function that visits an installation behind so many proxies."""
    with ExitStack() as stack:

        def visit(proxies):
            app = benches.fresh("sqlite", stack, trusted_proxies=proxies)
            seen = []
            app.before_request(lambda: seen.append(request.remote_addr))
            return app.test_client().get("/healthz", headers=FORWARDED), seen[0]

        yield visit


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "198.51.100.7"), (2, "203.0.113.9")])
def test_the_address_is_the_one_the_outermost_proxy_saw(browse, proxies, address):
    assert browse(proxies)[1] == address


def test_https_at_the_proxy_is_https_for_browsers(browse):
    assert "Strict-Transport-Security" in browse(1)[0].headers


def test_without_a_proxy_nobody_can_pretend_https(browse):
    assert "Strict-Transport-Security" not in browse(0)[0].headers
