"""Keep partners and their places."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "partner",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_reason", sa.String(length=500), nullable=False),
        sa.Column("registry_kind", sa.String(length=10), nullable=False),
        sa.Column("registry_number", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=1000), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("organiser", sa.Boolean(), nullable=False),
        sa.Column("standards_adopted_on", sa.Date(), nullable=True),
        sa.Column("standards_reviewed_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('ngo', 'public', 'school', 'library', 'sports_club', 'culture', 'fire_brigade', 'company')",
            name=op.f("ck_partner_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('registered', 'under_review', 'verified', 'returned', 'rejected', 'suspended')",
            name=op.f("ck_partner_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("name", name=op.f("uq_partner_name")),
    )
    op.create_index(op.f("ix_partner_state"), "partner", ["state"], unique=False)
    op.create_table(
        "partner_invitation",
        sa.Column("partner_id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("invited_by_id", sa.String(length=22), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partner.id"],
            name=op.f("fk_partner_invitation_partner_id_partner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_invitation")),
        sa.UniqueConstraint("partner_id", "email", name=op.f("uq_partner_invitation_partner_id_email")),
    )
    op.create_table(
        "partner_member",
        sa.Column("partner_id", sa.String(length=22), nullable=False),
        sa.Column("user_id", sa.String(length=22), nullable=False),
        sa.Column("contact", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partner.id"],
            name=op.f("fk_partner_member_partner_id_partner"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_partner_member_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("partner_id", "user_id", name=op.f("pk_partner_member")),
    )
    op.create_index(op.f("ix_partner_member_user_id"), "partner_member", ["user_id"], unique=False)
    op.create_table(
        "venue",
        sa.Column("partner_id", sa.String(length=22), nullable=True),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("district_id", sa.String(length=22), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("step_free", sa.Boolean(), nullable=False),
        sa.Column("directions", sa.String(length=500), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=op.f("fk_venue_district_id_district")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_venue_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
    )
    op.create_index(op.f("ix_venue_partner_id"), "venue", ["partner_id"], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_venue_partner_id"), table_name="venue")
    op.drop_table("venue")
    op.drop_index(op.f("ix_partner_member_user_id"), table_name="partner_member")
    op.drop_table("partner_member")
    op.drop_table("partner_invitation")
    op.drop_index(op.f("ix_partner_state"), table_name="partner")
    op.drop_table("partner")
