"""How a database of an older release becomes one of this release; `schema.migrate` walks it.

A new migration: change the tables, run `python -m storage.migrations.draft "what changes"`, read what it
wrote, set `schema.HEAD`. Alembic does not see a changed partial index, CHECK or trigger: the test that
compares a migrated database with a created one does. Migrations import nothing of ours, for ours moves on.
"""
