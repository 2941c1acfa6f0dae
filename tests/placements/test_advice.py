"""Who could come, told beside the form of a need while it is written."""

import pytest

from tests.database import count_queries
from tests.factories import make_need, make_partner, make_user, make_venue, make_volunteer
from tests.needs.typed import need_form, next_weekday
from tests.placements.builders import make_match
from tests.stored import Stored
from volunteer_match.actor import Role
from volunteer_match.needs.models import Need
from volunteer_match.needs.rules import NeedState
from volunteer_match.partners.rules import PartnerState
from volunteer_match.people.rules import VolunteerState
from volunteer_match.placements.rules import MatchState

SATURDAY = 5
MORNING, LATER = (SATURDAY, 10 * 60, 12 * 60), (SATURDAY, 10 * 60 + 30, 12 * 60 + 30)


@pytest.fixture
def stored(app):
    """What the pages stored."""
    return Stored(app)


@pytest.fixture
def partner(stored):
    """A verified institution."""
    return stored.make(make_partner)


@pytest.fixture
def member(login, partner):
    """The browser of its contact person."""
    return login(partner.members[0].user_id)


@pytest.fixture
def coordinator(login, stored):
    """A coordinator's browser."""
    return login(stored.make(make_user, Role.COORDINATOR))


def people(stored, number, **facts):
    for _each in range(number):
        stored.make(make_volunteer, **facts)


def asked(browser, partner, **changes):
    """The advice for a need without children, as the page fetches it."""
    typed = need_form(partner, contact="no_children", **changes)
    return browser.post("/needs/advice", data=typed).text


def test_the_button_shows_who_could_come_and_loses_nothing(member, partner, stored):
    people(stored, 4)
    typed = need_form(partner, contact="no_children", action="advise", title="Malowanie płotu")

    page = member.post("/needs/new", data=typed)

    assert page.status_code == 200
    assert "Mogą przyjść 4 osoby." in page.text
    assert 'value="Malowanie płotu"' in page.text
    assert stored.one(Need) is None


def test_the_same_is_said_in_english(member, partner, stored):
    people(stored, 4)
    member.post("/language", data={"locale": "en"})

    assert "4 people could come." in asked(member, partner)


def test_the_form_asks_again_by_itself_and_says_so_politely(member):
    page = member.get("/needs/new").text

    assert 'aria-live="polite" hx-post="/needs/advice"' in page
    assert "Wystarczy podać dzień, godziny i kogo potrzeba" in page


def test_before_day_and_hours_are_said_there_is_nothing_to_tell(member, partner, stored):
    people(stored, 4)

    assert "Wystarczy podać dzień" in asked(member, partner, first_day="")


def test_a_wrong_answer_elsewhere_does_not_silence_the_advice(member, partner, stored):
    people(stored, 4)

    assert "Mogą przyjść 4 osoby." in asked(member, partner, title="x" * 121)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "Na razie nikt nie pasuje."),
        (1, "Może przyjść jedna osoba lub dwie."),
        (2, "Może przyjść jedna osoba lub dwie."),
        (3, "Mogą przyjść 3 osoby."),
        (10, "Może przyjść 10 osób."),
        (11, "Może przyjść ponad dziesięć osób."),
    ],
)
def test_an_institution_is_told_telling_numbers_only_roughly(member, partner, stored, number, words):
    people(stored, number)

    assert words in asked(member, partner)


def test_a_coordinator_is_told_the_number(coordinator, partner, stored):
    people(stored, 1)

    assert "Może przyjść 1 osoba." in asked(coordinator, partner)


def test_other_hours_are_advised_with_the_people_they_open(member, partner, stored):
    people(stored, 3, free=[LATER])

    text = asked(member, partner)

    assert "Na razie nikt nie pasuje." in text
    assert "inne godziny, 10:30–12:30: jeszcze 3 osoby" in text


def test_a_bigger_change_that_brings_no_more_is_not_worth_reading(member, partner, stored):
    people(stored, 3, free=[(SATURDAY, 10 * 60 + 30, 15 * 60)])

    assert asked(member, partner).count("inne godziny") == 1


def test_another_day_is_advised_at_the_same_hours(member, partner, stored):
    people(stored, 3, free=[(4, 9 * 60, 13 * 60)])

    assert f"{next_weekday(4).day} " in asked(member, partner).split("inny dzień, pt.")[1][:5]


