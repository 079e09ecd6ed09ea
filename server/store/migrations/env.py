"""Alembic's entry point: runs the revisions on the connection that ``migrate`` opened."""

from alembic import context

from server.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
context.run_migrations()
