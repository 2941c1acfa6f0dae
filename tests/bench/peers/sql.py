"""Candidates by SQL, role by role, over an indexed SQLite database in memory."""

import math
import sqlite3
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.bench.peers.pairs import EARTH_M, Asked, measure

SCHEMA = """
CREATE TABLE person (id INTEGER PRIMARY KEY, latitude REAL, longitude REAL, radius_m REAL, age INTEGER,
  cleared INTEGER, cap_seconds INTEGER);
CREATE TABLE free (weekday INTEGER, opens INTEGER, closes INTEGER, person INTEGER,
  PRIMARY KEY (weekday, opens, closes, person)) WITHOUT ROWID;
CREATE TABLE blocked (day INTEGER, person INTEGER, PRIMARY KEY (person, day)) WITHOUT ROWID;
CREATE TABLE skill (skill INTEGER, person INTEGER, level INTEGER, PRIMARY KEY (skill, person)) WITHOUT ROWID;
CREATE TABLE speaks (language INTEGER, person INTEGER, PRIMARY KEY (language, person)) WITHOUT ROWID;
"""
HALF = (
    "pow(sin((:latitude - latitude) / 2), 2)"
    " + cos(latitude) * cos(:latitude) * pow(sin((:longitude - longitude) / 2), 2)"
)
DISTANCE = f"round({2 * EARTH_M} * asin(sqrt(min(1.0, {HALF})))) <= radius_m"
QUERY = f"""
SELECT count(*) FROM free JOIN person ON person.id = free.person
WHERE free.weekday = :weekday AND free.opens <= :from_ AND free.closes >= :to AND cleared >= :cleared_on
  AND age >= :min_age AND cap_seconds >= :seconds
  AND NOT EXISTS (SELECT 1 FROM blocked WHERE blocked.person = person.id AND day = :day)
  {{more}} AND {DISTANCE}
"""
SKILL = "AND EXISTS (SELECT 1 FROM skill WHERE skill = {} AND skill.person = person.id AND level >= {})"
SPEAKS = "AND EXISTS (SELECT 1 FROM speaks WHERE language = {} AND speaks.person = person.id)"


def _database(data: dict[str, Any]) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.executescript(SCHEMA)
    place = np.radians(data["place"])
    columns = [place[:, 0], place[:, 1], *(data[n] for n in ("radius_m", "age", "cleared", "cap_seconds"))]
    people = zip(range(len(place)), *(column.tolist() for column in columns), strict=True)
    database.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?, ?, ?)", people)
    _fill(database, "free", _free(data))
    _fill(database, "blocked", np.argwhere(data["blocked"])[:, ::-1])
    who, skill = np.nonzero(data["skills"])
    _fill(database, "skill", np.column_stack([skill, who, data["skills"][who, skill]]))
    _fill(database, "speaks", np.argwhere(data["speaks"])[:, ::-1])
    database.execute("ANALYZE")
    return database


def _free(data: dict[str, Any]) -> Any:
    who, weekday = np.nonzero(data["closes"] > data["opens"])
    return np.column_stack([weekday, data["opens"][who, weekday], data["closes"][who, weekday], who])


def _fill(database: sqlite3.Connection, table: str, rows: Any) -> None:
    marks = ", ".join("?" * rows.shape[1])
    database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows.tolist())


def search(data: dict[str, Any]) -> Callable[[Asked], int]:
    """Return the function that counts the people for a role."""
    database = _database(data)

    def find(role: Asked) -> int:
        more = [SKILL.format(skill, level) for skill, level in role.skills]
        more += [SPEAKS.format(language) for language in role.languages]
        where = {"latitude": math.radians(role.where[0]), "longitude": math.radians(role.where[1])}
        plain = {name: value for name, value in vars(role).items() if isinstance(value, int)}
        return int(database.execute(QUERY.format(more=" ".join(more)), plain | where).fetchone()[0])

    return find


if __name__ == "__main__":
    measure(search)
