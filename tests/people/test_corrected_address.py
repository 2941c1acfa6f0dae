"""A corrected address gets its own confirmation mail, however soon after the first."""

from tests.people.forms import CALLER, mails
from tests.safeguarding.papers import staff


def _entered(browser) -> str:
    answer = browser.post("/people/new", data={**CALLER, "email": "bolke@poczta.example"})
    return answer.headers["Location"].rsplit("/", 1)[1]


def _correct(browser, volunteer_id: str, email: str) -> None:
    person = {"name": CALLER["name"], "phone": CALLER["phone"], "email": email, "locale": "pl"}
    browser.post(f"/people/{volunteer_id}/edit/person", data={**person, "channel": "phone"})


def test_the_right_address_gets_its_link_within_minutes_of_the_wrong_one(app):
    browser = staff(app)
    _correct(browser, _entered(browser), "bolek@poczta.example")

    with app.app_context():
        sent_to = [mail.recipient_email for mail in mails("sign_up_confirmation")]
        assert sent_to == ["bolke@poczta.example", "bolek@poczta.example"]


def test_the_same_address_still_gets_one_link_in_ten_minutes(app, client):
    for _time in range(2):
        client.post("/join", data={"name": "Ada Demowska", "email": "ada@poczta.example"})

    with app.app_context():
        assert len(mails("sign_up_confirmation")) == 1
