"""How far a run of the benchmarks goes."""

from dataclasses import dataclass

SCALES = ("town", "county", "national")


@dataclass(frozen=True)
class Settings:
    """The largest scale measured, and what each peer's solver and each shard may take."""

    scale: str = "town"
    peer_seconds: float = 60.0
    shard_seconds: float = 36.0

    def command(self, table: str) -> str:
        """Return the command that measures a table again."""
        plain = Settings()
        more = "" if self.scale == plain.scale else f" --scale={self.scale}"
        more += "" if self.peer_seconds == plain.peer_seconds else f" --peer-seconds={self.peer_seconds:g}"
        more += (
            "" if self.shard_seconds == plain.shard_seconds else f" --shard-seconds={self.shard_seconds:g}"
        )
        return f"make bench ARGS='engine {table}{more}'"
