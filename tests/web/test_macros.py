"""What the macros promise to pages: names, ids, messages beside fields, tokens, and nothing inline."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel, force_locale
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from werkzeug.datastructures import MultiDict

from volunteer_match.config import ROOT
from volunteer_match.web.forms import Form

Show = Callable[..., str]
IMPORTS = '{% import "macros/page.html" as p %}{% import "macros/forms.html" as f %}'


@pytest.fixture(scope="module")
def pages() -> Flask:
    """Return an application with nothing but the macros, one for all tests: compiling them is slow."""
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "only-for-the-token"
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([FileSystemLoader(ROOT / "templates"), components])
    app.jinja_env.globals["asset"] = lambda name: f"/assets/{name}"
    Babel(app)
    CSRFProtect(app)
    return app


@pytest.fixture
def show(pages: Flask) -> Iterator[Show]:
    """Render a line of template in English, as a page would."""
    with pages.test_request_context(), force_locale("en"):
        yield lambda source, **context: render_template_string(IMPORTS + source, **context)


def refused(path: str, message: str, **typed: str) -> Form:
    """Return a form that was refused."""
    return Form(MultiDict(typed), {}, {path: [message]})


def test_a_nested_field_uses_dashes_in_its_name_and_id(show: Show) -> None:
    html = show('{{ f.text(none, "roles.0.name", "Role") }}')
    assert 'id="roles-0-name" name="roles-0-name"' in html


def test_a_field_keeps_what_was_typed(show: Show) -> None:
    form = Form(MultiDict({"roles-0-minimum": "many"}), {}, {})
    assert 'value="many"' in show('{{ f.number(form, "roles.0.minimum", "At least") }}', form=form)


def test_what_was_typed_is_escaped(show: Show) -> None:
    form = Form(MultiDict({"title": '"><script>'}), {}, {})
    assert "<script>" not in show('{{ f.text(form, "title", "Title") }}', form=form)


def test_a_password_is_never_sent_back(show: Show) -> None:
    form = Form(MultiDict({"password": "hunter2 hunter2"}), {}, {})
    assert "hunter2" not in show('{{ f.password(form, "password", "Password") }}', form=form)


@pytest.mark.parametrize(
    "field",
    [
        'f.text(form, "a.0.b", "Label")',
        'f.textarea(form, "a.0.b", "Label")',
        'f.date(form, "a.0.b", "Label")',
        'f.select(form, "a.0.b", "Label", [("1", "One")])',
        'f.radios(form, "a.0.b", "Label", [("1", "One"), ("2", "Two")])',
        'f.checkboxes(form, "a.0.b", "Label", [("1", "One"), ("2", "Two")])',
        'f.checkbox(form, "a.0.b", "Label")',
        'f.chips(form, "a.0.b", "Label", [("Theme", [("1", "One"), ("2", "Two")])])',
        'f.week_grid(form, "a.0.b", "Label", [("mon", "Monday")], [("am", "morning"), ("pm", "afternoon")])',
        'f.file(form, "a.0.b", "Label")',
    ],
)
def test_the_summary_links_to_the_field_that_shows_the_same_message(show: Show, field: str) -> None:
    form = refused("a.0.b", "Choose something.")
    html = show("{{ f.error_summary(form) }}{{ " + field + " }}", form=form)
    assert 'href="#a-0-b"' in html
    assert html.count('id="a-0-b"') == 1
    assert html.count("Choose something.") == 2


def test_the_message_is_tied_to_its_field(show: Show) -> None:
    html = show('{{ f.text(form, "title", "Title") }}', form=refused("title", "Fill in."))
    assert 'aria-describedby="title-error"' in html


def test_a_group_shows_the_message_of_one_of_its_items(show: Show) -> None:
    html = show(
        '{{ f.checkboxes(form, "days", "Days", [("1", "One")]) }}', form=refused("days.0", "Not known.")
    )
    assert "Not known." in html


def test_a_message_about_the_whole_form_has_no_link(show: Show) -> None:
    html = show("{{ f.error_summary(form) }}", form=refused("_schema", "These do not fit together."))
    assert "These do not fit together." in html
    assert "href" not in html


@pytest.mark.parametrize("form", [None, Form(MultiDict(), {}, {})])
def test_no_summary_without_mistakes(show: Show, form: Form | None) -> None:
    assert show("{{ f.error_summary(form) }}", form=form).strip() == ""


def test_boxes_of_the_week_post_day_and_part(show: Show) -> None:
    html = show(
        '{{ f.week_grid(none, "w", "When", [(0, "Monday")], [("am", "a"), ("pm", "p")], values=["0-pm"]) }}'
    )
    assert re.findall(r'value="([^"]+)"( checked)?', html) == [("0-am", ""), ("0-pm", " checked")]


def test_every_id_of_a_form_is_its_own(show: Show) -> None:
    html = show(
        '{{ f.chips(none, "s", "Skills", [("A", [(1, "x"), (2, "y")]), ("B", [(3, "z")])]) }}'
        '{{ f.week_grid(none, "w", "When", [(0, "M"), (1, "T")], [("am", "a"), ("pm", "p")]) }}'
    )
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("macro", ['p.post_button("Go", "/go")', 'p.answers("/go", "Yes", "No")', "f.csrf()"])
def test_what_posts_carries_a_token(show: Show, macro: str) -> None:
    assert re.search(r'name="csrf_token" value="[^"]{20,}"', show("{{ " + macro + " }}"))


def test_a_state_is_a_word_beside_its_sign(show: Show) -> None:
    html = show('{{ p.status_tag("Waiting", "warning") }}')
    assert "#alert" in html
    assert "Waiting" in html


def test_dots_say_their_number(show: Show) -> None:
    html = show("{{ p.dots(1, 2, 3) }}")
    assert html.count("dot--taken") == 1
    assert html.count("dot--extra") == 1
    assert "1 of 2" in html


def test_initials_come_from_first_and_last_name(show: Show) -> None:
    assert ">ŁŻ<" in show('{{ p.avatar("Łucja Maria Żak") }}')


def test_one_page_needs_no_pager(show: Show) -> None:
    assert show("{{ p.pager(page) }}", page={"count": 1, "number": 1}).strip() == ""


def test_no_template_holds_anything_the_policy_forbids() -> None:
    found = [
        f"{path.name}: {hit}"
        for path in (ROOT / "templates").rglob("*.html")
        if "email" not in path.parts
        for hit in re.findall(
            r'\sstyle="[^"]*:|\son\w+=|<style|<script(?![^>]*src=)|hx-on', path.read_text("utf-8")
        )
    ]
    assert found == []
