"""A list from a spreadsheet, through the page: first with a mistake, then mended."""

from playwright.sync_api import FilePayload

from tests.journeys.club import Visitor
from tests.journeys.conftest import NewVisitor

HEADINGS = "imię i nazwisko;e-mail;telefon;data urodzenia;umiejętności;języki;dostępność"
LUCYNA = "Lucyna Arkuszowa;lucyna.arkuszowa@poczta.example;605 111 222;{born};malowanie;pl;sob 8-18"
GRACJAN = "Gracjan Tabela;;605 111 333;1979-11-30;śpiew;pl;pon-pt 15-20"


def test_a_coordinator_imports_a_list(new_visitor: NewVisitor) -> None:
    coordinator = new_visitor("pl")
    coordinator.enter_demo("Koordynatorka Pogodna")
    upload(coordinator, born="wczoraj")
    coordinator.sees(coordinator.words("Mistakes by line"))
    coordinator.press("Drop the file")
    upload(coordinator, born="1991-04-05")
    ready = "The file is fine: %(num)d entry is ready.", "The file is fine: %(num)d entries are ready."
    coordinator.sees(coordinator.words.count(*ready, 2))
    button = coordinator.words.count("Import %(num)d entry", "Import %(num)d entries", 2)
    coordinator.page.get_by_role("button", name=button).click()
    done = "%(num)d entry imported.", "%(num)d entries imported."
    coordinator.sees(coordinator.words.count(*done, 2))
    coordinator.open("/people?words=Tabela")
    coordinator.sees("Gracjan Tabela")


def upload(coordinator: Visitor, born: str) -> None:
    """Upload the list as an old spreadsheet program saves it."""
    text = "\r\n".join([HEADINGS, LUCYNA.format(born=born), GRACJAN])
    coordinator.open("/imports")
    coordinator.page.get_by_role("radio", name=coordinator.words("Volunteers"), exact=True).check()
    file: FilePayload = {"name": "osoby.csv", "mimeType": "text/csv", "buffer": text.encode("cp1250")}
    coordinator.page.locator('input[type="file"]').set_input_files(file)
    coordinator.press("Check the file")
