"""The registry: importing this module makes every table known."""

from volunteer_match import changes
from volunteer_match.accounts import models as accounts
from volunteer_match.audit import models as audit
from volunteer_match.lending import models as lending
from volunteer_match.matching import models as matching
from volunteer_match.needs import models as needs
from volunteer_match.notifications import models as notifications
from volunteer_match.partners import models as partners
from volunteer_match.people import models as people
from volunteer_match.placements import models as placements
from volunteer_match.safeguarding import models as safeguarding

__all__ = [
    "accounts",
    "audit",
    "changes",
    "lending",
    "matching",
    "needs",
    "notifications",
    "partners",
    "people",
    "placements",
    "safeguarding",
]
