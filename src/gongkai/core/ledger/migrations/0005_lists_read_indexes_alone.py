from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0004_reassignments'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='obligation', name='obligation_by_due'),
        migrations.RemoveIndex(model_name='obligation', name='obligation_open_by_due'),
        migrations.RemoveIndex(model_name='obligation', name='obligation_of_entry'),
        migrations.RemoveIndex(model_name='obligation', name='obligation_done_late'),
        migrations.AddIndex(
            model_name='obligation',
            index=models.Index(models.F('due_at'), models.F('id'), models.F('tally'), models.F('binding'), models.F('unit'), models.F('entry'), name='obligation_by_due'),
        ),
        migrations.AddIndex(
            model_name='obligation',
            index=models.Index(models.F('due_at'), models.F('id'), models.F('tally'), models.F('binding'), models.F('unit'), models.F('entry'), condition=models.Q(('state', 'OPEN')), name='obligation_open_by_due'),
        ),
        migrations.AddIndex(
            model_name='obligation',
            index=models.Index(models.F('entry'), models.F('tally'), models.F('due_at'), models.F('id'), models.F('binding'), name='obligation_of_entry'),
        ),
        migrations.AddIndex(
            model_name='obligation',
            index=models.Index(models.F('tally'), models.F('fulfilled_at'), condition=models.Q(('tally', 'DONE_LATE')), name='obligation_done_late'),
        ),
    ]
