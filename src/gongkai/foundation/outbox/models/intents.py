from django.db import models

from gongkai.foundation.outbox.kinds import IntentState

ACTIVE = [IntentState.READY.value, IntentState.RUNNING.value]


class Intent(models.Model):
    """One piece of work that has to happen (任务), written in the transaction that wants it; it is also its own job.

    Key, lease, attempts, progress and the last error stand here: see docs/decisions/0002. Not a log: what was done is in audit.
    Left out on purpose: priorities, results. Personal data: none; a payload holds ids, never content.
    """

    kind = models.CharField("种类", max_length=60)
    key = models.CharField("键", max_length=200)
    payload = models.JSONField("参数", default=dict)
    cursor = models.JSONField("做到哪里", default=dict)
    state = models.CharField("状态", max_length=10, choices=IntentState.choices(), default=IntentState.READY.value)
    failures = models.PositiveSmallIntegerField("连续失败次数", default=0)
    run_after = models.DateTimeField("不早于")
    lease_until = models.DateTimeField("占用至", null=True)
    lease_token = models.CharField("占用者", max_length=100, blank=True, default="")
    progress_done = models.PositiveIntegerField("已完成", default=0)
    progress_total = models.PositiveIntegerField("总数", default=0)
    last_error = models.CharField("最近的错误", max_length=500, blank=True, default="")
    created_at = models.DateTimeField("写入时间")
    started_at = models.DateTimeField("开始时间", null=True, help_text="第一次领取，算剩余时间用")
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        indexes = [
            # The worker's only question, each half second: which intent is ready, oldest first.
            models.Index(fields=["run_after", "id"], name="intent_ready", condition=models.Q(state=IntentState.READY.value)),
            # Which running intent has lost its worker.
            models.Index(fields=["lease_until", "id"], name="intent_running", condition=models.Q(state=IntentState.RUNNING.value)),
            # What is old enough to be cleaned away.
            models.Index(fields=["finished_at", "id"], name="intent_finished", condition=models.Q(state=IntentState.DONE.value)),
            # The jobs page: newest of each state first.
            models.Index(fields=["state", "-id"], name="intent_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=models.Q(state__in=ACTIVE),
                name="intent_once_while_active",
                violation_error_message="同样的任务已经在等待或进行中。",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=IntentState.values()),
                name="intent_state_known",
                violation_error_message="任务状态无效。",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=IntentState.RUNNING.value) | models.Q(lease_until__isnull=False),
                name="intent_running_has_lease",
                violation_error_message="进行中的任务必须有占用期限。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Tick(models.Model):
    """One period of periodic work that some worker has begun (周期): written by whichever machine is first, together with its intent.

    The unique row is what keeps several machines from doing it twice. Not the work: that is the intent. Personal data: none.
    """

    name = models.CharField("名称", max_length=60)
    period = models.CharField("周期", max_length=20, help_text="例如 2026-10-09，或 2026-10-09T10")
    begun_at = models.DateTimeField("开始时间", help_text="系统时间")

    class Meta:
        indexes = [models.Index(fields=["begun_at", "id"], name="tick_by_moment")]  # what is old enough to be cleaned away
        constraints = [
            models.UniqueConstraint(fields=["name", "period"], name="tick_once", violation_error_message="这个周期已经做过。"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.period}"
