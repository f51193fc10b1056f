from django.db import migrations
from django.db.models import Max, Min, Q


def tell_updates(apps, schema_editor):
    """What was made public before the ledger kept the freshness of columns: one row for a column, a unit and the entry's own cadence."""
    Publication = apps.get_model("publishing", "Publication")
    ColumnUpdate = apps.get_model("ledger", "ColumnUpdate")
    Terms = apps.get_model("ledger", "Terms")
    comes_again = Q(limit_text__startswith="cadence:") | Q(clock_start__contains="季度首日")
    cadences = set(Terms.objects.filter(comes_again, is_current=True).values_list("entry", flat=True))
    found = (
        Publication.objects.filter(state="PUBLIC", published_at__isnull=False)
        .values("section__code", "entry__code", "unit_id")
        .annotate(first=Min("published_at"), last=Max("published_at"))
        .order_by()
    )
    rows = {}
    for one in found:
        entry = one["entry__code"] if one["entry__code"] in cadences else ""
        key = (one["section__code"], entry, one["unit_id"])
        row = rows.setdefault(key, [one["first"], one["last"]])
        row[0], row[1] = min(row[0], one["first"]), max(row[1], one["last"])
    ColumnUpdate.objects.bulk_create(
        (
            # The next look opens the periods since then, where the entry has a cadence.
            ColumnUpdate(column=column, entry=entry, unit_id=unit, first_at=first, last_at=last, next_opens_at=last if entry else None)
            for (column, entry, unit), (first, last) in rows.items()
        ),
        batch_size=500,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("ledger", "0002_movements_targets_and_cadences"),
    ]

    operations = [migrations.RunPython(tell_updates, migrations.RunPython.noop)]
