"""Candidates by pandas masks, role by role; the distance only of those who pass everything else."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from tests.bench.peers.pairs import EARTH_M, Asked, measure


def _frame(data: dict[str, Any]) -> pd.DataFrame:
    columns = {name: data[name] for name in ("radius_m", "age", "cleared", "cap_seconds")}
    columns |= {"latitude": np.radians(data["place"][:, 0]), "longitude": np.radians(data["place"][:, 1])}
    for name in ("opens", "closes", "blocked", "skills", "speaks"):
        columns |= {f"{name}{at}": data[name][:, at] for at in range(data[name].shape[1])}
    return pd.DataFrame({name: np.ascontiguousarray(column) for name, column in columns.items()})


def _mask(people: pd.DataFrame, role: Asked) -> Any:
    mask = (people[f"opens{role.weekday}"] <= role.from_) & (people[f"closes{role.weekday}"] >= role.to)
    mask &= ~people[f"blocked{role.day}"] & (people["cleared"] >= role.cleared_on)
    mask &= (people["age"] >= role.min_age) & (people["cap_seconds"] >= role.seconds)
    for skill, level in role.skills:
        mask &= people[f"skills{skill}"] >= level
    for language in role.languages:
        mask &= people[f"speaks{language}"]
    return mask


def search(data: dict[str, Any]) -> Callable[[Asked], int]:
    """Return the function that counts the people for a role."""
    people = _frame(data)

    def find(role: Asked) -> int:
        near = people.loc[_mask(people, role), ["latitude", "longitude", "radius_m"]]
        latitude, longitude = np.radians(role.where[0]), np.radians(role.where[1])
        half = np.sin((latitude - near["latitude"]) / 2) ** 2
        half += np.cos(near["latitude"]) * np.cos(latitude) * np.sin((longitude - near["longitude"]) / 2) ** 2
        metres = np.rint(2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(1.0, half))))
        return int((metres <= near["radius_m"]).sum())

    return find


if __name__ == "__main__":
    measure(search)
