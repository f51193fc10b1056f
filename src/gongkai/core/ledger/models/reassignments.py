from django.db import models

from gongkai.core.ledger.models.events import Event
from gongkai.core.ledger.models.terms import REASON_LENGTH


class Reassignment(models.Model):
    """From where to where a duty went in one event 改派 (改派记录), and why. Written with the event, never changed.

    Not a change of holders: when a person leaves, the duty stays with the post and nothing is written here. A post is null where the unit
    itself held the duty. Who did it stands in the audit trail. Personal data: none.
    """

    event = models.OneToOneField(Event, models.PROTECT, related_name="reassignment", verbose_name="事件")
    from_unit = models.ForeignKey("organisations.Unit", models.PROTECT, db_index=False, related_name="+", verbose_name="原单位")
    from_post = models.ForeignKey("organisations.Post", models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="原岗位")
    to_unit = models.ForeignKey("organisations.Unit", models.PROTECT, db_index=False, related_name="+", verbose_name="新单位")
    to_post = models.ForeignKey("organisations.Post", models.PROTECT, db_index=False, related_name="+", verbose_name="新岗位")
    reason = models.CharField("理由", max_length=REASON_LENGTH)

    class Meta:
        verbose_name = "改派记录"
        constraints = [
            models.CheckConstraint(name="reassignment_reasoned", condition=~models.Q(reason=""), violation_error_message="改派要有理由。"),
        ]

    def __str__(self) -> str:
        return f"{self.from_post_id} → {self.to_post_id}"
