"""What an application costs does not grow with the club."""

from tests.factories import make_need, make_volunteer
from volunteer_match.people import queries as people


def test_an_application_looks_at_the_applicant_alone(app, login, monkeypatch):
    with app.app_context():
        need_id, me = make_need(weeks=2).id, make_volunteer()
        make_volunteer()
        browser = login(me.user)
    seen, real = [], people.matchable
    monkeypatch.setattr(people, "matchable", lambda *given: seen.append(real(*given)) or seen[-1])

    browser.post(f"/needs/{need_id}/apply")

    assert [len(found) for found in seen] == [1, 1]
