import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0002_movements_targets_and_cadences'),
        ('organisations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=20, verbose_name='名称')),
                ('query', models.CharField(blank=True, max_length=400, verbose_name='筛选')),
                ('saved_at', models.DateTimeField(verbose_name='保存时间')),
                ('officer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='organisations.officer', verbose_name='人员')),
            ],
            options={
                'verbose_name': '视图',
                'constraints': [models.UniqueConstraint(fields=('officer', 'name'), name='saved_view_named_once', violation_error_message='您已有一个同名的视图，请换一个名称。'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='saved_view_named', violation_error_message='请给视图起个名称。')],
            },
        ),
    ]
