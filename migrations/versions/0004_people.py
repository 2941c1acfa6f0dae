"""Keep volunteers, skills and availability."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "district",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district")),
        sa.UniqueConstraint("name", name=op.f("uq_district_name")),
    )
    op.create_table(
        "skill_theme",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_pl", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_skill_theme")),
    )
    op.create_table(
        "skill",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("theme_code", sa.String(length=40), nullable=False),
        sa.Column("name_pl", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("synonyms", sa.String(length=400), nullable=False),
        sa.Column("qualification", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["theme_code"], ["skill_theme.code"], name=op.f("fk_skill_theme_code_skill_theme")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_skill")),
        sa.UniqueConstraint("name_en", name=op.f("uq_skill_name_en")),
        sa.UniqueConstraint("name_pl", name=op.f("uq_skill_name_pl")),
    )
    op.create_index(op.f("ix_skill_theme_code"), "skill", ["theme_code"], unique=False)
    op.create_table(
        "volunteer",
        sa.Column("user_id", sa.String(length=22), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_reason", sa.String(length=500), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("district_id", sa.String(length=22), nullable=True),
        sa.Column("radius_km", sa.Integer(), nullable=True),
        sa.Column("driving_licence", sa.Boolean(), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=False),
        sa.Column("remote_only", sa.Boolean(), nullable=False),
        sa.Column("club_parent", sa.Boolean(), nullable=False),
        sa.Column("foreign_citizen", sa.Boolean(), nullable=False),
        sa.Column("lived_abroad", sa.Boolean(), nullable=False),
        sa.Column("standby", sa.Boolean(), nullable=False),
        sa.Column("about", sa.String(length=1000), nullable=False),
        sa.Column("max_hours_per_week", sa.Integer(), nullable=False),
        sa.Column("max_sessions_per_week", sa.Integer(), nullable=False),
        sa.Column("paused_from", sa.Date(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("sign_up_step", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'screening', 'awaiting_guardian', 'awaiting_clearance', 'awaiting_agreement', 'active', 'paused', 'rejected', 'withdrawn', 'ended')",
            name=op.f("ck_volunteer_state"),
        ),
        sa.CheckConstraint("max_hours_per_week BETWEEN 1 AND 40", name=op.f("ck_volunteer_hours")),
        sa.CheckConstraint("max_sessions_per_week BETWEEN 1 AND 14", name=op.f("ck_volunteer_sessions")),
        sa.CheckConstraint(
            "radius_km IS NULL OR radius_km BETWEEN 1 AND 200", name=op.f("ck_volunteer_radius")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_volunteer_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_volunteer_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer")),
        sa.UniqueConstraint("user_id", name=op.f("uq_volunteer_user_id")),
    )
    op.create_index(op.f("ix_volunteer_state"), "volunteer", ["state"], unique=False)
    op.create_table(
        "availability_exception",
        sa.Column("volunteer_id", sa.String(length=22), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("free", sa.Boolean(), nullable=False),
        sa.Column("starts_minute", sa.Integer(), nullable=False),
        sa.Column("ends_minute", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_availability_exception_days")),
        sa.CheckConstraint(
            "starts_minute >= 0 AND ends_minute <= 1440 AND starts_minute < ends_minute",
            name=op.f("ck_availability_exception_span"),
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteer.id"],
            name=op.f("fk_availability_exception_volunteer_id_volunteer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability_exception")),
    )
    op.create_index(
        op.f("ix_availability_exception_volunteer_id"),
        "availability_exception",
        ["volunteer_id"],
        unique=False,
    )
    op.create_table(
        "availability_rule",
        sa.Column("volunteer_id", sa.String(length=22), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts_minute", sa.Integer(), nullable=False),
        sa.Column("ends_minute", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.CheckConstraint(
            "starts_minute >= 0 AND ends_minute <= 1440 AND starts_minute < ends_minute",
            name=op.f("ck_availability_rule_span"),
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_availability_rule_weekday")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteer.id"],
            name=op.f("fk_availability_rule_volunteer_id_volunteer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability_rule")),
        sa.UniqueConstraint(
            "volunteer_id",
            "weekday",
            "starts_minute",
            name=op.f("uq_availability_rule_volunteer_id_weekday_starts_minute"),
        ),
    )
    op.create_index(
        op.f("ix_availability_rule_volunteer_id"), "availability_rule", ["volunteer_id"], unique=False
    )
    op.create_table(
        "skill_suggestion",
        sa.Column("volunteer_id", sa.String(length=22), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteer.id"],
            name=op.f("fk_skill_suggestion_volunteer_id_volunteer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_suggestion")),
    )
    op.create_index(
        op.f("ix_skill_suggestion_volunteer_id"), "skill_suggestion", ["volunteer_id"], unique=False
    )
    op.create_table(
        "volunteer_language",
        sa.Column("volunteer_id", sa.String(length=22), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteer.id"],
            name=op.f("fk_volunteer_language_volunteer_id_volunteer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("volunteer_id", "language", name=op.f("pk_volunteer_language")),
    )
    op.create_table(
        "volunteer_skill",
        sa.Column("volunteer_id", sa.String(length=22), nullable=False),
        sa.Column("skill_code", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_volunteer_skill_level")),
        sa.ForeignKeyConstraint(
            ["skill_code"], ["skill.code"], name=op.f("fk_volunteer_skill_skill_code_skill")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteer.id"],
            name=op.f("fk_volunteer_skill_volunteer_id_volunteer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("volunteer_id", "skill_code", name=op.f("pk_volunteer_skill")),
    )
    op.create_index(op.f("ix_volunteer_skill_skill_code"), "volunteer_skill", ["skill_code"], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_volunteer_skill_skill_code"), table_name="volunteer_skill")
    op.drop_table("volunteer_skill")
    op.drop_table("volunteer_language")
    op.drop_index(op.f("ix_skill_suggestion_volunteer_id"), table_name="skill_suggestion")
    op.drop_table("skill_suggestion")
    op.drop_index(op.f("ix_availability_rule_volunteer_id"), table_name="availability_rule")
    op.drop_table("availability_rule")
    op.drop_index(op.f("ix_availability_exception_volunteer_id"), table_name="availability_exception")
    op.drop_table("availability_exception")
    op.drop_index(op.f("ix_volunteer_state"), table_name="volunteer")
    op.drop_table("volunteer")
    op.drop_index(op.f("ix_skill_theme_code"), table_name="skill")
    op.drop_table("skill")
    op.drop_table("skill_theme")
    op.drop_table("district")
