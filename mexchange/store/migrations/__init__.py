"""Alembic's side of the tables: one folder of revisions for each database. Run by `store.migration`."""
