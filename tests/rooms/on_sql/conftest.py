from tests.support.database import migrated_sqlite, sqlite_database

__all__ = ["migrated_sqlite", "sqlite_database"]
