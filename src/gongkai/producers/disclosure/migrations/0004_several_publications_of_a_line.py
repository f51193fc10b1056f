import django.db.models.deletion
from django.db import migrations, models

# What the law demands of the same thing besides: the catalogue's entries whose term begins with the same day.
ALSO = {
    ("expropriation", "expro.approval"): "expro.materials；expro.notice",
    ("land_market", "land.negotiated_result"): "land.contract_result",
}


def name_what_is_owed_besides(apps, schema_editor):
    entries = apps.get_model("disclosure", "SourceEntry").objects
    for (source, entry), also in ALSO.items():
        entries.filter(source__code=source, entry__code=entry, also="").update(also=also)


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0001_initial'),
        ('disclosure', '0003_fill_first_saves'),
    ]

    operations = [
        migrations.AddField(
            model_name='cause',
            name='registered_with',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='others', to='disclosure.cause', verbose_name='同一行登记的事由'),
        ),
        migrations.AddField(
            model_name='sourceentry',
            name='also',
            field=models.CharField(blank=True, help_text='事项代码，用分号隔开', max_length=200, verbose_name='同时要公开的事项'),
        ),
        migrations.AddField(
            model_name='cause',
            name='stands_alone',
            field=models.GeneratedField(db_persist=True, expression=models.ExpressionWrapper(models.Q(('obligation__isnull', True), ('publication__isnull', True), ('withdrawn_at__isnull', True)), output_field=models.BooleanField()), output_field=models.BooleanField(verbose_name='没有期限也没有文稿')),
        ),
        migrations.AddIndex(
            model_name='cause',
            index=models.Index(models.F('happened_on'), models.F('id'), models.F('unit'), condition=models.Q(('stands_alone', True)), name='cause_unpublished'),
        ),
        migrations.RunPython(name_what_is_owed_besides, migrations.RunPython.noop, elidable=True),
    ]
