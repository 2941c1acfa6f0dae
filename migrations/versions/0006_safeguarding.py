"""Keep which papers were seen and when."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "agreement",
        sa.Column("volunteer_id", sa.String(length=22), nullable=False),
        sa.Column("organiser_id", sa.String(length=22), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("written", sa.Boolean(), nullable=False),
        sa.Column("insurance_ref", sa.String(length=60), nullable=False),
        sa.Column("dossier_ref", sa.String(length=60), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.String(length=22), nullable=True),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_agreement_dates")),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["partner.id"], name=op.f("fk_agreement_organiser_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteer.id"],
            name=op.f("fk_agreement_volunteer_id_volunteer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    op.create_index(op.f("ix_agreement_volunteer_id"), "agreement", ["volunteer_id"], unique=False)
    op.create_table(
        "clearance",
        sa.Column("volunteer_id", sa.String(length=22), nullable=False),
        sa.Column("organiser_id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("seen_by_id", sa.String(length=22), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("dossier_ref", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('rspts', 'krk', 'foreign_record', 'residence_record')", name=op.f("ck_clearance_kind")
        ),
        sa.CheckConstraint(
            "state <> 'met' OR (seen_on IS NOT NULL AND seen_by_id IS NOT NULL)",
            name=op.f("ck_clearance_seen"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'received', 'met', 'not_met', 'exempt', 'revoked')",
            name=op.f("ck_clearance_state"),
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["partner.id"], name=op.f("fk_clearance_organiser_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["seen_by_id"], ["user_account.id"], name=op.f("fk_clearance_seen_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteer.id"],
            name=op.f("fk_clearance_volunteer_id_volunteer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance")),
    )
    op.create_index(op.f("ix_clearance_organiser_id"), "clearance", ["organiser_id"], unique=False)
    op.create_index(
        "ix_clearance_person", "clearance", ["volunteer_id", "organiser_id", "kind"], unique=False
    )
    op.create_index(op.f("ix_clearance_valid_until"), "clearance", ["valid_until"], unique=False)
    op.create_table(
        "guardian_consent",
        sa.Column("volunteer_id", sa.String(length=22), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("seen_by_id", sa.String(length=22), nullable=True),
        sa.Column("dossier_ref", sa.String(length=60), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["seen_by_id"], ["user_account.id"], name=op.f("fk_guardian_consent_seen_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteer.id"],
            name=op.f("fk_guardian_consent_volunteer_id_volunteer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian_consent")),
    )
    op.create_index(
        op.f("ix_guardian_consent_volunteer_id"), "guardian_consent", ["volunteer_id"], unique=False
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_guardian_consent_volunteer_id"), table_name="guardian_consent")
    op.drop_table("guardian_consent")
    op.drop_index(op.f("ix_clearance_valid_until"), table_name="clearance")
    op.drop_index("ix_clearance_person", table_name="clearance")
    op.drop_index(op.f("ix_clearance_organiser_id"), table_name="clearance")
    op.drop_table("clearance")
    op.drop_index(op.f("ix_agreement_volunteer_id"), table_name="agreement")
    op.drop_table("agreement")
