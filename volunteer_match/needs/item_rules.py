"""What a need may ask for besides people: a small catalogue of rooms and things, in both languages."""

from enum import StrEnum

MAX_ITEMS = 6
MAX_QUANTITY = 500


class ItemKind(StrEnum):
    """A kind of room or thing that institutions lend each other."""

    ROOM = "room"
    KITCHEN = "kitchen"
    TABLES = "tables"
    CHAIRS = "chairs"
    PROJECTOR = "projector"
    SOUND = "sound"
    CRAFTS = "crafts"
    GAMES = "games"
    SPORTS = "sports"
    INSTRUMENTS = "instruments"
    TOOLS = "tools"
    TENT = "tent"
    MINIBUS = "minibus"


NAMES = {
    ItemKind.ROOM: ("sala", "room"),
    ItemKind.KITCHEN: ("kuchnia", "kitchen"),
    ItemKind.TABLES: ("stoły", "tables"),
    ItemKind.CHAIRS: ("krzesła", "chairs"),
    ItemKind.PROJECTOR: ("projektor", "projector"),
    ItemKind.SOUND: ("nagłośnienie", "sound system"),
    ItemKind.CRAFTS: ("zestawy plastyczne", "craft sets"),
    ItemKind.GAMES: ("gry i zabawki", "games and toys"),
    ItemKind.SPORTS: ("sprzęt sportowy", "sports kit"),
    ItemKind.INSTRUMENTS: ("instrumenty", "musical instruments"),
    ItemKind.TOOLS: ("narzędzia", "tools"),
    ItemKind.TENT: ("namiot", "tent"),
    ItemKind.MINIBUS: ("bus", "minibus"),
}
"""Polish and English."""
STAYS = frozenset({ItemKind.ROOM, ItemKind.KITCHEN})
"""These are not carried to a session; people go there."""


def item_name(kind: str, locale: str) -> str:
    """Return what a kind is called."""
    polish, english = NAMES[ItemKind(kind)]
    return english if locale == "en" else polish


def item_words(kind: str, quantity: int, locale: str) -> str:
    """Return a kind with its quantity: `chairs (20)`, `projector`."""
    name = item_name(kind, locale)
    return f"{name} ({quantity})" if quantity > 1 else name


def choices(locale: str) -> list[tuple[str, str]]:
    """Return the catalogue for a list to choose from, in its own order."""
    return [(str(kind), item_name(kind, locale)) for kind in ItemKind]
