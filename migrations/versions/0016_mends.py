"""Keep what was changed when gaps were filled again, and where a coordinator wants that."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "match_mend",
        sa.Column("cause", sa.String(length=5), nullable=False),
        sa.Column("openings", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.String(length=22), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moves", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.CheckConstraint("cause IN ('freed', 'asked')", name=op.f("ck_match_mend_cause")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_mend")),
    )
    op.create_index("ix_match_mend_done_at", "match_mend", ["done_at"], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_table("match_mend")
