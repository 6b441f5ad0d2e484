"""Count how often a habit was kept in a row.

Only adds, and with a default: the revision before this one goes on working, and a rollback needs no downgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("habits", sa.Column("streak", sa.Integer, nullable=False, server_default=sa.text("0")))


def downgrade() -> None:
    op.drop_column("habits", "streak")
