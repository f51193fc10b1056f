import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0003_saved_views'),
        ('organisations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reassignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='理由')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reassignment', to='ledger.event', verbose_name='事件')),
                ('from_post', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.post', verbose_name='原岗位')),
                ('from_unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.unit', verbose_name='原单位')),
                ('to_post', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.post', verbose_name='新岗位')),
                ('to_unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.unit', verbose_name='新单位')),
            ],
            options={
                'verbose_name': '改派记录',
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='reassignment_reasoned', violation_error_message='改派要有理由。')],
            },
        ),
    ]
