"""What Alembic runs for each command: on the connection, and in the transaction, of `store.migration`."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=False)
context.run_migrations()
