"""The health contract of src/shared/health.ts, for Python."""

import asyncio
import logging
import os

from sqlalchemy import text

from .database import engine

PROBE_TIMEOUT_SECONDS = 2


async def health() -> dict:
    """What GET /health says; the database is asked now, so the answer is never healthier than the service."""
    dependencies = {"database": await database_state()}
    connected = all(state == "connected" for state in dependencies.values())
    return {
        "status": "healthy" if connected else "unhealthy",
        "service": "habits-service",
        "version": os.environ.get("IMAGE_TAG", "unknown"),
        "revision": os.environ.get("K_REVISION", "local"),
        "dependencies": dependencies,
    }


async def database_state() -> str:
    try:
        await asyncio.wait_for(ask_database(), PROBE_TIMEOUT_SECONDS)
        return "connected"
    except Exception as error:  # whatever stops the query means the same: not connected
        logging.error("dependency is disconnected: %r", error)
        return "disconnected"


async def ask_database() -> None:
    async with engine().connect() as connection:
        await connection.execute(text("select 1"))
