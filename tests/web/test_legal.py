"""Pages the law asks for."""

import pytest

IDENTIFIERS = (
    "wstep", "podmiot", "url", "data-publikacja", "data-aktualizacja", "status", "data-sporzadzenie",
    "data-przeglad", "audytor", "kontakt", "osoba", "procedura", "architektura",
)  # fmt: skip


@pytest.mark.parametrize("name", IDENTIFIERS)
def test_the_accessibility_statement_has_the_prescribed_identifiers(client, name):
    assert client.get("/deklaracja-dostepnosci").text.count(f'id="a11y-{name}"') == 1


@pytest.mark.parametrize("path", ["/deklaracja-dostepnosci", "/prywatnosc"])
def test_every_page_links_to_the_legal_ones(client, path):
    assert f'href="{path}"' in client.get("/needs").text


@pytest.mark.parametrize(("locale", "words"), [("pl", "Nigdy nie przechowujemy"), ("en", "We never keep")])
def test_the_privacy_notice_speaks_both_languages(client, locale, words):
    client.post("/language", data={"locale": locale})

    assert words in client.get("/prywatnosc").text
