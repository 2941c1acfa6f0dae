"""Nobody can use our mails to pester strangers, nor a big form or network to wear us out."""

import pytest

from tests.factories import make_partner, make_user
from tests.people.forms import mails
from volunteer_match.accounts.schemas import InvitationSchema, OwnDataSchema
from volunteer_match.actor import Role
from volunteer_match.partners.schemas import OrganisationSchema, RegistrationSchema
from volunteer_match.people.schemas import JoinSchema, PersonSchema, SkillsSchema
from volunteer_match.placements.schemas import AnswerSchema
from volunteer_match.web.fields import Str
from volunteer_match.web.networks import network_of
from volunteer_match.web.pesel import contains_pesel

PESEL = "44051401359"
LINKS = ["https://zly.example", "www.zly.example", "Wygrana zly.example/ok", "pisz@zly.example", "ftp://zly"]
NAMES = [
    (JoinSchema, "name"),
    (PersonSchema, "name"),
    (OwnDataSchema, "name"),
    (InvitationSchema, "name"),
    (OrganisationSchema, "name"),
    (RegistrationSchema, "contact_name"),
]


@pytest.mark.parametrize("typed", [*LINKS, PESEL])
@pytest.mark.parametrize(("schema", "field"), NAMES)
def test_a_name_that_strangers_get_mailed_holds_no_link_and_no_pesel(schema, field, typed):
    assert field in schema().validate({field: typed})


@pytest.mark.parametrize("typed", ["Jan Kowalski-Nowak", "J. Wymyślona", "Klub Pomagam.pl", "Szkoła nr 3/4"])
def test_usual_names_pass(typed):
    assert "name" not in OrganisationSchema().validate({"name": typed})


@pytest.mark.parametrize(
    "text",
    [
        PESEL,
        "440514 01359",
        "12345 440514 01359",
        "440514  01359",
        "4405140/1359",
        "44 05 14 - 01359",
        f"x{PESEL}",
    ],
)
def test_a_pesel_is_found_however_it_is_set(text):
    assert contains_pesel(text)


def test_a_volunteers_answer_keeps_no_pesel():
    assert "reason" in AnswerSchema().validate({"answer": "decline", "reason": f"moje {PESEL}"})


def test_too_many_values_are_refused_before_each_is_looked_at(monkeypatch):
    looked = []
    monkeypatch.setattr(Str, "_deserialize", lambda _self, value, *_args, **_kwargs: looked.append(value))

    errors = SkillsSchema().validate({"skills": ["a"] * 101})

    assert ("skills" in errors, looked) == (True, [])


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        (None, ""),
        ("unix:", "unix:"),
    ],
)
def test_a_whole_ipv6_connection_counts_as_one(address, network):
    assert network_of(address) == network


def test_signing_up_writes_to_an_address_five_times_at_most(client):
    form = {"name": "Ada Demowska", "email": "ada@poczta.example"}

    answers = [client.post("/join", data=form).status_code for _ in range(7)]

    assert answers == [200] * 5 + [429] * 2


def test_an_institution_invites_twenty_people_a_day_at_most(app, login):
    with app.app_context():
        partner = make_partner()
        browser, partner_id = login(partner.members[0].user_id), partner.id

    def invite(number: int) -> int:
        form = {"name": "Ola Demowska", "email": f"obca{number}@poczta.example"}
        status = browser.post(f"/partners/{partner_id}/people", data=form).status_code
        with app.app_context():
            made = mails("partner_invitation")[-1].subject_id if status == 302 else ""
        browser.post(f"/partners/{partner_id}/invitations/{made}/cancel")
        return status

    assert [invite(number) for number in range(22)] == [302] * 20 + [429] * 2


def test_a_confirmation_is_mailed_again_five_times_at_most(app, client):
    with app.app_context():
        partner_id = make_partner(state="registered").id

    sent = [client.post(f"/partners/{partner_id}/confirmation").status_code for _ in range(6)]

    assert sent == [200] * 5 + [429]


@pytest.mark.parametrize("method", ["get", "post"])
def test_staff_show_the_second_factor_before_they_change_their_address(app, login, method, monkeypatch):
    with app.app_context():
        browser = login(make_user(Role.COORDINATOR))
    monkeypatch.setattr("volunteer_match.accounts.rules.confirmed_recently", lambda *_: False)

    answer = getattr(browser, method)("/account/address", data={"email": "obca@poczta.example"})

    assert answer.headers["Location"].startswith("/account/confirm")


def test_volunteers_change_their_address_without_one(app, login):
    with app.app_context():
        browser = login(make_user(Role.VOLUNTEER))

    assert browser.get("/account/address").status_code == 200


def test_a_form_of_thousands_of_rows_is_answered_with_a_short_page(app, login):
    with app.app_context():
        browser = login(make_partner().members[0].user_id)
    form = {f"roles-{number}-name": "a" for number in range(999)}

    assert len(browser.post("/needs/new", data=form).data) < 1_000_000
