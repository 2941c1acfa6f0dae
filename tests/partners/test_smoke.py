def test_pages_open(client):
    for path in ("/partners/register", "/prywatnosc", "/deklaracja-dostepnosci"):
        r = client.get(path)
        assert r.status_code == 200, r.text
