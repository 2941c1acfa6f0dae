"""Keep uploaded tables until they are imported."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "import_file",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("rules_said", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.String(length=22), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("imported_rows", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.CheckConstraint("kind IN ('partners', 'needs', 'volunteers')", name=op.f("ck_import_file_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
    )
    op.create_index(op.f("ix_import_file_created_at"), "import_file", ["created_at"], unique=False)
    op.create_index(op.f("ix_import_file_created_by_id"), "import_file", ["created_by_id"], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_index(op.f("ix_import_file_created_by_id"), table_name="import_file")
    op.drop_index(op.f("ix_import_file_created_at"), table_name="import_file")
    op.drop_table("import_file")
