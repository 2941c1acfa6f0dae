"""Keep mails to send in an outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "email_message",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("dedupe_key", sa.String(length=400), nullable=False),
        sa.Column("user_id", sa.String(length=22), nullable=True),
        sa.Column("subject_id", sa.String(length=60), nullable=False),
        sa.Column("recipient_name", sa.String(length=200), nullable=False),
        sa.Column("recipient_email", sa.String(length=254), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ambiguous", sa.Integer(), nullable=False),
        sa.Column("stumbles", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.String(length=22), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'claimed', 'sending', 'sent', 'failed', 'suppressed', 'expired', 'uncertain', 'closed')",
            name=op.f("ck_email_message_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_email_message_dedupe_key")),
    )
    op.create_index("ix_email_message_due", "email_message", ["state", "due_at"], unique=False)
    op.create_index(op.f("ix_email_message_subject_id"), "email_message", ["subject_id"], unique=False)
    op.create_index(op.f("ix_email_message_user_id"), "email_message", ["user_id"], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_email_message_user_id"), table_name="email_message")
    op.drop_index(op.f("ix_email_message_subject_id"), table_name="email_message")
    op.drop_index("ix_email_message_due", table_name="email_message")
    op.drop_table("email_message")
