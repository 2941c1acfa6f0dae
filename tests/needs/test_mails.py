"""The mails about partners and needs, written out in both languages."""

from email import message_from_bytes, policy

import pytest

from tests.factories import make_need, make_partner
from volunteer_match import clock
from volunteer_match.needs import messages as needs
from volunteer_match.notifications.message import Recipient
from volunteer_match.notifications.render import Outgoing, render
from volunteer_match.partners import messages as partners
from volunteer_match.partners.models import PartnerInvitation
from volunteer_match.partners.rules import PartnerEvent, PartnerState

TO = Recipient(None, "Osoba Zmyślona", "osoba@klub.example")
INVITATION = PartnerInvitation(id="i" * 22, name="Nowa Osoba", email="nowa@klub.example")


def _decided(event):
    return lambda partner, _need: partners.decided(partner, event, TO)


MAILS = {
    "confirm": (
        lambda partner, _need: partners.confirm(partner, TO, "sekret", clock.now(), "1"),
        "Jeszcze jeden krok",
        "One more step",
        "/partners/confirm/sekret",
    ),
    "waiting": (
        lambda partner, _need: partners.waiting(partner, TO),
        "Organizacja czeka na weryfikację",
        "An organisation waits for verification",
        "/partners/",
    ),
    "verified": (
        _decided(PartnerEvent.VERIFY),
        "Organizacja jest zweryfikowana", "Your organisation is verified", "/needs/new",
    ),
    "returned": (
        _decided(PartnerEvent.RETURN),
        "Prosimy o uzupełnienie danych", "Please complete your details", "/partners/",
    ),
    "rejected": (_decided(PartnerEvent.REJECT), "Nie możemy przyjąć", "We could not accept", "/partners/"),
    "suspended": (_decided(PartnerEvent.SUSPEND), "na razie zawieszona", "suspended for now", "/partners/"),
    "reinstated": (_decided(PartnerEvent.REINSTATE), "znów jest aktywna", "is active again", "/partners/"),
    "invited": (
        lambda partner, _need: partners.invited(partner, INVITATION, "Ktoś", "pl", "sekret", clock.now()),
        "Ktoś zaprasza", "Ktoś asks you", "/partners/join/sekret",
    ),
    "submitted": (
        lambda _partner, need: needs.submitted(need, TO),
        "Nowa potrzeba czeka na sprawdzenie", "A new need waits to be checked", "/manage",
    ),
    "published": (
        lambda _partner, need: needs.published(need, [m.starts_at for m in need.sessions], TO),
        "Są 2 terminy", "There are 2 dates", "/needs/",
    ),
    "returned_need": (
        lambda _partner, need: needs.returned(need, TO),
        "Prosimy o uzupełnienie potrzeby", "Please complete your need", "/edit",
    ),
    "cancelled": (
        lambda _partner, need: needs.cancelled(need, TO, by="", manages=True),
        "Potrzeba została odwołana", "A need was cancelled", "/manage",
    ),
    "halted": (
        lambda _partner, need: needs.halted(need, TO, occasion="1", manages=True),
        "Zajęcia są wstrzymane", "An activity is on hold", "/manage",
    ),
    "date": (
        lambda _partner, need: needs.session_cancelled(need.sessions[0], TO, by="", manages=True),
        "Jeden termin jest odwołany", "One date was called off", "/manage",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MAILS)
@pytest.mark.parametrize("locale", ["pl", "en"])
def test_a_mail_says_what_happened_and_where_to_press(database, name, locale):
    build, polish, english, link = MAILS[name]
    partner = make_partner(name="Klub Zmyślony", state=PartnerState.VERIFIED, state_reason="Brak numeru")
    need = make_need(partner, title="Malowanie", weeks=2, state_reason="Za mało osób")
    message = build(partner, need)

    letter = render(
        Outgoing("1" * 22, message.kind, TO.name, TO.email or "", locale, message.facts, message.secrets)
    )

    found = message_from_bytes(letter.data, policy=policy.default)
    text, html = (found.get_body([kind]).get_content() for kind in ("plain", "html"))
    words = polish if locale == "pl" else english
    assert words in text
    assert words in html
    assert "http://localhost/" in text
    assert link in text
    assert link in html
    assert "Klub Zmyślony" in text or "Malowanie" in text


@pytest.mark.parametrize("name", ["returned", "rejected", "suspended"])
def test_a_refusal_carries_its_reason(database, name):
    partner = make_partner(state_reason="Brak numeru KRS")
    message = MAILS[name][0](partner, None)

    letter = render(Outgoing("1" * 22, message.kind, TO.name, TO.email or "", "pl", message.facts, {}))

    found = message_from_bytes(letter.data, policy=policy.default)
    assert all("Brak numeru KRS" in found.get_body([k]).get_content() for k in ("plain", "html"))
