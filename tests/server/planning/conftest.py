from tests.support.database import database, database_url, postgres_cluster, sqlite_database

__all__ = ["database", "database_url", "postgres_cluster", "sqlite_database"]
