"""Pages of long lists by number, bounded."""

from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import quote, urlencode

from flask import request

T = TypeVar("T")
PAGE_SIZE = 25


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list and what surrounds it."""

    items: list[T]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def count(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    def address(self, number: int) -> str:
        """Return the address of another page of the same list with the same filters."""
        given = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
        return f"{quote(request.path)}?{urlencode([*given, ('page', number)])}"


def page_number() -> int:
    """Return the page the request asks for, 1 when it asks for nonsense."""
    number = request.args.get("page", 1, type=int)
    return min(max(number, 1), 100_000)


def offset(number: int, size: int = PAGE_SIZE) -> int:
    """Return how many rows lie before the page."""
    return (number - 1) * size
