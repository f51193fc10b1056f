from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """What was public before editions kept their own moment became public with its publication."""
    Edition = apps.get_model("publishing", "Edition")
    Publication = apps.get_model("publishing", "Publication")
    moment = Publication.objects.filter(public_edition=OuterRef("pk")).values("published_at")[:1]
    Edition.objects.filter(shown_by__published_at__isnull=False, released_at=None).update(released_at=Subquery(moment))


class Migration(migrations.Migration):
    dependencies = [("publishing", "0009_releases_and_editions")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
