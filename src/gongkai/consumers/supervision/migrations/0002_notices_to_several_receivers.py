from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0001_initial'),
        ('supervision', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='event',
            field=models.BigIntegerField(verbose_name='台账事件'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('event', 'post'), name='notice_once_to_post', violation_error_message='这个岗位已经收到。'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(condition=models.Q(('post__isnull', True)), fields=('event',), name='notice_once_to_unit', violation_error_message='这个单位已经收到。'),
        ),
    ]
