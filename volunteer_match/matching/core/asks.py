"""What roles ask of whoever takes them, as bits: one for each different thing that any role asks.

Everybody has the bits of what they can do, each role those of what it asks. The bits are kept in words, and
a role looks at its own few words only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from volunteer_match.matching.core import spans
from volunteer_match.matching.core.columns import Bools, Columns, Ints
from volunteer_match.matching.core.index import Index

BITS = 62
Ask = tuple[str, str, int]
Kind = tuple[bool, tuple[tuple[str, int], ...], tuple[str, ...], bool, int, int]


@dataclass(frozen=True, slots=True)
class Asks:
    """Roles that ask the same are of one kind, with a few words of bits; people have all words in a row."""

    people: int
    roles: Ints
    first: Ints
    many: Ints
    kind: Ints
    word: Ints
    bits: Ints
    can: Ints

    @property
    def slots(self) -> int:
        """Return how many words the role with the most looks at."""
        return len(self.word)

    def roles_of(self, session: Ints) -> tuple[Ints, Ints]:
        """Return for some sessions their roles, each after the position of its session among them."""
        many = self.many[session]
        which = np.repeat(np.arange(len(session)), many)
        at = np.arange(len(which)) - np.repeat(np.cumsum(many) - many, many)
        return which, self.roles[self.first[session][which] + at]

    def met(self, slot: int, roles: Ints, many: Ints, who: Ints) -> Ints:
        """Return who has what a word of their role asks: the first so `many` are asked by the first role."""
        bits, word = self.bits[slot, self.kind[roles]], self.word[slot, self.kind[roles]]
        bits, first = np.repeat(bits, many), np.repeat(word * self.people, many)
        return np.flatnonzero((self.can[first + who] & bits) == bits)


def build(columns: Columns) -> Asks:
    """Write down what each role asks, and who can do it."""
    index = columns.index
    kinds, kind = _kinds(index, dated=bool(columns.birthday.any()))
    asked = [tuple(_asked(each)) for each in kinds]
    often = Counter(ask for asks in asked for ask in asks)
    bit_of = {ask: at for at, (ask, _) in enumerate(often.most_common())}
    word, bits = _words([[bit_of[ask] for ask in asks] for asks in asked])
    can = np.zeros((1 + len(bit_of) // BITS, columns.count), dtype=np.int64)
    for ask, bit in bit_of.items():
        can[bit // BITS] |= _able(columns, ask).astype(np.int64) << bit % BITS
    many = np.array([len(roles) for roles in index.roles_of], dtype=np.int64)
    roles = np.array([role for roles in index.roles_of for role in roles], dtype=np.int64)
    return Asks(columns.count, roles, np.cumsum(many) - many, many, kind, word, bits, can.ravel())


def _kinds(index: Index, dated: bool) -> tuple[list[Kind], Ints]:
    """Tell apart what roles ask; who gives an age and no birthday is as old on any day."""
    known: dict[Kind, int] = {}
    kind = np.empty(len(index.roles), dtype=np.int64)
    for at, role in enumerate(index.roles):
        day = spans.age_day(index.session(at)) if dated and role.min_age > 0 else 0
        key = (role.resource, tuple(role.required_skills.items()), role.languages,
               role.driving_licence, role.min_age, day)  # fmt: skip
        kind[at] = known.setdefault(key, len(known))
    return list(known), kind


def _words(asked: list[list[int]]) -> tuple[Ints, Ints]:
    masks: list[dict[int, int]] = []
    for bits in asked:
        mask: dict[int, int] = {}
        for bit in sorted(bits):
            mask[bit // BITS] = mask.get(bit // BITS, 0) | 1 << bit % BITS
        masks.append(mask)
    slots = max(map(len, masks), default=0)
    table = np.zeros((2, slots, len(masks)), dtype=np.int64)
    for kind, mask in enumerate(masks):
        for slot, (word, bits_) in enumerate(mask.items()):
            table[:, slot, kind] = word, bits_
    return table[0], table[1]


def _asked(kind: Kind) -> Iterator[Ask]:
    resource, skills, languages, licence, min_age, day = kind
    yield "resource" if resource else "person", "", 0
    for skill, level in skills:
        yield "skill", skill, level
    for language in languages:
        yield "language", language, 0
    if licence:
        yield "licence", "", 0
    if min_age > 0:
        yield "age", str(min_age), day


def _able(columns: Columns, ask: Ask) -> Bools:
    what, name, number = ask
    match what:
        case "skill":
            return columns.skill(name) >= number
        case "language":
            return columns.speaks(name)
        case "licence":
            return columns.licence
        case "age":
            return columns.ages_on(number) >= int(name)
    return columns.resource if what == "resource" else ~columns.resource
