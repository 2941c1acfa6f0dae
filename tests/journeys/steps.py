"""What the people of the story do, each step as they see it."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from email.message import EmailMessage

from playwright.sync_api import Locator, expect

from tests.days import today
from tests.journeys.club import Visitor

SKILLS = {
    "pl": {"clay": "lepienie z gliny", "wood": "majsterkowanie w drewnie"},
    "en": {"clay": "clay and pottery", "wood": "woodwork"},
}

TURNED_DOWN = (
    "Turned down. Nobody who is free fits; now we look whether an exchange helps.",
    "Turned down. Next suggestion: %(name)s.",
)


@dataclass(frozen=True)
class Cast:
    """The invented people of one telling of the story; `mark` keeps the tellings apart."""

    mark: str
    day: date = field(default_factory=lambda: today() + timedelta(days=10))

    @property
    def partner(self) -> str:
        """The organisation."""
        return f"Pracownia Gliniany Ptak {self.mark}"

    @property
    def need(self) -> str:
        """The title of the need."""
        return f"Glina i drewno {self.mark}"

    @property
    def contact_mail(self) -> str:
        """The address of the organisation's contact person."""
        return f"pracownia-{self.mark.lower()}@gliniany-ptak.example"

    @property
    def zofia(self) -> str:
        """The volunteer with a telephone that reads mail."""
        return f"Zofia Listowna{self.mark}"

    @property
    def zofia_mail(self) -> str:
        """Her address."""
        return f"zofia-{self.mark.lower()}@poczta.example"

    @property
    def stefan(self) -> str:
        """The volunteer who can only be called."""
        return f"Stefan Dzwonek{self.mark}"

    @property
    def wanda(self) -> str:
        """Another one who can only be called, and is not needed at first."""
        return f"Wanda Zapasowa{self.mark}"


def register_partner(partner: Visitor, cast: Cast) -> None:
    """Register the organisation and confirm the address from the mail."""
    partner.open("/")
    partner.follow("We need help")
    partner.fill({"Full name": cast.partner, "Street and number": "ul. Gliniana 4"})
    partner.choose("What kind of organisation is it?", partner.words("Foundation or association"))
    partner.page.locator("#registry_kind").select_option("krs")
    partner.fill({"Number in the register": "0000123456"})
    partner.page.locator("#district_id").select_option(index=1)
    person = {
        "First name and surname": "Gabriela Piecowa",
        "Email address": cast.contact_mail,
        "Telephone": "600 700 800",
    }
    partner.fill(person)
    partner.press("Register the organisation")
    partner.sees_title("Check your mail")
    partner.open_mail(
        partner.mail(cast.contact_mail, "Confirm your address: %(partner)s", partner=cast.partner)
    )
    partner.press("Confirm the address")
    partner.hears("Address confirmed. A coordinator will now check the registration.")


def verify_partner(coordinator: Visitor, cast: Cast) -> None:
    """Find the organisation, let it host activities with children, and verify it."""
    coordinator.open("/partners?state=under_review")
    coordinator.page.get_by_role("link", name=cast.partner).click()
    coordinator.agree("Organises activities with children")
    coordinator.fill({"Protection standards adopted": str(cast.day - timedelta(days=60))})
    coordinator.press("Save")
    coordinator.tick("What do you decide?", coordinator.words("Verify"))
    coordinator.press("Save the decision")
    coordinator.sees(coordinator.words("Verified"))


def post_need(partner: Visitor, cast: Cast) -> None:
    """Open the form from the mail, fill it, look at the preview, and send it."""
    partner.open_mail(
        partner.mail(cast.contact_mail, "Organisation verified: %(partner)s", partner=cast.partner)
    )
    partner.open("/needs/new")
    fill_need(partner, cast)
    partner.press("Preview", within=partner.page.locator(".vm-actions"))
    summary = partner.page.locator("#summary")
    expect(summary).to_contain_text(cast.need)
    expect(summary).to_contain_text("15:00–17:00")
    partner.press("Send to be checked")
    partner.hears("Sent. A coordinator will look at it and publish it.")


def fill_need(partner: Visitor, cast: Cast) -> None:
    """Answer the questions of the form."""
    say, skills = partner.words, SKILLS[partner.words.locale]
    texts = {
        "What is it about?": cast.need,
        "What will people do?": "Lepimy ptaki z gliny i skręcamy dla nich budki.",
        "How many children?": "12",
        "Youngest": "7",
        "Oldest": "10",
        "Your own checked adults": "2",
    }
    partner.fill(texts)
    partner.page.locator("#roles-0-name").fill("Pomoc przy stole")
    details = partner.page.locator("details").filter(has_text=say("Skills and languages"))
    details.locator("summary").click()
    partner.tick("Without this it does not work", skills["clay"])
    partner.tick("Would be nice", skills["wood"])
    partner.fill({"First day": str(cast.day), "From": "15:00", "To": "17:00"})


def publish_need(coordinator: Visitor, cast: Cast) -> str:
    """Publish the need; return its address."""
    coordinator.open("/needs/review?state=submitted")
    coordinator.page.get_by_role("link", name=cast.need).click()
    coordinator.press("Publish")
    coordinator.sees(coordinator.words("Published"))
    coordinator.follow("See the page")
    return coordinator.page.url.removeprefix(coordinator.club.url)


