"""How the tables came to be, as Alembic revisions; run by ``migrate`` at every start.

There is no way down: a failed upgrade is rolled back whole, and an older release is served by a backup.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from server.store.engine import Database

_ADVISORY_LOCK = 7_238_810_442


async def migrate(database: Database, revision: str = "head") -> None:
    """Bring the database to the newest revision, in one transaction; nothing to do is fine."""
    async with database.write() as connection:
        if not database.is_sqlite:  # two servers starting at once: the second waits, then finds it done
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
        await connection.run_sync(_upgrade, revision)


def _upgrade(connection: Connection, revision: str) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent))
    command.upgrade(config, revision)
