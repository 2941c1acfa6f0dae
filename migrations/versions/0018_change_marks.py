"""Mark committed changes, so that what was worked out from the tables may be kept."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "change_mark",
        sa.Column("part", sa.String(length=6), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("token", sa.String(length=22), nullable=False),
        sa.PrimaryKeyConstraint("part", "slot", name=op.f("pk_change_mark")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("change_mark")
