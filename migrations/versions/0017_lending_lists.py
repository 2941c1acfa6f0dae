"""Let lists of rooms and things to lend be imported as well."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BEFORE = "kind IN ('partners', 'needs', 'volunteers')"
AFTER = "kind IN ('partners', 'needs', 'volunteers', 'lending')"


def upgrade() -> None:
    """Apply."""
    _allow(AFTER)


def downgrade() -> None:
    """Undo; uploaded lists of things, kept for a day at most, are forgotten."""
    op.execute("DELETE FROM import_file WHERE kind = 'lending'")
    _allow(BEFORE)


def _allow(kinds: str) -> None:
    with op.batch_alter_table("import_file") as table:
        table.drop_constraint(op.f("ck_import_file_kind"), type_="check")
        table.create_check_constraint(op.f("ck_import_file_kind"), kinds)
