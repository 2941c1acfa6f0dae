"""The pages on which coordinators keep the lists people choose from."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from volunteer_match.actor import Role
from volunteer_match.db import all_or_nothing, writes
from volunteer_match.errors import RuleBrokenError
from volunteer_match.people import catalogue_queries as queries
from volunteer_match.people import catalogue_service as service
from volunteer_match.people.blueprint import bp
from volunteer_match.people.schemas import DistrictSchema, SkillSchema, SuggestionSchema, ThemeSchema
from volunteer_match.web import forms
from volunteer_match.web.access import allow, current_actor
from volunteer_match.web.pages import NavItem, add_navigation
from volunteer_match.web.wording import words_for

_KEEPERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
add_navigation(NavItem(_l("Skills"), "people.catalogue", frozenset(_KEEPERS), 60))


@bp.get("/skills")
@allow(*_KEEPERS)
def catalogue() -> ResponseReturnValue:
    """Show the skills by theme, and the free texts that wait."""
    listed = queries.skills(retired=True)
    return render_template(
        "people/catalogue.html",
        themes=queries.themes(),
        skills={theme.code: [s for s in listed if s.theme_code == theme.code] for theme in queries.themes()},
        offers=queries.offers_by_skill(),
        waiting=queries.waiting_suggestions(),
        districts=queries.districts(),
    )


@bp.get("/skills/new")
@allow(*_KEEPERS)
def new_skill() -> ResponseReturnValue:
    """Ask for a new skill."""
    return _skill_page(None, "")


@bp.post("/skills/new")
@allow(*_KEEPERS)
@writes
def add_skill() -> ResponseReturnValue:
    """Add a skill to the list."""
    form = forms.read(SkillSchema())
    if form.ok:
        try:
            with all_or_nothing():
                service.add_skill(current_actor(), form.data)
        except RuleBrokenError as error:
            form.refuse(str(error.facts.get("field", "_form")), words_for(error))
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("people.catalogue"))
    return _skill_page(form, ""), 422


@bp.get("/skills/<code>/edit")
@allow(*_KEEPERS)
def edit_skill(code: str) -> ResponseReturnValue:
    """Show a skill."""
    skill = queries.skill(code)
    names = ("theme_code", "name_pl", "name_en", "synonyms", "qualification", "retired")
    return _skill_page(forms.prefilled({name: getattr(skill, name) for name in names}), code)


@bp.post("/skills/<code>/edit")
@allow(*_KEEPERS)
@writes
def save_skill(code: str) -> ResponseReturnValue:
    """Change a skill."""
    form = forms.read(SkillSchema())
    if form.ok:
        try:
            with all_or_nothing():
                service.edit_skill(current_actor(), code, form.data)
        except RuleBrokenError as error:
            form.refuse(str(error.facts.get("field", "_form")), words_for(error))
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("people.catalogue"))
    return _skill_page(form, code), 422


def _skill_page(form: forms.Form | None, code: str) -> str:
    english = str(get_locale()) == "en"
    themes = [(theme.code, theme.name_en if english else theme.name_pl) for theme in queries.themes()]
    action = url_for("people.save_skill", code=code) if code else url_for("people.add_skill")
    return render_template("people/skill.html", form=form, code=code, themes=themes, action=action)


@bp.get("/skills/themes/new")
@allow(*_KEEPERS)
def new_theme() -> ResponseReturnValue:
    """Ask for a new theme."""
    return render_template("people/theme.html", form=None, code="", action=url_for("people.add_theme"))


@bp.post("/skills/themes/new")
@allow(*_KEEPERS)
@writes
def add_theme() -> ResponseReturnValue:
    """Add a theme."""
    form = forms.read(ThemeSchema())
    if not form.ok:
        action = url_for("people.add_theme")
        return render_template("people/theme.html", form=form, code="", action=action), 422
    service.add_theme(current_actor(), form.data)
    flash(_("Saved."), "success")
    return redirect(url_for("people.catalogue"))


@bp.get("/skills/themes/<code>/edit")
@allow(*_KEEPERS)
def edit_theme(code: str) -> ResponseReturnValue:
    """Show a theme."""
    theme = queries.theme(code)
    form = forms.prefilled({name: getattr(theme, name) for name in ("name_pl", "name_en", "position")})
    action = url_for("people.save_theme", code=code)
    return render_template("people/theme.html", form=form, code=code, action=action)


@bp.post("/skills/themes/<code>/edit")
@allow(*_KEEPERS)
@writes
def save_theme(code: str) -> ResponseReturnValue:
    """Change a theme."""
    form = forms.read(ThemeSchema())
    if not form.ok:
        action = url_for("people.save_theme", code=code)
        return render_template("people/theme.html", form=form, code=code, action=action), 422
    service.edit_theme(current_actor(), code, form.data)
    flash(_("Saved."), "success")
    return redirect(url_for("people.catalogue"))


@bp.get("/skills/suggestions")
@allow(Role.COORDINATOR)
def suggestions() -> ResponseReturnValue:
    """Show what people wrote about skills that are not on the list."""
    return _suggestions_page()


@bp.post("/skills/suggestions/<suggestion_id>")
@allow(Role.COORDINATOR)
@writes
def handle_suggestion(suggestion_id: str) -> ResponseReturnValue:
    """Turn a free text into skills, or set it aside."""
    form = forms.read(SuggestionSchema())
    aside = form.ok and form.data["decision"] == "aside"
    if form.ok and (aside or form.data["skills"]):
        service.turn_into_skills(current_actor(), suggestion_id, [] if aside else form.data["skills"])
        flash(_("Done."), "success")
        return redirect(url_for("people.suggestions"))
    form.refuse("skills", words_for(RuleBrokenError("nothing_chosen")))
    return _suggestions_page(form, suggestion_id), 422


def _suggestions_page(form: forms.Form | None = None, refused: str = "") -> str:
    return render_template(
        "people/suggestions.html",
        suggestions=queries.suggestions(),
        skill_groups=queries.skill_groups(str(get_locale())),
        form=form,
        refused=refused,
    )


@bp.get("/districts/new")
@allow(*_KEEPERS)
def new_district() -> ResponseReturnValue:
    """Ask for a new district."""
    return render_template("people/district.html", form=None, action=url_for("people.add_district"), name="")


@bp.post("/districts/new")
@allow(*_KEEPERS)
@writes
def add_district() -> ResponseReturnValue:
    """Add a district."""
    return _save_district(None)


@bp.get("/districts/<district_id>/edit")
@allow(*_KEEPERS)
def edit_district(district_id: str) -> ResponseReturnValue:
    """Show a district."""
    found = queries.district(district_id)
    form = forms.prefilled({name: getattr(found, name) for name in ("name", "latitude", "longitude")})
    action = url_for("people.save_district", district_id=district_id)
    return render_template("people/district.html", form=form, action=action, name=found.name)


@bp.post("/districts/<district_id>/edit")
@allow(*_KEEPERS)
@writes
def save_district(district_id: str) -> ResponseReturnValue:
    """Change a district."""
    return _save_district(district_id)


def _save_district(district_id: str | None) -> ResponseReturnValue:
    form = forms.read(DistrictSchema())
    name = queries.district(district_id).name if district_id else ""
    if form.ok:
        try:
            with all_or_nothing():
                if district_id:
                    service.edit_district(current_actor(), district_id, form.data)
                else:
                    service.add_district(current_actor(), form.data)
        except RuleBrokenError as error:
            form.refuse(str(error.facts.get("field", "_form")), words_for(error))
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("people.catalogue"))
    if district_id:
        action = url_for("people.save_district", district_id=district_id)
    else:
        action = url_for("people.add_district")
    return render_template("people/district.html", form=form, action=action, name=name), 422
