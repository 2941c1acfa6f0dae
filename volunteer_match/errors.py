"""The few errors the package raises on purpose; web/errors.py turns them into pages."""


class VolunteerMatchError(Exception):
    """Anything the application refuses on purpose."""


class NotFoundError(VolunteerMatchError):
    """The thing does not exist, or must look as if it did not to this actor."""


class ForbiddenError(VolunteerMatchError):
    """The actor may see the thing but not do this to it."""


class RuleBrokenError(VolunteerMatchError):
    """A rule of the domain forbids the act; `code` names the rule, `facts` its numbers and names."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class ConflictError(RuleBrokenError):
    """Somebody else was faster: the thing changed since it was read."""

    def __init__(self, code: str = "changed_meanwhile", **facts: object) -> None:
        super().__init__(code, **facts)


class ExpiredLinkError(VolunteerMatchError):
    """A mailed link is unknown, used or too old; `reason` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