def sign_up(volunteer: Visitor, cast: Cast) -> None:
    """Sign up: name and address, the link in the mail, four pages, a last look."""
    skills = SKILLS[volunteer.words.locale]
    volunteer.open("/")
    volunteer.follow("I want to help")
    volunteer.fill({"First name and surname": cast.zofia, "Email address": cast.zofia_mail})
    volunteer.press("Go on")
    volunteer.sees_title("Look into your mailbox")
    volunteer.open_mail(volunteer.mail(cast.zofia_mail, "Go on with your sign-up"))
    volunteer.press("Confirm and go on")
    volunteer.sees_title("What would you like to do?")
    volunteer.tick("Skills", skills["clay"])
    volunteer.tick("Skills", skills["wood"])
    volunteer.press("Save and go on")
    volunteer.sees_title("When can you usually come?")
    volunteer.agree("I am flexible: ask me at any time of the week")
    volunteer.press("Save and go on")
    volunteer.fill({"Telephone": "601 222 333"})
    volunteer.press("Save and go on")
    volunteer.fill({"Date of birth": "1988-03-14"})
    no = volunteer.words("No")
    volunteer.tick("Are you a citizen of a country other than Poland?", no)
    volunteer.tick("Did you live in another country in the last 20 years?", no)
    volunteer.press("Save and go on")
    volunteer.sees_title("A last look")
    volunteer.press("Send the application")
    volunteer.sees_title("Application received")


def enter_caller(coordinator: Visitor, name: str, skills: list[str]) -> None:
    """Enter somebody who called and has no email address."""
    coordinator.open("/people/new")
    coordinator.agree("Read aloud, and the person agreed")
    coordinator.fill(
        {"First name and surname": name, "Telephone": "602 333 444", "Date of birth": "1961-05-02"}
    )
    for skill in skills:
        coordinator.tick("Skills", SKILLS[coordinator.words.locale][skill])
    coordinator.agree("I am flexible: ask me at any time of the week")
    coordinator.press("Enter the person")
    coordinator.hears("Entered. The application waits for a decision.")


def admit(coordinator: Visitor, cast: Cast, name: str) -> str:
    """Admit a person for the organisation; return the address of the person's page."""
    coordinator.open(f"/people?words={name.split()[1]}")
    coordinator.page.get_by_role("link", name=name).click()
    coordinator.choose("For which organiser first?", cast.partner)
    coordinator.press("Admit")
    coordinator.sees(coordinator.words("Waiting for papers"))
    return coordinator.page.url.removeprefix(coordinator.club.url)


def record_papers(officer: Visitor, cast: Cast, person: str) -> None:
    """Record that both papers were seen and that the agreement was signed."""
    officer.open(person)
    officer.press("Open the papers")
    seen = {"Date of the document": str(today() - timedelta(days=5))}
    record(officer, cast, "Record a paper", "Check in the registers of sexual offenders", {})
    record(officer, cast, "Record a paper", "Certificate of no criminal record", seen)
    record(officer, cast, "Record an agreement", "", {"Last day": str(cast.day + timedelta(days=200))})


def record(officer: Visitor, cast: Cast, what: str, kind: str, dates: dict[str, str]) -> None:
    """Record one paper or agreement."""
    officer.follow(what)
    officer.choose("For which organiser?", cast.partner)
    if kind:
        officer.tick("Which paper?", officer.words(kind))
    officer.fill(dates)
    officer.press("Record")
    officer.sees_title("Papers")


def run_matching(coordinator: Visitor) -> None:
    """Match the open places of the coming weeks."""
    coordinator.open("/desk")
    coordinator.press("Find people")
    coordinator.sees_title("Desk")


def desk_row(coordinator: Visitor, *texts: str) -> Locator:
    """Turn the pages of the desk until the line with these texts is there; wait until the worker put it."""
    for _attempt in coordinator.patiently():
        for number in range(1, 20):
            coordinator.open(f"/desk?page={number}")
            rows = coordinator.page.locator("[data-row]")
            found = rows
            for text in texts:
                found = found.filter(has_text=text)
            if found.count():
                return found.first
            if not rows.count():
                break
    raise AssertionError(f"the desk never shows {texts}")


def open_session(coordinator: Visitor, cast: Cast) -> str:
    """Open the page of the session of the story; return its address."""
    desk_row(coordinator, cast.need).get_by_role("link", name=cast.need).click()
    coordinator.sees_title(cast.need)
    return coordinator.page.url.removeprefix(coordinator.club.url)


def person_row(coordinator: Visitor, name: str) -> Locator:
    """Return what the page of a session says of one person."""
    return coordinator.page.locator("[data-row]").filter(has=coordinator.page.get_by_role("link", name=name))


def sign_in(volunteer: Visitor, address: str) -> None:
    """Sign in with the link in a mail."""
    volunteer.open("/sign-in")
    volunteer.fill({"Email address": address})
    volunteer.press("Send me the link")
    volunteer.open_mail(volunteer.mail(address, "Your link and code to sign in"))
    volunteer.press("Sign in", within=volunteer.page.locator("main"))


def calendar_of(message: EmailMessage) -> str:
    """Return the calendar file in a mail."""
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    return str(part.get_content())
