"""Two functions that every trigger of row history calls, in a form that costs nothing.

As pgtrigger and pghistory bring them, each reads a setting that is never set here and catches the error: two
subtransactions for every row written, which took five sixths of the time of writing it. They are put in place
after every migration, because each migration of a trigger brings the first of them back.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

# pgtrigger lets any session switch a trigger off by a setting; here no trigger can be passed over.
NEVER_IGNORED = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT FALSE'
"""

# pghistory notes the request behind a change, where somebody opened a context; who did it is in the row.
CONTEXT_IF_ANY = """
    CREATE OR REPLACE FUNCTION public._pgh_attach_context() RETURNS UUID LANGUAGE plpgsql AS $$
        DECLARE
            asked UUID := NULLIF(CURRENT_SETTING('pghistory.context_id', TRUE), '');
            said JSONB := NULLIF(CURRENT_SETTING('pghistory.context_metadata', TRUE), '');
        BEGIN
            IF asked IS NULL OR said IS NULL THEN
                RETURN NULL;
            END IF;
            INSERT INTO pghistory_context (id, metadata, created_at, updated_at)
                VALUES (asked, said, NOW(), NOW())
                ON CONFLICT (id) DO UPDATE SET metadata = EXCLUDED.metadata, updated_at = EXCLUDED.updated_at
                    WHERE pghistory_context.metadata != EXCLUDED.metadata;
            RETURN asked;
        END;
    $$
"""


QUICK = {"_pgtrigger_should_ignore": NEVER_IGNORED, "_pgh_attach_context": CONTEXT_IF_ANY}


def quicken(connection: BaseDatabaseWrapper) -> None:
    """Put the quick functions in the place of those that are there. The connection is the owner's."""
    with connection.cursor() as cursor:
        for name, statement in QUICK.items():
            cursor.execute("SELECT to_regproc(%s) IS NOT NULL", [f"public.{name}"])
            if cursor.fetchone() == (True,):
                cursor.execute(statement)
