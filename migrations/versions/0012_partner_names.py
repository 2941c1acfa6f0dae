"""Give the name of a rejected registration free."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_NOT_REJECTED = sa.text("state != 'rejected'")
# SQLite rebuilds the table and does not tell its conditions.
_CONDITIONS = {
    "ck_partner_kind": "kind IN "
    "('ngo', 'public', 'school', 'library', 'sports_club', 'culture', 'fire_brigade', 'company')",
    "ck_partner_state": "state IN "
    "('registered', 'under_review', 'verified', 'returned', 'rejected', 'suspended')",
}


def _conditions() -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(words, name=op.f(name)) for name, words in _CONDITIONS.items()]


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("partner", table_args=_conditions()) as table:
        table.drop_constraint(op.f("uq_partner_name"), type_="unique")
        table.drop_column("verified_at")
    op.create_index(
        op.f("uq_partner_name"),
        "partner",
        ["name"],
        unique=True,
        sqlite_where=_NOT_REJECTED,
        postgresql_where=_NOT_REJECTED,
    )


def downgrade() -> None:
    """Undo; of registrations that share a name, the rejected ones are told apart by their key."""
    op.drop_index(op.f("uq_partner_name"), table_name="partner")
    op.execute(
        "UPDATE partner SET name = substr(name, 1, 135) || ' ' || id WHERE state = 'rejected' AND EXISTS "
        "(SELECT 1 FROM partner other WHERE other.name = partner.name AND other.id != partner.id)"
    )
    with op.batch_alter_table("partner", table_args=_conditions()) as table:
        table.add_column(sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
        table.create_unique_constraint(op.f("uq_partner_name"), ["name"])
