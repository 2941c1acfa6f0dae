"""Words for the states of mails."""

from flask_babel import lazy_gettext as _l

from volunteer_match.notifications.rules import MailState

STATES = {
    MailState.QUEUED: _l("waiting"),
    MailState.CLAIMED: _l("waiting"),
    MailState.SENDING: _l("being sent"),
    MailState.SENT: _l("sent"),
    MailState.FAILED: _l("not delivered"),
    MailState.SUPPRESSED: _l("to be told by phone"),
    MailState.EXPIRED: _l("too late to send"),
    MailState.UNCERTAIN: _l("perhaps delivered"),
    MailState.CLOSED: _l("settled another way"),
}
TONES = {
    MailState.SENT: "success",
    MailState.FAILED: "error",
    MailState.UNCERTAIN: "warning",
    MailState.SUPPRESSED: "warning",
    MailState.SENDING: "info",
}
GROUPS = {
    "trouble": _l("Not delivered"),
    "phone": _l("To be told by phone"),
    "waiting": _l("Waiting"),
    "sent": _l("Sent"),
    "closed": _l("Settled or too late"),
}
RULES = {"mail_too_late": _l("What this mail says is over by now. Settle it another way, or leave it.")}
