"""The habits table and the way to it."""

import os
import re
from functools import lru_cache

from sqlalchemy import Column, Integer, MetaData, String, Table, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

metadata = MetaData()

habits = Table(
    "habits",
    metadata,
    Column("id", String, primary_key=True),
    Column("user_id", String, nullable=False, index=True),
    Column("title", String, nullable=False),
    Column("times_per_week", Integer, nullable=False),
    Column("check_ins", Integer, nullable=False, server_default=text("0")),
)


def database_url() -> str:
    """DATABASE_URL in the form that everybody writes (postgresql://…), for the asyncpg driver."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        raise RuntimeError("DATABASE_URL must be postgresql://user:password@host:port/database, it is not set")
    return re.sub(r"^postgres(ql)?://", "postgresql+asyncpg://", url)


@lru_cache(maxsize=None)
def engine() -> AsyncEngine:
    """Made at the first use, so that the schema can be exported without a database."""
    return create_async_engine(database_url(), pool_size=4, pool_pre_ping=True)
