"""Who does a thing, in which role, through which channel."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Role(StrEnum):
    """The roles an account can hold."""

    VOLUNTEER = "volunteer"
    PARTNER = "partner"
    COORDINATOR = "coordinator"
    OFFICER = "officer"
    ADMINISTRATOR = "administrator"


STAFF = frozenset({Role.COORDINATOR, Role.OFFICER, Role.ADMINISTRATOR})


class Channel(StrEnum):
    """How a decision reached the system."""

    WEB = "web"
    MAIL = "mail"
    PHONE = "phone"
    PAPER = "paper"
    CLI = "cli"
    IMPORT = "import"
    SYSTEM = "system"


TRUSTED = frozenset({Channel.CLI, Channel.IMPORT, Channel.SYSTEM})
"""Channels that only whoever runs or coordinates the installation can use."""


@dataclass(frozen=True)
class Actor:
    """An acting person or the system itself, as every service receives it."""

    user_id: str | None
    roles: frozenset[Role] = frozenset()
    channel: Channel = Channel.WEB
    on_behalf_of: str | None = None

    def has(self, *roles: Role) -> bool:
        """Tell whether the actor holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def trusted(self) -> bool:
        """Tell whether the channel alone entitles, whoever acts."""
        return self.channel in TRUSTED

    def by(self, channel: Channel, on_behalf_of: str | None = None) -> "Actor":
        """Return the same actor acting through another channel, maybe for somebody else."""
        return replace(self, channel=channel, on_behalf_of=on_behalf_of)


SYSTEM = Actor(user_id=None, channel=Channel.SYSTEM)
