"""Keep matches and booked time."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "match",
        sa.Column("opening_id", sa.String(length=22), nullable=False),
        sa.Column("session_id", sa.String(length=22), nullable=False),
        sa.Column("volunteer_id", sa.String(length=22), nullable=False),
        sa.Column("run_id", sa.String(length=22), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("runner_up", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_channel", sa.String(length=10), nullable=True),
        sa.Column("decided_by_id", sa.String(length=22), nullable=True),
        sa.Column("refill", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'rejected', 'superseded', 'offered', 'declined', 'expired', 'confirmed', 'held', 'cancelled', 'completed', 'excused', 'no_show')",
            name=op.f("ck_match_state"),
        ),
        sa.ForeignKeyConstraint(
            ["opening_id", "session_id"],
            ["opening.id", "opening.session_id"],
            name=op.f("fk_match_opening_id_session_id_opening"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["run_id"], ["match_run.id"], name=op.f("fk_match_run_id_match_run")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["need_session.id"], name=op.f("fk_match_session_id_need_session")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteer.id"],
            name=op.f("fk_match_volunteer_id_volunteer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match")),
        sa.UniqueConstraint("opening_id", "volunteer_id", name=op.f("uq_match_opening_id_volunteer_id")),
    )
    op.create_index(op.f("ix_match_answer_by"), "match", ["answer_by"], unique=False)
    op.create_index(op.f("ix_match_changed_at"), "match", ["changed_at"], unique=False)
    op.create_index(op.f("ix_match_refill"), "match", ["refill"], unique=False)
    op.create_index(op.f("ix_match_run_id"), "match", ["run_id"], unique=False)
    op.create_index("ix_match_state", "match", ["state", "session_id"], unique=False)
    op.create_index("ix_match_volunteer", "match", ["volunteer_id", "state"], unique=False)
    op.create_table(
        "volunteer_slot",
        sa.Column("volunteer_id", sa.String(length=22), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("match_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["match_id"], ["match.id"], name=op.f("fk_volunteer_slot_match_id_match"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteer.id"],
            name=op.f("fk_volunteer_slot_volunteer_id_volunteer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("volunteer_id", "starts_at", name=op.f("pk_volunteer_slot")),
    )
    op.create_index(op.f("ix_volunteer_slot_match_id"), "volunteer_slot", ["match_id"], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_volunteer_slot_match_id"), table_name="volunteer_slot")
    op.drop_table("volunteer_slot")
    op.drop_index("ix_match_volunteer", table_name="match")
    op.drop_index("ix_match_state", table_name="match")
    op.drop_index(op.f("ix_match_run_id"), table_name="match")
    op.drop_index(op.f("ix_match_refill"), table_name="match")
    op.drop_index(op.f("ix_match_changed_at"), table_name="match")
    op.drop_index(op.f("ix_match_answer_by"), table_name="match")
    op.drop_table("match")
