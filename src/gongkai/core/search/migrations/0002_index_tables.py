"""The tables and columns that hold the tokens. Django knows none of them: each database has its own."""

from django.db import migrations

SQLITE = [
    # Pairs of characters with positions. `ascii` takes every character outside ASCII as part of a token: no list of letters that ages.
    "CREATE VIRTUAL TABLE search_text USING fts5(title, number, body, meta, content='', tokenize='ascii')",
    # Two-character words: only in which documents they are.
    "CREATE VIRTUAL TABLE search_words USING fts5(words, content='', detail=none, columnsize=0, tokenize='ascii')",
]
SQLITE_BACK = ["DROP TABLE search_words", "DROP TABLE search_text"]

POSTGRESQL = [
    """
    ALTER TABLE search_entry
        ADD COLUMN pieces text[] NOT NULL DEFAULT '{}',
        ADD COLUMN title_pieces text[] NOT NULL DEFAULT '{}',
        ADD COLUMN title_words text[] NOT NULL DEFAULT '{}',
        ADD COLUMN title_canonical text NOT NULL DEFAULT '',
        ADD COLUMN words text[] NOT NULL DEFAULT '{}',
        ADD COLUMN canonical text NOT NULL DEFAULT ''
    """,
    # Everything wide lies beside the table: what is read for a filter or an order stays small. The two columns that an order needs stay in it.
    "ALTER TABLE search_entry SET (toast_tuple_target = 128)",
    "ALTER TABLE search_entry ALTER COLUMN title_words SET STORAGE MAIN, ALTER COLUMN title_canonical SET STORAGE MAIN",
    # lz4 unpacks several times faster; a server built without it keeps its own way.
    """
    DO $$ BEGIN
        ALTER TABLE search_entry
            ALTER COLUMN body SET COMPRESSION lz4, ALTER COLUMN pieces SET COMPRESSION lz4, ALTER COLUMN canonical SET COMPRESSION lz4;
    EXCEPTION WHEN feature_not_supported THEN NULL;
    END $$
    """,
    "CREATE INDEX search_entry_pieces ON search_entry USING gin (pieces)",  # any text
    "CREATE INDEX search_entry_title_pieces ON search_entry USING gin (title_pieces)",  # hits in title or number come first
    "CREATE INDEX search_entry_words ON search_entry USING gin (words)",  # two-character words
]
POSTGRESQL_BACK = [
    """
    ALTER TABLE search_entry
        DROP COLUMN canonical, DROP COLUMN words, DROP COLUMN title_canonical,
        DROP COLUMN title_words, DROP COLUMN title_pieces, DROP COLUMN pieces
    """,
    "ALTER TABLE search_entry RESET (toast_tuple_target)",
]


def make(apps, schema_editor):
    run(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def unmake(apps, schema_editor):
    run(schema_editor, {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK})


def run(schema_editor, statements):
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
