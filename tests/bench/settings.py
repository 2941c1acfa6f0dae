"""How far a run of the benchmarks goes."""

from dataclasses import dataclass

SCALES = ("town", "county", "national")


@dataclass(frozen=True)
class Settings:
    """The largest scale measured, and what each peer's solver may take."""

    scale: str = "town"
    peer_seconds: float = 60.0

    def command(self, table: str) -> str:
        """Return the command that measures a table again."""
        more = "" if self.scale == "town" else f" --scale={self.scale}"
        return f"make bench ARGS='engine {table}{more}'"
