import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0007_stops_end_by_themselves'),
        ('organisations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExtensionProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('amount', models.PositiveSmallIntegerField(verbose_name='延长')),
                ('unit', models.CharField(choices=[('WORKDAY', '个工作日'), ('DAY', '日'), ('MONTH', '个月'), ('YEAR', '年'), ('HOUR', '小时'), ('DATE', '每年的一天'), ('CADENCE', '周期'), ('NONE', '没有数字')], max_length=8, verbose_name='延长的单位')),
                ('reason', models.CharField(max_length=200, verbose_name='理由')),
                ('article', models.CharField(max_length=200, verbose_name='条款')),
                ('document', models.CharField(blank=True, max_length=200, verbose_name='文书')),
                ('proposed_at', models.DateTimeField(verbose_name='提出时间')),
                ('state', models.CharField(choices=[('WAITING', '等着批准'), ('APPROVED', '已经批准'), ('REFUSED', '没有批准'), ('WITHDRAWN', '已经撤回')], default='WAITING', max_length=10, verbose_name='状态')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='决定时间')),
                ('decision', models.CharField(blank=True, max_length=200, verbose_name='决定的理由')),
            ],
            options={
                'verbose_name': '延长申请',
            },
        ),
        migrations.RemoveConstraint(
            model_name='event',
            name='event_kind_known',
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('OPENED', '登记'), ('FULFILLED', '办结'), ('CANCELLED', '撤销'), ('REOPENED', '重新打开'), ('BECAME_OVERDUE', '变为逾期'), ('PROMISE_EXCEEDED', '超过承诺'), ('REMINDED', '提醒'), ('SETTLED', '期限确定'), ('DUE_SOON', '快到期'), ('STOPPED', '暂停计算'), ('RESUMED', '恢复计算'), ('RESTARTED', '重新起算'), ('EXTENDED', '延长'), ('MOVED', '期限改动'), ('REASSIGNED', '改派'), ('EXTENSION_PROPOSED', '提出延长'), ('EXTENSION_REFUSED', '不批准延长')], max_length=20, verbose_name='事件'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['OPENED', 'FULFILLED', 'CANCELLED', 'REOPENED', 'BECAME_OVERDUE', 'PROMISE_EXCEEDED', 'REMINDED', 'SETTLED', 'DUE_SOON', 'STOPPED', 'RESUMED', 'RESTARTED', 'EXTENDED', 'MOVED', 'REASSIGNED', 'EXTENSION_PROPOSED', 'EXTENSION_REFUSED'])), name='event_kind_known', violation_error_message='事件无效。'),
        ),
        migrations.AddField(
            model_name='extensionproposal',
            name='decided_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.officer', verbose_name='决定人'),
        ),
        migrations.AddField(
            model_name='extensionproposal',
            name='movement',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposal', to='ledger.movement', verbose_name='期限变动'),
        ),
        migrations.AddField(
            model_name='extensionproposal',
            name='obligation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='ledger.obligation', verbose_name='应公开事项'),
        ),
        migrations.AddField(
            model_name='extensionproposal',
            name='proposed_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.officer', verbose_name='提出人'),
        ),
        migrations.AddConstraint(
            model_name='extensionproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'WAITING')), fields=('obligation',), name='proposal_one_waits', violation_error_message='已有一份延长申请等着批准。'),
        ),
        migrations.AddConstraint(
            model_name='extensionproposal',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['WAITING', 'APPROVED', 'REFUSED', 'WITHDRAWN'])), name='proposal_state_known', violation_error_message='延长申请的状态无效。'),
        ),
        migrations.AddConstraint(
            model_name='extensionproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'WAITING'), ('decided_at__isnull', True), ('decided_by__isnull', True)), models.Q(models.Q(('state', 'WAITING'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='proposal_decided_dated', violation_error_message='决定了的延长申请要有决定时间，没有决定的不能有。'),
        ),
        migrations.AddConstraint(
            model_name='extensionproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['APPROVED', 'REFUSED']), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='proposal_decided_by_another', violation_error_message='延长不能由提出的人自己批准。'),
        ),
        migrations.AddConstraint(
            model_name='extensionproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'APPROVED'), ('movement__isnull', False)), models.Q(models.Q(('state', 'APPROVED'), _negated=True), ('movement__isnull', True)), _connector='OR'), name='proposal_approved_moves', violation_error_message='批准了的延长申请对应一条期限变动，其他的没有。'),
        ),
        migrations.AddConstraint(
            model_name='extensionproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'REFUSED'), _negated=True), models.Q(('decision', ''), _negated=True), _connector='OR'), name='proposal_refused_reasoned', violation_error_message='不批准要写理由。'),
        ),
        migrations.AddConstraint(
            model_name='extensionproposal',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), models.Q(('reason', ''), _negated=True), models.Q(('article', ''), _negated=True)), name='proposal_reasoned', violation_error_message='延长申请要写多少、理由和条款。'),
        ),
    ]
