"""Tell dates cancelled with their need from those cancelled one by one."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; of needs to be completed, every date counts as cancelled with the need."""
    with_need = sa.Column("with_need", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("need_session", with_need)
    op.execute(
        "UPDATE need_session SET with_need = (1 = 1) WHERE state = 'cancelled' "
        "AND need_id IN (SELECT id FROM need WHERE state IN ('returned', 'submitted'))"
    )


def downgrade() -> None:
    """Undo."""
    op.drop_column("need_session", "with_need")
