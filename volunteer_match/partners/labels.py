"""Words for the partners' states, kinds and rules."""

from flask_babel import lazy_gettext as _l

from volunteer_match.partners.registry import RegistryKind
from volunteer_match.partners.rules import PartnerEvent, PartnerKind, PartnerState
from volunteer_match.web import wording

KINDS = {
    PartnerKind.NGO: _l("Foundation or association"),
    PartnerKind.PUBLIC: _l("Public institution"),
    PartnerKind.SCHOOL: _l("School or kindergarten"),
    PartnerKind.LIBRARY: _l("Library"),
    PartnerKind.SPORTS_CLUB: _l("Sports club"),
    PartnerKind.CULTURE: _l("Culture centre or museum"),
    PartnerKind.FIRE_BRIGADE: _l("Fire brigade"),
    PartnerKind.COMPANY: _l("Company"),
}
REGISTRIES = {
    RegistryKind.KRS: _l("KRS"),
    RegistryKind.NIP: _l("NIP"),
    RegistryKind.REGON: _l("REGON"),
    RegistryKind.RSPO: _l("RSPO (schools)"),
}
# State: (words, tone of the tag).
STATES = {
    PartnerState.REGISTERED: (_l("Address not confirmed yet"), "neutral"),
    PartnerState.UNDER_REVIEW: (_l("Waiting for verification"), "info"),
    PartnerState.VERIFIED: (_l("Verified"), "success"),
    PartnerState.RETURNED: (_l("To be completed"), "warning"),
    PartnerState.REJECTED: (_l("Not accepted"), "error"),
    PartnerState.SUSPENDED: (_l("Suspended"), "error"),
}
EVENTS = {
    PartnerEvent.VERIFY: _l("Verify"),
    PartnerEvent.RETURN: _l("Return to be completed"),
    PartnerEvent.REJECT: _l("Do not accept"),
    PartnerEvent.SUSPEND: _l("Suspend"),
    PartnerEvent.REINSTATE: _l("Reinstate"),
}
HISTORY = {
    "partner_registered": _l("Organisation registered"),
    "partner_confirm_address": _l("Address confirmed"),
    "partner_resubmit": _l("Sent for verification again"),
    "partner_verify": _l("Verified"),
    "partner_return": _l("Returned to be completed"),
    "partner_reject": _l("Not accepted"),
    "partner_suspend": _l("Suspended"),
    "partner_reinstate": _l("Reinstated"),
    "partner_edited": _l("Details changed"),
    "partner_standing_changed": _l("Role of organiser or protection standards changed"),
    "partner_invited": _l("A colleague was invited"),
    "partner_invitation_cancelled": _l("An invitation was taken back"),
    "partner_joined": _l("A person joined"),
    "partner_member_removed": _l("A person was removed"),
    "partner_contact_corrected": _l("Confirmation sent to a corrected address"),
    "partner_contact_chosen": _l("Contact person changed"),
    "venue_added": _l("A place was added"),
    "venue_edited": _l("A place was changed"),
}

wording.add(
    {
        "partner_name_taken": _l(
            "This organisation is already registered. Ask a person there to invite you, or call us."
        ),
        "partner_state": _l("This is not possible in the organisation's present state."),
        "company_cannot_organise": _l("A company can help, but the law does not let it host volunteers."),
        "standards_missing": _l(
            "Enter when the child protection standards were adopted: organisers must have them."
        ),
        "standards_in_future": _l("Standards count from the day they were adopted or reviewed, not before."),
        "standards_stale": _l("The child protection standards must be reviewed at least every two years."),
        "already_member": _l("This person already acts for the organisation."),
        "invitation_pending": _l("This address has already been invited."),
        "too_many_members": _l("At most %(limit)d people can act for one organisation."),
        "last_member": _l("At least one person has to stay."),
        "too_many_venues": _l("At most %(limit)d places can be listed."),
        "point_incomplete": _l("Give both coordinates or neither."),
    }
)
