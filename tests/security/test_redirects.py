"""After a form nobody is led to another place, whatever the address says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.accounts.people import PASSWORD, saved, secret_of
from volunteer_match.actor import Role
from volunteer_match.web.redirects import local_target

ELSEWHERE = [
    "//zly.example",
    "///zly.example",
    "////zly.example",
    "/\\zly.example",
    "\\\\zly.example",
    "\\/zly.example",
    "/\\/zly.example",
    "https://zly.example",
    "http://zly.example",
    "HTTPS://zly.example",
    "https:zly.example",
    "https:/zly.example",
    "https:///zly.example",
    "http:\\\\zly.example",
    "//zly.example/%2f..",
    "//zly.example:80",
    "//localhost@zly.example",
    "https://localhost@zly.example",
    "//localhost.zly.example",
    "zly.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,hej",
    "vbscript:x",
    "\tjavascript:alert(1)",
    "\t//zly.example",
    "/\t/zly.example",
    "\n//zly.example",
    "/\n/zly.example",
    "/\r/zly.example",
    " //zly.example",
    "/ /zly.example",
    "/\x00/zly.example",
    "\x00//zly.example",
    "/\x0b/zly.example",
    "/\u007f/zly.example",
    "/account\r\nLocation: //zly.example",
    "/account\nSet-Cookie: vm=1",
    "/\\\\zly.example",
    "/account\\..\\",
    "./account",
    "../account",
    "account",
    "?next=/",
    "#top",
    "",
    " ",
    "/" + "a" * 3000,
    "mailto:a@zly.example",
    "//[::1]/",
    "//0x7f.1/",
    "//%7ali.example",
    "/\\t/zly.example",
    "ftp://zly.example/",
    "file:///etc/passwd",
]
HERE = [
    "/",
    "/account",
    "/account?next=//zly.example",
    "/needs/AbC-_1?page=2&q=%C5%82",
    "/a/b/c#top",
    "/account?",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_other_places_are_replaced_by_the_default(wanted):
    assert local_target(wanted, "/default") == "/default"


@pytest.mark.parametrize("wanted", HERE)
def test_own_pages_are_kept(wanted):
    assert local_target(wanted, "/default") == wanted.rstrip("?")


@given(st.text(alphabet="/\\:@.?#%\t\r\n abchtps", max_size=20))
def test_whatever_is_asked_the_answer_begins_with_one_slash(wanted):
    found = local_target(wanted, "/default")
    assert found.startswith("/")
    assert found[1:2] not in ("/", "\\")
    assert not set(found) & set("\\\t\r\n ")


@pytest.mark.parametrize("wanted", ["//zly.example", "https://zly.example", "/\\zly.example"])
def test_no_form_leads_elsewhere(app, client, wanted):
    saved(app, Role.VOLUNTEER, email="zofia@poczta.example")
    client.post("/sign-in", data={"email": "zofia@poczta.example", "next": wanted})
    answers = [
        client.post(f"/sign-in/link/{secret_of(app, 'sign_in_link')}"),
        client.post("/language", data={"locale": "en", "next": wanted}),
        client.get("/sign-in", query_string={"next": wanted}),
        client.post("/sign-out", data={"next": wanted}),
    ]
    for answer in answers:
        assert answer.status_code == 302
        assert "zly" not in answer.location


def test_no_form_of_staff_leads_elsewhere(app, client):
    saved(app, Role.COORDINATOR, staff=True, email="ewa@klub.example")
    data = {"email": "ewa@klub.example", "password": PASSWORD, "next": "//zly.example"}
    assert "zly" not in client.post("/sign-in/password", data=data).location


def test_the_sign_in_page_does_not_carry_a_foreign_target_on(client):
    page = client.get("/sign-in", query_string={"next": "//zly.example"}).text
    assert 'name="next" value=""' in page
    assert 'value="//zly.example"' not in page
    assert 'href="//zly.example"' not in page
