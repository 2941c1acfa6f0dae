"""Remember when people are to be looked for again after that failed, and what would bring somebody."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "match_mend_pause",
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("monday", name=op.f("pk_match_mend_pause")),
    )
    op.add_column("match_mend", sa.Column("openers", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Undo."""
    op.drop_column("match_mend", "openers")
    op.drop_table("match_mend_pause")
