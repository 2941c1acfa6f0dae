"""Ask for rooms and things, offer them, and lend them session by session."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_KINDS = (
    "kind IN ('room', 'kitchen', 'tables', 'chairs', 'projector', 'sound', 'crafts', 'games', 'sports', "
    "'instruments', 'tools', 'tent', 'minibus')"
)
_LOAN_STATES = (
    "state IN ('proposed', 'rejected', 'superseded', 'asked', 'agreed', 'refused', 'expired', 'cancelled')"
)
_HOLDING = sa.text("state IN ('agreed', 'asked')")
_QUANTITY = "quantity BETWEEN 1 AND 500"


def upgrade() -> None:
    """Apply."""
    _need_item()
    _lending_offer()
    _loan()
    _lending_slot()


def _need_item() -> None:
    op.create_table(
        "need_item",
        sa.Column("need_id", sa.String(length=22), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.CheckConstraint(_KINDS, name=op.f("ck_need_item_kind")),
        sa.CheckConstraint(_QUANTITY, name=op.f("ck_need_item_quantity")),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_need_item_need_id_need"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_item")),
        sa.UniqueConstraint("id", "need_id", name=op.f("uq_need_item_id_need_id")),
    )
    op.create_index(op.f("ix_need_item_need_id"), "need_item", ["need_id"], unique=False)


def _lending_offer() -> None:
    op.create_table(
        "lending_offer",
        sa.Column("partner_id", sa.String(length=22), nullable=False),
        sa.Column("venue_id", sa.String(length=22), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("starts_local", sa.Time(), nullable=True),
        sa.Column("ends_local", sa.Time(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(starts_local IS NULL) = (ends_local IS NULL)", name=op.f("ck_lending_offer_both_hours")
        ),
        sa.CheckConstraint(
            "first_day IS NULL OR last_day IS NULL OR first_day <= last_day",
            name=op.f("ck_lending_offer_days"),
        ),
        sa.CheckConstraint(
            "starts_local IS NULL OR starts_local < ends_local", name=op.f("ck_lending_offer_hours")
        ),
        sa.CheckConstraint(_KINDS, name=op.f("ck_lending_offer_kind")),
        sa.CheckConstraint(_QUANTITY, name=op.f("ck_lending_offer_quantity")),
        sa.CheckConstraint("state IN ('active', 'withdrawn')", name=op.f("ck_lending_offer_state")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_lending_offer_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_lending_offer_venue_id_venue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lending_offer")),
    )
    op.create_index(op.f("ix_lending_offer_partner_id"), "lending_offer", ["partner_id"], unique=False)


def _loan() -> None:
    op.create_table(
        "loan",
        sa.Column("need_id", sa.String(length=22), nullable=False),
        sa.Column("session_id", sa.String(length=22), nullable=False),
        sa.Column("item_id", sa.String(length=22), nullable=False),
        sa.Column("offer_id", sa.String(length=22), nullable=False),
        sa.Column("run_id", sa.String(length=22), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_channel", sa.String(length=10), nullable=True),
        sa.Column("decided_by_id", sa.String(length=22), nullable=True),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(_LOAN_STATES, name=op.f("ck_loan_state")),
        sa.ForeignKeyConstraint(
            ["item_id", "need_id"],
            ["need_item.id", "need_item.need_id"],
            name=op.f("fk_loan_item_id_need_id_need_item"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["lending_offer.id"], name=op.f("fk_loan_offer_id_lending_offer")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["match_run.id"], name=op.f("fk_loan_run_id_match_run")),
        sa.ForeignKeyConstraint(
            ["session_id", "need_id"],
            ["need_session.id", "need_session.need_id"],
            name=op.f("fk_loan_session_id_need_id_need_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan")),
        sa.UniqueConstraint(
            "session_id", "item_id", "offer_id", name=op.f("uq_loan_session_id_item_id_offer_id")
        ),
    )
    for column in ("need_id", "offer_id", "state"):
        op.create_index(op.f(f"ix_loan_{column}"), "loan", [column], unique=False)
    op.create_index(
        "uq_loan_holding",
        "loan",
        ["session_id", "item_id"],
        unique=True,
        sqlite_where=_HOLDING,
        postgresql_where=_HOLDING,
    )


def _lending_slot() -> None:
    op.create_table(
        "lending_slot",
        sa.Column("offer_id", sa.String(length=22), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loan_id", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loan.id"], name=op.f("fk_lending_slot_loan_id_loan"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["lending_offer.id"],
            name=op.f("fk_lending_slot_offer_id_lending_offer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("offer_id", "starts_at", name=op.f("pk_lending_slot")),
    )
    op.create_index(op.f("ix_lending_slot_loan_id"), "lending_slot", ["loan_id"], unique=False)


def downgrade() -> None:
    """Undo."""
    for name in ("lending_slot", "loan", "lending_offer", "need_item"):
        op.drop_table(name)
