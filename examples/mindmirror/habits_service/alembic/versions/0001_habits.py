"""Create the habits table and a few habits to look at."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    habits = op.create_table(
        "habits",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("user_id", sa.String, nullable=False, index=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("times_per_week", sa.Integer, nullable=False),
        sa.Column("check_ins", sa.Integer, nullable=False, server_default=sa.text("0")),
    )
    op.bulk_insert(
        habits,
        [
            {"id": "h1", "user_id": "u1", "title": "Meditate", "times_per_week": 5, "check_ins": 12},
            {"id": "h2", "user_id": "u1", "title": "Walk outside", "times_per_week": 7, "check_ins": 30},
            {"id": "h3", "user_id": "u2", "title": "Read a chapter", "times_per_week": 3, "check_ins": 4},
        ],
    )


def downgrade() -> None:
    op.drop_table("habits")
