import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0008_extensions_that_are_asked_for'),
        ('organisations', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='obligation',
            name='post',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='organisations.post', verbose_name='承办岗位'),
        ),
        migrations.AddIndex(
            model_name='obligation',
            index=models.Index(models.F('post'), models.F('due_at'), models.F('id'), name='obligation_of_post'),
        ),
    ]
