from django.db import migrations


class Migration(migrations.Migration):
    """Records written before there was a chain wait for it like any other."""

    dependencies = [("audit", "0002_sealed_chain")]

    operations = [
        migrations.RunSQL(
            "INSERT INTO audit_auditpending (record_id) SELECT id FROM audit_auditrecord"
            " WHERE id NOT IN (SELECT record_id FROM audit_auditpending)",
            migrations.RunSQL.noop,
        )
    ]
