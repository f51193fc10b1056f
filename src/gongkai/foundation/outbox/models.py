from django.db import models

from gongkai.foundation.outbox.kinds import IntentState

ACTIVE = [IntentState.READY.value, IntentState.RUNNING.value]


class DirtyKey(models.Model):
    """One note that whatever shows this key has to be rendered again (待生成). Written in the transaction that changed the thing.

    Rows are only added, never changed: two releases that touch the same list do not wait for each other. The drainer reads rows,
    renders each key once and deletes the rows it read; a row written meanwhile has another id and stays.
    Not a page: several pages may show one key. Personal data: none.
    """

    key = models.CharField("键", max_length=200)
    touched_at = models.DateTimeField("写入时间", auto_now_add=True)

    class Meta:
        indexes = [
            # Every younger note of the keys that are rendered now.
            models.Index(fields=["key", "id"], name="dirty_by_key"),
        ]

    def __str__(self) -> str:
        return self.key


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
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        indexes = [
            # The worker's only question, each half second: which intent is ready, oldest first.
            models.Index(fields=["run_after", "id"], name="intent_ready", condition=models.Q(state=IntentState.READY.value)),
            # Which running intent has lost its worker.
            models.Index(fields=["lease_until", "id"], name="intent_running", condition=models.Q(state=IntentState.RUNNING.value)),
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


class Lease(models.Model):
    """Who alone may do a named thing, until when in system time (占用). A holder that dies lets it run out.

    Not a lock on data: it keeps two workers from doing the same work at once. Personal data: none.
    """

    name = models.CharField("名称", max_length=100, unique=True)
    holder = models.CharField("占用者", max_length=100)
    until = models.DateTimeField("占用至")

    def __str__(self) -> str:
        return self.name


class DrainFault(models.Model):
    """The last failure of a drain that has not succeeded since (队列故障); no row means that it is well. Personal data: none."""

    code = models.CharField("队列", max_length=60, unique=True)
    failures = models.PositiveSmallIntegerField("连续失败次数")
    last_error = models.CharField("最近的错误", max_length=500)
    retry_at = models.DateTimeField("下次再试")

    def __str__(self) -> str:
        return self.code
