"""What may be sent to the desk and to an offer."""

from functools import partial

from volunteer_match.matching.rules import MAX_WEEKS, NEVER_CODES, STEPS
from volunteer_match.placements.rules import CANCEL_CODES, REJECT_CODES
from volunteer_match.web.fields import Choice, InputSchema, Int, Rows, Str
from volunteer_match.web.pesel import FreeText


class AnswerSchema(InputSchema):
    """A yes or a no, and maybe why."""

    answer = Choice(("accept", "decline"), required=True)
    reason = FreeText(max_length=300, load_default="")


class VersionSchema(InputSchema):
    """A decision about what was seen."""

    version = Int(required=True, least=1)


class RejectSchema(VersionSchema):
    """Why a proposal is turned down."""

    why = Choice(REJECT_CODES, required=True)
    note = FreeText(max_length=300, load_default="")


class CancelSchema(VersionSchema):
    """Why an offer or a confirmed place is taken back."""

    why = Choice(CANCEL_CODES, required=True)
    note = FreeText(max_length=300, load_default="")


class NeverSchema(InputSchema):
    """How far and why two are kept apart."""

    where = Choice(("need", "partner"), required=True)
    why = Choice(NEVER_CODES, required=True)


class RunSchema(InputSchema):
    """How many weeks a run looks at."""

    weeks = Int(required=True, least=1, most=MAX_WEEKS)


_Step = partial(Int, required=True, least=STEPS[0], most=STEPS[-1])


class WishesSchema(RunSchema):
    """How much each wish counts, and for how many weeks to try it out."""

    spread_load = _Step()
    wanted_skill = _Step()
    distance = _Step()
    continuity = _Step()
    interest = _Step()
    newcomer_first = _Step()
    waiting = _Step()


class ManySchema(InputSchema):
    """The ticked proposals, each with the version that was seen."""

    chosen = Rows(Str(max_length=60), most=200, required=True, least=1)
