"""An issued version is fixed in the database itself: changing what it says or removing it fails, whoever tries.

On SQLite a later migration that rebuilds the table drops its triggers: it must run `close` again.
"""

from django.db import migrations

FIXED = (
    "name", "year", "version_label", "content", "digest", "waiting", "source_file_id", "made_from_id", "loaded_at",
    "loaded_by_name", "issued_at", "issued_by_name", "issue_number", "effective_from", "effective_to",
)  # fmt: skip
_DIFFERS = {"sqlite": "NEW.{0} IS NOT OLD.{0}", "postgresql": "NEW.{0} IS DISTINCT FROM OLD.{0}"}


def _changed(vendor):
    told = " OR ".join(_DIFFERS[vendor].format(column) for column in FIXED)
    return f"OLD.status <> 'draft' AND (NEW.status = 'draft' OR {told})"


SQLITE = [
    "CREATE TRIGGER scheme_version_fixed BEFORE UPDATE ON scheme_version "
    f"WHEN {_changed('sqlite')} BEGIN SELECT RAISE(ABORT, 'an issued scheme never changes'); END",
    "CREATE TRIGGER scheme_version_kept BEFORE DELETE ON scheme_version "
    "WHEN OLD.status <> 'draft' BEGIN SELECT RAISE(ABORT, 'an issued scheme is never removed'); END",
]
POSTGRESQL = [
    "CREATE FUNCTION scheme_version_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'an issued scheme never changes and is never removed' "
    "USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER scheme_version_fixed BEFORE UPDATE ON scheme_version "
    f"FOR EACH ROW WHEN ({_changed('postgresql')}) EXECUTE FUNCTION scheme_version_refuse()",
    "CREATE TRIGGER scheme_version_kept BEFORE DELETE ON scheme_version "
    "FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION scheme_version_refuse()",
]
OPENED = {
    "sqlite": ["DROP TRIGGER scheme_version_fixed", "DROP TRIGGER scheme_version_kept"],
    "postgresql": [
        "DROP TRIGGER scheme_version_fixed ON scheme_version",
        "DROP TRIGGER scheme_version_kept ON scheme_version",
        "DROP FUNCTION scheme_version_refuse()",
    ],
}


def close(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def reopen(apps, schema_editor):
    for statement in OPENED[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("schemes", "0002_drafting")]
    operations = [migrations.RunPython(close, reopen)]
