"""Keep the shards of large matching runs while they are solved, each under the hash of what it is made of."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "match_shard",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("time_limit_s", sa.Double(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parcel", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=True),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done')", name=op.f("ck_match_shard_state")),
        sa.CheckConstraint("(state = 'done') = (outcome IS NOT NULL)", name=op.f("ck_match_shard_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_shard")),
        sa.UniqueConstraint("sha256", name=op.f("uq_match_shard_sha256")),
    )
    op.create_index(op.f("ix_match_shard_state"), "match_shard", ["state"], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_table("match_shard")
