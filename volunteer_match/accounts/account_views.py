"""People's own accounts: data, address, sessions, password, second factor."""

from flask import render_template
from flask.typing import ResponseReturnValue

from volunteer_match.accounts import auth, queries
from volunteer_match.accounts.views import bp
from volunteer_match.web.access import allow, current_actor


@bp.get("/account")
@allow()
def account() -> ResponseReturnValue:
    """Show people their own account."""
    person = queries.user(current_actor().user_id or "")
    return render_template("accounts/account.html", person=person, present=auth.present())
