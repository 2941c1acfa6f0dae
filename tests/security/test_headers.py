"""Every answer tells browsers what they must not do."""

import pytest

from tests.security.routes import reading

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = (
    "default-src 'none'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "script-src 'self'",
)
# The body of a mail is shown in a closed frame with a policy of its own.
OWN_POLICY = frozenset({"notifications.letter_html"})


@pytest.mark.parametrize("role", ["anonymous", "administrator"])
def test_every_route_sends_the_headers(app, browsers, role):
    missing = []
    for route in reading(app):
        answer = browsers[role].get(route.path)
        missing += [f"{route}: {n}" for n, value in EVERYWHERE.items() if answer.headers.get(n) != value]
        if route.endpoint not in OWN_POLICY:
            policy = answer.headers.get("Content-Security-Policy", "")
            missing += [f"{route}: {part}" for part in POLICY if part not in policy]
            missing += [f"{route}: {word}" for word in ("unsafe-inline", "unsafe-eval") if word in policy]
    assert missing == []


@pytest.mark.parametrize("path", ["/nothing-here", "/sign-in", "/account"])
def test_errors_and_redirects_send_them_too(client, path):
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE


def test_pages_of_signed_in_people_are_not_kept(app, browsers):
    kept = []
    for route in reading(app):
        answer = browsers["administrator"].get(route.path)
        if answer.mimetype == "text/html" and answer.headers.get("Cache-Control") != "no-store":
            kept.append(str(route))
    assert kept == []


def test_text_names_its_encoding(app, browsers):
    nameless = []
    for route in reading(app):
        answer = browsers["administrator"].get(route.path)
        if answer.mimetype.startswith("text/") and "charset=utf-8" not in answer.content_type.lower():
            nameless.append(f"{route}: {answer.content_type}")
    assert nameless == []


def test_over_https_browsers_are_told_to_stay_there(client):
    answer = client.get("/sign-in", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_no_other_place_may_read_answers(client):
    answer = client.get("/sign-in", headers={"Origin": "https://zly.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    cookie = client.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie


def test_over_https_the_cookie_is_bound_to_this_host_and_https(benches, tmp_path):
    from tests.conftest import make_settings
    from volunteer_match.app import create_app

    app = create_app(make_settings(f"sqlite:///{tmp_path}/none.sqlite3", tmp_path, secure_cookies=True))
    cookie = app.test_client().get("/sign-in", base_url="https://localhost").headers["Set-Cookie"]
    assert cookie.startswith("__Host-vm=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
