from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """When a text was begun was not kept until now; the first edition's last save is the nearest that is known, and never before it."""
    Cause = apps.get_model("disclosure", "Cause")
    Edition = apps.get_model("publishing", "Edition")
    saved = Edition.objects.filter(publication__uuid=OuterRef("publication_id"), number=1).values("saved_at")[:1]
    Cause.objects.filter(publication__isnull=False, began_at=None).update(began_at=Subquery(saved))


class Migration(migrations.Migration):

    dependencies = [
        ("disclosure", "0002_registers_and_first_saves"),
        ("publishing", "0001_initial"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
