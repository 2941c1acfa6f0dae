"""Each mail of accounts can be written in both languages, with its link where it belongs."""

from email import message_from_bytes, policy

import pytest

from volunteer_match.notifications.render import Outgoing, render

UNTIL = {"expires_at": "2026-11-22T12:00:00+00:00", "roles": ["coordinator"]}
LINKS = {
    "sign_in_link": "/sign-in/link/",
    "staff_invitation": "/invitation/",
    "password_reset": "/new-password/",
    "address_change": "/new-address/",
}
NOTICES = (
    "password_changed",
    "address_changed",
    "second_factor_changed",
    "recovery_code_used",
    "roles_changed",
)


def written(kind, facts, locale):
    secrets = {"token": "tajny-klucz", "code": "123456"}
    mail = Outgoing("m" * 22, kind, "Zofia Zmyślona", "zofia@poczta.example", locale, facts, secrets)
    message = message_from_bytes(render(mail).data, policy=policy.default)
    return (
        message["Subject"],
        message.get_body(("plain",)).get_content(),
        message.get_body(("html",)).get_content(),
    )


@pytest.mark.parametrize("locale", ["pl", "en"])
@pytest.mark.parametrize("kind", LINKS)
def test_links_are_in_both_bodies_and_not_in_the_subject(database, kind, locale):
    subject, text, page = written(kind, UNTIL, locale)
    assert f"http://localhost{LINKS[kind]}tajny-klucz" in text
    assert f"{LINKS[kind]}tajny-klucz" in page
    assert "tajny-klucz" not in subject


@pytest.mark.parametrize("locale", ["pl", "en"])
def test_the_code_is_easy_to_copy(database, locale):
    assert "123 456" in written("sign_in_link", UNTIL, locale)[1]


@pytest.mark.parametrize("locale", ["pl", "en"])
def test_each_hint_has_words_of_its_own(database, locale):
    texts = {written("sign_in_hint", {"way": way}, locale)[1] for way in ("none", "password", "mail")}
    assert len(texts) == 3


@pytest.mark.parametrize("locale", ["pl", "en"])
def test_each_notice_has_words_of_its_own(database, locale):
    texts = {written("account_notice", {"what": what}, locale)[1] for what in NOTICES}
    assert len(texts) == len(NOTICES)
