from django.db import models

from gongkai.core.ledger.kinds import EventKind
from gongkai.core.ledger.models.obligations import Obligation
from gongkai.core.ledger.models.terms import REASON_LENGTH

SWEPT = [EventKind.BECAME_OVERDUE.value, EventKind.PROMISE_EXCEEDED.value, EventKind.REMINDED.value, EventKind.DUE_SOON.value]


class Event(models.Model):
    """Something that happened to an obligation (事件), written in the transaction in which it happened and never changed.

    `at` is when it became true (a sweep after three days of downtime dates it three days back), `recorded_at` when it was written; both
    business time. Not the audit trail, which says who acted. Personal data: none.
    """

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="events", verbose_name="应公开事项")
    kind = models.CharField("事件", max_length=20, choices=EventKind.choices())
    at = models.DateTimeField("发生时间")
    recorded_at = models.DateTimeField("记录时间")
    note = models.CharField("说明", max_length=REASON_LENGTH, blank=True)

    class Meta:
        verbose_name = "事件"
        constraints = [
            # A moment that passed is told once, whoever sweeps and how often. A moved limit has another moment.
            models.UniqueConstraint(
                fields=["obligation", "kind", "at"],
                name="event_swept_once",
                condition=models.Q(kind__in=SWEPT),
                violation_error_message="这件事已经记过。",
            ),
            models.CheckConstraint(
                name="event_kind_known", condition=models.Q(kind__in=EventKind.values()), violation_error_message="事件无效。"
            ),
        ]

    def __str__(self) -> str:
        return EventKind(self.kind).label


class PendingEvent(models.Model):
    """One event that one subscriber has not handled yet (待送达事件). Written with the event, locked while handled, deleted afterwards.

    There is no cursor: ids are given at insert, not at commit, and a late commit would be skipped for ever. `retry_at` is system time.
    Personal data: none.
    """

    event = models.ForeignKey(Event, models.CASCADE, db_index=False, verbose_name="事件")
    subscriber = models.CharField("订阅者", max_length=60)
    failures = models.PositiveSmallIntegerField("失败次数", default=0)
    retry_at = models.DateTimeField("不早于", null=True)
    last_error = models.CharField("最近的错误", max_length=500, blank=True)

    class Meta:
        verbose_name = "待送达事件"
        constraints = [
            models.UniqueConstraint(fields=["event", "subscriber"], name="pending_event_once", violation_error_message="已经在等待送达。"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} {self.event_id}"
