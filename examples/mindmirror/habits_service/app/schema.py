"""The habits subgraph. `python3 -m habits_service.app.schema` prints the SDL that schema.graphql keeps."""

from typing import Optional

import strawberry
from sqlalchemy import Row, select, update

from .database import engine, habits


@strawberry.federation.type(keys=["id"])
class Habit:
    id: strawberry.ID
    title: str
    times_per_week: int
    check_ins: int

    @classmethod
    async def resolve_reference(cls, id: strawberry.ID) -> Optional["Habit"]:
        found = await habits_where(habits.c.id == id)
        return found[0] if found else None


@strawberry.federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.field
    async def habits(self) -> list[Habit]:
        return await habits_where(habits.c.user_id == self.id)


@strawberry.type
class Query:
    @strawberry.field
    async def habits(self) -> list[Habit]:
        return await habits_where()


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def check_in(self, habit_id: strawberry.ID) -> Optional[Habit]:
        counted = update(habits).where(habits.c.id == habit_id).values(check_ins=habits.c.check_ins + 1)
        async with engine().begin() as connection:
            row = (await connection.execute(counted.returning(habits))).one_or_none()
        return habit_of(row) if row else None


async def habits_where(*conditions) -> list[Habit]:
    async with engine().connect() as connection:
        rows = await connection.execute(select(habits).where(*conditions).order_by(habits.c.id))
        return [habit_of(row) for row in rows]


def habit_of(row: Row) -> Habit:
    return Habit(id=row.id, title=row.title, times_per_week=row.times_per_week, check_ins=row.check_ins)


schema = strawberry.federation.Schema(query=Query, mutation=Mutation, types=[User], enable_federation_2=True)

if __name__ == "__main__":
    print(schema.as_str())
