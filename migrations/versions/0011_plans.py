"""Keep figures, progress and trials of matching runs, the wishes in force, and pairs kept or never made."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

RUN_COLUMNS = ("kind", "based_on_id", "stop_asked_at", "progress", "steps", "kept", "figures")
IN_FORCE = sa.text("lifted_at IS NULL")


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("match_run") as table:
        table.add_column(sa.Column("kind", sa.String(length=10), server_default="desk", nullable=False))
        table.add_column(sa.Column("based_on_id", sa.String(length=22), nullable=True))
        table.add_column(sa.Column("stop_asked_at", sa.DateTime(timezone=True), nullable=True))
        for name in ("progress", "steps", "kept", "figures"):
            table.add_column(sa.Column(name, sa.JSON(), nullable=True))
        table.create_check_constraint(op.f("ck_match_run_kind"), "kind IN ('desk', 'trial', 'replay')")
        table.create_foreign_key(
            op.f("fk_match_run_based_on_id_match_run"),
            "match_run",
            ["based_on_id"],
            ["id"],
            ondelete="SET NULL",
        )
    op.create_table(
        "match_wishes",
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.String(length=22), nullable=True),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_wishes")),
    )
    op.create_index(op.f("ix_match_wishes_set_at"), "match_wishes", ["set_at"], unique=False)
    op.create_table(
        "match_pair",
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("volunteer_id", sa.String(length=22), nullable=False),
        sa.Column("opening_id", sa.String(length=22), nullable=True),
        sa.Column("need_id", sa.String(length=22), nullable=True),
        sa.Column("partner_id", sa.String(length=22), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.String(length=22), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.String(length=22), nullable=True),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.CheckConstraint("kind IN ('keep', 'never')", name=op.f("ck_match_pair_kind")),
        sa.CheckConstraint(
            "(kind = 'keep' AND opening_id IS NOT NULL AND need_id IS NULL AND partner_id IS NULL) OR "
            "(kind = 'never' AND opening_id IS NULL AND (need_id IS NULL) <> (partner_id IS NULL))",
            name=op.f("ck_match_pair_target"),
        ),
        *(_reference(name) for name in ("volunteer", "opening", "need", "partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_pair")),
    )
    for name in ("volunteer", "opening", "need", "partner"):
        op.create_index(op.f(f"ix_match_pair_{name}_id"), "match_pair", [f"{name}_id"], unique=False)
    for name in ("opening", "need", "partner"):
        op.create_index(
            f"uq_match_pair_{name}",
            "match_pair",
            ["volunteer_id", f"{name}_id"],
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        )


def _reference(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [f"{name}_id"], [f"{name}.id"], name=op.f(f"fk_match_pair_{name}_id_{name}"), ondelete="CASCADE"
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("match_pair")
    op.drop_table("match_wishes")
    # Trials and replays that nobody put on the desk would be taken for its last plan as ordinary runs.
    op.execute(
        "DELETE FROM match_run WHERE kind <> 'desk'"
        " AND id NOT IN (SELECT run_id FROM match WHERE run_id IS NOT NULL)"
    )
    with op.batch_alter_table("match_run") as table:
        table.drop_constraint(op.f("fk_match_run_based_on_id_match_run"), type_="foreignkey")
        table.drop_constraint(op.f("ck_match_run_kind"), type_="check")
        for name in RUN_COLUMNS:
            table.drop_column(name)
