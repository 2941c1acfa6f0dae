"""What the whole database holds, as one value."""

import hashlib

from sqlalchemy import Engine, MetaData


def digest(engine: Engine, metadata: MetaData) -> dict[str, str]:
    """Return a hash of the rows of every table, whatever their order."""
    with engine.connect() as connection:
        return {
            table.name: hashlib.sha256(
                "\n".join(sorted(repr(tuple(row)) for row in connection.execute(table.select()))).encode()
            ).hexdigest()
            for table in metadata.sorted_tables
        }
