"""The habits service: GraphQL at /graphql, the health contract at /health."""

import os

import uvicorn
from fastapi import FastAPI
from strawberry.fastapi import GraphQLRouter

from .health import health
from .schema import schema

app = FastAPI(title="habits-service")
app.include_router(GraphQLRouter(schema), prefix="/graphql")
app.get("/health")(health)

if __name__ == "__main__":
    uvicorn.run(
        app,
        host=os.environ.get("HOST", "0.0.0.0"),
        port=int(os.environ.get("PORT", "8003")),
        log_level="warning",
    )
