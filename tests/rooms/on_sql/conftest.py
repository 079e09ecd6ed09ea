from tests.support.database import sqlite_database

__all__ = ["sqlite_database"]