def test_a_wish_less_is_advised_by_its_name(member, partner, stored):
    people(stored, 3)
    wishes = {"roles-0-required_skills": "guitar"}
    people(stored, 1, skills=["guitar"])

    assert "bez wymogu: guitar (pl): jeszcze 3 osoby" in asked(member, partner, **wishes)


def test_nobody_is_advised_to_meet_at_night(member, partner, stored):
    people(stored, 3, free=[(SATURDAY, 4 * 60, 8 * 60)])

    text = asked(member, partner, starts_local="07:00", ends_local="09:00")

    assert "inne godziny" not in text


def test_each_meeting_of_a_series_counts(member, partner, stored):
    people(stored, 4)
    series = {"recurrence": "weekly", "last_day": next_weekday(SATURDAY, weeks=8).isoformat()}

    assert "Na każde z najbliższych spotkań (4): 4 osoby." in asked(member, partner, **series)


def test_people_who_help_elsewhere_then_are_not_counted(coordinator, partner, stored):
    def held(**facts):
        make_match(make_need(**facts), make_volunteer(), state=MatchState.CONFIRMED)

    stored.make(held, day=next_weekday(SATURDAY))

    assert "Na razie nikt nie pasuje." in asked(coordinator, partner)


def test_steps_and_agreed_hours_stay_with_the_coordinators(member, coordinator, partner, stored):
    people(stored, 2, step_free=True)
    people(stored, 4, max_hours_per_week=1)

    told, told_all = asked(member, partner), asked(coordinator, partner)

    private = ("miejsce bez schodów: jeszcze 2 osoby", "więcej godzin w tym tygodniu: jeszcze 4 osoby")
    assert [words in told_all for words in private] == [True, True]
    assert [words.split(":")[0] in told for words in private] == [False, False]


def test_missing_papers_are_a_coordinators_business(member, coordinator, partner, stored):
    people(stored, 4)
    typed = need_form(partner)

    assert "zaświadcz" not in member.post("/needs/advice", data=typed).text
    assert "Na razie nikt nie pasuje." in member.post("/needs/advice", data=typed).text
    assert "jeszcze 4 osoby" in coordinator.post("/needs/advice", data=typed).text


def test_an_institution_nobody_has_verified_is_told_nothing(login, stored):
    waiting = stored.make(make_partner, state=PartnerState.UNDER_REVIEW)
    people(stored, 4)

    assert "osoby" not in asked(login(waiting.members[0].user_id), waiting)


def test_the_need_of_another_institution_is_told_nothing(member, stored):
    other = stored.make(make_partner)
    people(stored, 4)

    assert "osoby" not in asked(member, other)


def test_names_never_appear(member, partner, stored):
    people(stored, 3, name="Zdzisława Niewidoczna")

    assert "Niewidoczna" not in asked(member, partner)


def test_people_still_applying_do_not_count(coordinator, partner, stored):
    people(stored, 3, state=VolunteerState.SUBMITTED)

    assert "Na razie nikt nie pasuje." in asked(coordinator, partner)


def test_without_a_place_chosen_steps_do_not_matter(coordinator, partner, stored):
    stored.make(make_venue)
    people(stored, 1, step_free=True)

    assert "Może przyjść 1 osoba." in asked(coordinator, partner, venue_id="")


def test_the_advice_costs_the_same_however_many_people_there_are(coordinator, partner, stored):
    people(stored, 2)
    with count_queries() as few:
        asked(coordinator, partner)
    people(stored, 6, skills=["guitar"])
    with count_queries() as many:
        asked(coordinator, partner)

    assert len(many) == len(few)


@pytest.mark.parametrize("state", [NeedState.SUBMITTED, NeedState.DRAFT])
def test_who_looks_after_a_need_not_yet_published_sees_it_too(coordinator, member, partner, stored, state):
    need = stored.make(make_need, partner, state=state)
    people(stored, 1)

    pages = [browser.get(f"/needs/{need.id}/manage").text for browser in (coordinator, member)]

    assert ["Może przyjść 1 osoba." in page for page in pages] == [True, False]
    assert "Może przyjść jedna osoba lub dwie." in pages[1]


def test_a_published_need_shows_its_people_instead(coordinator, partner, stored):
    need = stored.make(make_need, partner)

    assert 'id="fits"' not in coordinator.get(f"/needs/{need.id}/manage").text
