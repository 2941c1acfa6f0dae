"""Words of accounts: roles, refusals, notices."""

from flask_babel import lazy_gettext as _l

from volunteer_match.actor import Role
from volunteer_match.web import wording

ROLES = {
    Role.VOLUNTEER: _l("Volunteer"),
    Role.PARTNER: _l("Partner"),
    Role.COORDINATOR: _l("Coordinator"),
    Role.OFFICER: _l("Child safeguarding officer"),
    Role.ADMINISTRATOR: _l("Administrator"),
}

ROLE_HINTS = {
    Role.COORDINATOR: _l("Admits people, checks needs, matches and approves."),
    Role.OFFICER: _l("Records papers and sees why somebody was not admitted."),
    Role.ADMINISTRATOR: _l("Invites staff and decides who may do what."),
}

PASSWORD_FAULTS = {
    "password_short": _l("Use at least 12 characters. Four unrelated words make a good password."),
    "password_long": _l("Use at most 128 characters."),
    "password_easy": _l("This password would be guessed soon. Four unrelated words make a good one."),
    "password_context": _l("This password is made of the club's name or of your own. Add unrelated words."),
}

wording.add(
    {
        "last_administrator": _l("This is the last administrator. Make somebody else administrator first."),
        "address_taken": _l("This address belongs to another account meanwhile."),
        "account_disabled": _l("This account is disabled. Enable it first."),
    }
)

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def words_for_browser(user_agent: str) -> str:
    """Name the browser and the system of a session, as far as they can be told."""
    names = [
        next((name for mark, name in known if mark in user_agent), None) for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in names if name) or str(_l("Another browser"))
