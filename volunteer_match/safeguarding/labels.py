"""Words for papers; what a paper says never has any."""

from flask_babel import lazy_gettext as _l

from volunteer_match.safeguarding.rules import ClearanceKind, ClearanceState

KINDS = {
    ClearanceKind.RSPTS: _l("Check in the registers of sexual offenders"),
    ClearanceKind.KRK: _l("Certificate of no criminal record"),
    ClearanceKind.FOREIGN_RECORD: _l("Criminal record of the country of citizenship"),
    ClearanceKind.RESIDENCE_RECORD: _l("Declaration and records of other countries of residence"),
}
# How somebody gets the paper, as the person reads it.
HOW_TO_GET = {
    ClearanceKind.RSPTS: _l("The club looks this up. Nothing to do for you."),
    ClearanceKind.KRK: _l("Order it online at the National Criminal Register or at a court, and bring it."),
    ClearanceKind.FOREIGN_RECORD: _l("From the authorities or the consulate of that country. We help."),
    ClearanceKind.RESIDENCE_RECORD: _l("We have the form of the declaration at the club; sign it with us."),
}
STATES = {
    ClearanceState.REQUESTED: _l("Asked for"),
    ClearanceState.RECEIVED: _l("Brought, to be looked at"),
    ClearanceState.MET: _l("Seen"),
    ClearanceState.NOT_MET: _l("Not admitted"),
    ClearanceState.EXEMPT: _l("Exempt"),
    ClearanceState.REVOKED: _l("No longer counts"),
}
OFFICER_STATES = {**STATES, ClearanceState.NOT_MET: _l("Condition not met")}
TONES = {
    ClearanceState.REQUESTED: "warning",
    ClearanceState.RECEIVED: "info",
    ClearanceState.MET: "success",
    ClearanceState.NOT_MET: "error",
    ClearanceState.EXEMPT: "success",
    ClearanceState.REVOKED: "neutral",
}
OUTCOMES = {
    ClearanceState.MET: _l("Seen: nothing stands in the way"),
    ClearanceState.RECEIVED: _l("Brought, somebody else will look at it"),
}
OFFICER_OUTCOMES = {**OUTCOMES, ClearanceState.NOT_MET: _l("Seen: the condition is not met")}
PROBLEMS = {
    "agreement_not_written": _l("It must be in writing."),
    "agreement_signed_late": _l("It was signed after its first day."),
    "agreement_lacks_insurance": _l("Up to 30 days the accident insurance has to be named."),
}
VERBS = {
    "papers_read": _l("Papers opened"),
    "paper_recorded": _l("Paper recorded"),
    "paper_exempted": _l("Exemption recorded"),
    "paper_revoked": _l("Paper no longer counts"),
    "agreement_recorded": _l("Agreement recorded"),
    "agreement_ended": _l("Agreement ended"),
    "consent_recorded": _l("Guardian's consent recorded"),
    "consent_withdrawn": _l("Guardian's consent withdrawn"),
}
RULES = {
    "no_organiser": _l("No organiser has been verified yet: verify one among the partners first."),
    "why_missing": _l("Say why."),
    "seen_on_missing": _l("Say when it was seen."),
    "seen_in_future": _l("That day has not come yet."),
    "signed_in_future": _l("That day has not come yet."),
    "document_date_missing": _l("The date of the document is missing."),
    "document_after_seen": _l("The document is dated after the day it was seen."),
    "document_too_old": _l("The document was older than %(days)d days when it was seen. A fresh one is due."),
    "valid_too_long": _l("It counts until %(latest)s at the longest."),
    "valid_too_short": _l("It would no longer count on the day it was seen."),
    "officer_decides": _l("This paper is with the safeguarding officer."),
    "ended_outside": _l("The last day has to lie within the agreement."),
}
WORK = {
    "received": _l("Brought: look at it"),
    "expired": _l("Ran out"),
    "guardian": _l("Guardian's consent missing"),
    "missing": _l("Missing"),
    "agreement": _l("Agreement missing"),
    "expiring": _l("Runs out soon"),
}
WORK_TONES = {
    "received": "info",
    "expired": "error",
    "guardian": "warning",
    "missing": "warning",
    "agreement": "warning",
    "expiring": "neutral",
}
