import django.db.models.deletion
from django.db import migrations, models

# What the second notice of 2020 took back, and what a table without editions could therefore not hold: day, name.
TAKEN_BACK = {"2020-2": ("2020", "2020-02-01", "春节")}


def keep_editions(apps, schema_editor):
    """Make the editions of every year from its notices, one after the other, as loading the packaged years does."""
    notices = list(apps.get_model("workdays", "HolidayNotice").objects.order_by("id"))
    days = apps.get_model("workdays", "CalendarDay")
    edition_model = apps.get_model("workdays", "CalendarEdition")
    stored = list(days.objects.order_by("day"))
    codes = {notice.code: notice for notice in notices}
    arranged = [(day.day, day.name, day.is_workday, day.is_statutory, day.notice_id) for day in stored]
    for later, (earlier, day, name) in TAKEN_BACK.items():
        if later in codes and earlier in codes:
            arranged.insert(0, (day, name, True, False, codes[earlier].pk))
    days.objects.all().delete()
    merged, versions = {}, {}
    for notice in notices:
        rows = [row for row in arranged if row[4] == notice.pk]
        for year in sorted({notice.year, *(int(str(row[0])[:4]) for row in rows)}):
            merged[year] = {**merged.get(year, {}), **{str(row[0]): row for row in rows if int(str(row[0])[:4]) == year}}
            versions[year] = versions.get(year, 0) + 1
            act = "REPLACE" if versions[year] == 1 else "AMEND"
            edition = edition_model.objects.create(year=year, version=versions[year], act=act, notice=notice)
            days.objects.bulk_create(
                days(edition=edition, day=row[0], name=row[1], is_workday=row[2], is_statutory=row[3], notice_id=row[4])
                for _, row in sorted(merged[year].items())
            )


    _settle_checks(schema_editor)


def keep_what_holds(apps, schema_editor):
    """Back: only the days of the newest edition of each year stay."""
    held = dict(apps.get_model("workdays", "CalendarEdition").objects.filter(withdrawn_at=None).order_by("version").values_list("year", "id"))
    apps.get_model("workdays", "CalendarDay").objects.exclude(edition_id__in=held.values()).delete()
    apps.get_model("workdays", "CalendarDay").objects.update(edition=None)
    apps.get_model("workdays", "CalendarEdition").objects.all().delete()
    _settle_checks(schema_editor)


def _settle_checks(schema_editor):
    """PostgreSQL does not alter a table whose foreign keys are still to be checked."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):

    dependencies = [
        ('workdays', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='holidaynotice',
            name='issued_on',
            field=models.DateField(blank=True, help_text='不知道就空着', null=True, verbose_name='公布日'),
        ),
        migrations.CreateModel(
            name='CalendarEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年份')),
                ('version', models.PositiveSmallIntegerField(verbose_name='版次')),
                ('act', models.CharField(choices=[('REPLACE', '整年换成这张表'), ('AMEND', '只改表里的日子'), ('WITHDRAW', '撤回最新一版')], max_length=8, verbose_name='办法')),
                ('loaded_at', models.DateTimeField(help_text='随产品的没有', null=True, verbose_name='装入时间')),
                ('loaded_by', models.CharField(blank=True, max_length=60, verbose_name='装入人')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='撤回时间')),
                ('withdrawn_by', models.CharField(blank=True, max_length=60, verbose_name='撤回人')),
                ('withdraw_reason', models.CharField(blank=True, max_length=200, verbose_name='撤回理由')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='workdays.holidaynotice', verbose_name='依据')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('year', 'version'), name='calendar_edition_once', violation_error_message='这一年的这一版已经有了。'), models.CheckConstraint(condition=models.Q(models.Q(('withdraw_reason', ''), ('withdrawn_at__isnull', True)), models.Q(('withdrawn_at__isnull', False), models.Q(('withdraw_reason', ''), _negated=True)), _connector='OR'), name='calendar_edition_withdrawn_with_reason', violation_error_message='撤回日历要写明理由。'), models.CheckConstraint(condition=models.Q(models.Q(('loaded_at__isnull', True), ('loaded_by', '')), models.Q(('loaded_at__isnull', False), models.Q(('loaded_by', ''), _negated=True)), _connector='OR'), name='calendar_edition_loaded_by_someone', violation_error_message='装入日历要写明是谁。')],
            },
        ),
        migrations.AlterField(
            model_name='calendarday',
            name='day',
            field=models.DateField(verbose_name='日期'),
        ),
        migrations.AddField(
            model_name='calendarday',
            name='edition',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='days', to='workdays.calendaredition', verbose_name='版次'),
        ),
        migrations.RunPython(keep_editions, keep_what_holds),
        migrations.AlterField(
            model_name='calendarday',
            name='edition',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='days', to='workdays.calendaredition', verbose_name='版次'),
        ),
        migrations.AddConstraint(
            model_name='calendarday',
            constraint=models.UniqueConstraint(fields=('edition', 'day'), name='calendar_day_once', violation_error_message='同一版里一天只能有一行。'),
        ),
    ]
