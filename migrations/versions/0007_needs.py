"""Keep needs, sessions and places."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "school_break",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_school_break_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_break")),
    )
    op.create_table(
        "need",
        sa.Column("posted_by_id", sa.String(length=22), nullable=False),
        sa.Column("organiser_id", sa.String(length=22), nullable=True),
        sa.Column("venue_id", sa.String(length=22), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_reason", sa.String(length=500), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("what", sa.String(length=2000), nullable=False),
        sa.Column("why", sa.String(length=1000), nullable=False),
        sa.Column("bring", sa.String(length=500), nullable=False),
        sa.Column("contact", sa.String(length=12), nullable=False),
        sa.Column("supervision", sa.String(length=20), nullable=True),
        sa.Column("children_count", sa.Integer(), nullable=False),
        sa.Column("age_from", sa.Integer(), nullable=True),
        sa.Column("age_to", sa.Integer(), nullable=True),
        sa.Column("staff_adults", sa.Integer(), nullable=False),
        sa.Column("driving", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("recurrence", sa.String(length=12), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("starts_local", sa.Time(), nullable=True),
        sa.Column("ends_local", sa.Time(), nullable=True),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("skip_holidays", sa.Boolean(), nullable=False),
        sa.Column("skip_breaks", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(length=4000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.String(length=22), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "contact = 'remote' OR venue_id IS NOT NULL OR state = 'draft'", name=op.f("ck_need_venue")
        ),
        sa.CheckConstraint("contact IN ('children', 'no_children', 'remote')", name=op.f("ck_need_contact")),
        sa.CheckConstraint(
            "recurrence IN ('once', 'weekly', 'fortnightly', 'monthly')", name=op.f("ck_need_recurrence")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'published', 'cancelled', 'completed')",
            name=op.f("ck_need_state"),
        ),
        sa.CheckConstraint(
            "supervision IS NULL OR supervision IN ('parents_present', 'organiser')",
            name=op.f("ck_need_supervision"),
        ),
        sa.CheckConstraint(
            "age_from IS NULL OR age_to IS NULL OR age_from <= age_to", name=op.f("ck_need_ages")
        ),
        sa.CheckConstraint("children_count BETWEEN 0 AND 2000", name=op.f("ck_need_children")),
        sa.CheckConstraint(
            "first_day IS NULL OR last_day IS NULL OR first_day <= last_day", name=op.f("ck_need_days")
        ),
        sa.ForeignKeyConstraint(["organiser_id"], ["partner.id"], name=op.f("fk_need_organiser_id_partner")),
        sa.ForeignKeyConstraint(["posted_by_id"], ["partner.id"], name=op.f("fk_need_posted_by_id_partner")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_need_venue_id_venue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
        sa.UniqueConstraint("id", "posted_by_id", name=op.f("uq_need_id_posted_by_id")),
    )
    op.create_index(op.f("ix_need_organiser_id"), "need", ["organiser_id"], unique=False)
    op.create_index(op.f("ix_need_posted_by_id"), "need", ["posted_by_id"], unique=False)
    op.create_index("ix_need_state_created", "need", ["state", "created_at"], unique=False)
    op.create_table(
        "need_role",
        sa.Column("need_id", sa.String(length=22), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("preferred", sa.Integer(), nullable=False),
        sa.Column("minimum_age", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.CheckConstraint(
            "minimum >= 0 AND preferred >= 1 AND minimum <= preferred AND preferred <= 50",
            name=op.f("ck_need_role_heads"),
        ),
        sa.CheckConstraint("minimum_age BETWEEN 13 AND 99", name=op.f("ck_need_role_age")),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_need_role_need_id_need"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_role")),
        sa.UniqueConstraint("id", "need_id", name=op.f("uq_need_role_id_need_id")),
    )
    op.create_index(op.f("ix_need_role_need_id"), "need_role", ["need_id"], unique=False)
    op.create_table(
        "need_session",
        sa.Column("need_id", sa.String(length=22), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_reason", sa.String(length=500), nullable=False),
        sa.Column("at_risk_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('scheduled', 'cancelled', 'held')", name=op.f("ck_need_session_state")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_need_session_span")),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_need_session_need_id_need"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_session")),
        sa.UniqueConstraint("id", "need_id", name=op.f("uq_need_session_id_need_id")),
        sa.UniqueConstraint("need_id", "starts_at", name=op.f("uq_need_session_need_id_starts_at")),
    )
    op.create_index(op.f("ix_need_session_need_id"), "need_session", ["need_id"], unique=False)
    op.create_index(op.f("ix_need_session_starts_at"), "need_session", ["starts_at"], unique=False)
    op.create_table(
        "need_role_language",
        sa.Column("role_id", sa.String(length=22), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["need_role.id"],
            name=op.f("fk_need_role_language_role_id_need_role"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("role_id", "language", name=op.f("pk_need_role_language")),
    )
    op.create_table(
        "need_role_skill",
        sa.Column("role_id", sa.String(length=22), nullable=False),
        sa.Column("skill_code", sa.String(length=40), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_need_role_skill_level")),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["need_role.id"],
            name=op.f("fk_need_role_skill_role_id_need_role"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["skill_code"], ["skill.code"], name=op.f("fk_need_role_skill_skill_code_skill")
        ),
        sa.PrimaryKeyConstraint("role_id", "skill_code", name=op.f("pk_need_role_skill")),
    )
    op.create_table(
        "opening",
        sa.Column("need_id", sa.String(length=22), nullable=False),
        sa.Column("session_id", sa.String(length=22), nullable=False),
        sa.Column("role_id", sa.String(length=22), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.CheckConstraint("filled >= 0 AND filled <= capacity", name=op.f("ck_opening_filled")),
        sa.CheckConstraint("minimum >= 0 AND minimum <= capacity", name=op.f("ck_opening_minimum")),
        sa.ForeignKeyConstraint(
            ["role_id", "need_id"],
            ["need_role.id", "need_role.need_id"],
            name=op.f("fk_opening_role_id_need_id_need_role"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "need_id"],
            ["need_session.id", "need_session.need_id"],
            name=op.f("fk_opening_session_id_need_id_need_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
        sa.UniqueConstraint("id", "session_id", name=op.f("uq_opening_id_session_id")),
        sa.UniqueConstraint("session_id", "role_id", name=op.f("uq_opening_session_id_role_id")),
    )
    op.create_index(op.f("ix_opening_role_id"), "opening", ["role_id"], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_opening_role_id"), table_name="opening")
    op.drop_table("opening")
    op.drop_table("need_role_skill")
    op.drop_table("need_role_language")
    op.drop_index(op.f("ix_need_session_starts_at"), table_name="need_session")
    op.drop_index(op.f("ix_need_session_need_id"), table_name="need_session")
    op.drop_table("need_session")
    op.drop_index(op.f("ix_need_role_need_id"), table_name="need_role")
    op.drop_table("need_role")
    op.drop_index("ix_need_state_created", table_name="need")
    op.drop_index(op.f("ix_need_posted_by_id"), table_name="need")
    op.drop_index(op.f("ix_need_organiser_id"), table_name="need")
    op.drop_table("need")
    op.drop_table("school_break")
