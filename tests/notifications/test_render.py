"""One mail in the recipient's language, and nothing typed by people gets out of its place."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from volunteer_match.notifications import headers, render
from volunteer_match.notifications.render import HEADERS, Outgoing, RenderError

MAIL = Outgoing(
    id="abcdefghij_-1234567890",
    kind="test_notice",
    name="Ala Żółw",
    email="ala@poczta.example",
    locale="pl",
    facts={"title": "Spotkanie"},
    secrets={},
)
CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nSUMMARY:Szachy\r\nEND:VCALENDAR\r\n"
ATTACKS = [
    "=?utf-8?q?A=0ABcc=3A_evil=40x=2Epl?=",
    "Temat\r\nBcc: zla@poczta.example",
    "Temat\nBcc: zla@poczta.example",
    "Temat\u2028Bcc: zla@poczta.example",
    "Temat\x00\x0b\x0c\x85Bcc: zla@poczta.example",
    "=\u200b?utf-8?q?A=0ABcc=3A_evil=40x=2Epl?=",
    'zla@poczta.example, "<zla@poczta.example>" (',
]


@pytest.fixture
def mailing(database, kinds):
    """Make mails readable that were rendered."""

    def rendered(**changes):
        return message_from_bytes(render.render(replace(MAIL, **changes)).data, policy=policy.SMTP)

    return rendered


def test_a_mail_has_exactly_these_headers(database, kinds):
    letter = render.render(MAIL)

    assert headers.names(letter.data) == [name.lower() for name in HEADERS]


def test_a_mail_is_worded_in_the_language_of_its_recipient(mailing):
    facts = {"title": "Szachy", "starts_at": "2026-11-28T09:00:00+00:00"}

    polish, english = mailing(facts=facts), mailing(facts=facts, locale="en")

    assert "sob. 28 listopada, 10:00" in polish.get_body(("plain",)).get_content()
    assert "Sat 28 November, 10:00" in english.get_body(("plain",)).get_content()
    assert (polish["Content-Language"], english["Content-Language"]) == ("pl", "en")


def test_moments_deep_in_the_facts_become_moments_too(database, kinds):
    facts = {"meetings": [{"starts_at": "2026-11-28T09:00:00+00:00", "seen_on": "2026-11-01"}]}

    meeting = render._with_moments(facts)["meetings"][0]

    assert (meeting["starts_at"].hour, meeting["seen_on"].month) == (9, 11)


def test_a_mail_says_that_no_person_wrote_it(mailing):
    assert mailing()["Auto-Submitted"] == "auto-generated"


def test_html_is_escaped_and_text_is_not(mailing):
    mail = mailing(facts={"title": "<b>Ala & Ola</b>"})

    assert "<b>Ala & Ola</b>" in mail.get_body(("plain",)).get_content()
    assert "&lt;b&gt;Ala &amp; Ola" in mail.get_body(("html",)).get_content()


def test_styles_are_inlined_and_dark_mode_stays(mailing):
    html = mailing().get_body(("html",)).get_content()

    assert "<h1 style=" in html
    assert "prefers-color-scheme: dark" in html


def test_a_calendar_travels_as_a_file_that_asks_for_nothing(mailing):
    mail = mailing(facts={"title": "Szachy", "calendar": CALENDAR})

    (part,) = mail.iter_attachments()
    assert (part.get_content_type(), part.get_param("method")) == ("text/calendar", "PUBLISH")
    assert part.get_filename() == "test_notice.ics"
    assert part.get_content().replace("\n", "\r\n").replace("\r\r", "\r") == CALENDAR


def test_a_missing_fact_is_an_error_and_not_an_empty_sentence(mailing):
    with pytest.raises(RenderError, match="title"):
        mailing(facts={})


def test_an_optional_fact_may_be_missing(mailing):
    assert "Spotkanie" in mailing().get_body(("plain",)).get_content()


def test_a_preview_hides_link_secrets(database, kinds):
    text = render.preview(replace(MAIL, facts={"title": "Szachy", "note": "x"}, secrets={"token": "tajne"}))

    assert "Szachy" in text
    assert "tajne" not in text


def test_the_preview_of_a_broken_mail_names_its_kind(database, kinds):
    assert render.preview(replace(MAIL, kind="gone_kind")) == "gone_kind"


@pytest.mark.parametrize(
    "email", ["", "ala", "ala@", "żaba@poczta.example", "a b@poczta.example", "a\n@b.example"]
)
def test_an_address_that_cannot_be_used_is_an_error(mailing, email):
    with pytest.raises(RenderError):
        mailing(email=email)


def test_a_domain_with_polish_letters_is_written_as_servers_know_it(database, kinds):
    letter = render.render(replace(MAIL, email="ala@żółw.example"))

    assert letter.recipient == "ala@xn--w-uga1v8h.example"


@pytest.mark.parametrize("typed", ATTACKS)
def test_a_typed_header_stays_text(mailing, typed):
    mail = mailing(facts={"title": typed}, name=typed)

    assert mail.keys() == HEADERS
    assert [a.addr_spec for a in mail["To"].addresses] == ["ala@poczta.example"]


@pytest.fixture(scope="module")
def offline(benches):
    """An application for properties, which need no fresh database per example."""
    return benches.get("sqlite").app


TEXT = st.text(max_size=80) | st.sampled_from(ATTACKS) | st.text('=?\r\n:,<>@"()\u2028 ęA', max_size=30)


@given(title=TEXT, name=TEXT, brand=TEXT)
@example(title="\ud800", name="\ud800", brand="\ud800")
def test_whatever_people_type_there_is_one_recipient_and_no_new_header(offline, title, name, brand):
    settings = replace(offline.config["SETTINGS"], brand_name=brand)
    with offline.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setitem(offline.config, "SETTINGS", settings)
        message = _headed(title, name, settings)

    data = message.as_bytes()
    assert headers.names(data) == ["from", "to", "subject"]
    read = message_from_bytes(data, policy=policy.SMTP)
    assert [a.addr_spec for a in read["To"].addresses] == ["ala@poczta.example"]
    assert [a.addr_spec for a in read["From"].addresses] == ["klub@gromada.example"]
    assert data.count(b"\n") == data.count(b"\r\n")


def _headed(title, name, settings):
    message = render.EmailMessage(policy=render.POLICY)
    message["From"] = render.address(settings.brand_name, "klub@gromada.example")
    message["To"] = render.address(name, "ala@poczta.example")
    message["Subject"] = headers.header_text(title)
    return message


@given(TEXT)
def test_a_header_text_is_one_short_clean_line(text):
    line = headers.header_text(text)

    assert line.isprintable() or line == ""
    assert "=?" not in line
    assert len(line) <= headers.LIMIT


def test_a_mail_with_one_header_too_many_never_leaves(database, kinds, monkeypatch):
    monkeypatch.setattr(headers, "header_text", lambda text: text)

    with pytest.raises(RenderError):
        render.render(replace(MAIL, facts={"title": "=?utf-8?q?A=0ABcc=3A_evil=40x=2Epl?="}))
