from uuid import uuid4

from django.db import models

from gongkai.core.ledger.kinds import LimitUnit, ProposalState
from gongkai.core.ledger.models.movements import Movement
from gongkai.core.ledger.models.obligations import Obligation
from gongkai.core.ledger.models.terms import REASON_LENGTH

WAITING = models.Q(state="WAITING")
APPROVED = models.Q(state="APPROVED")
DECIDED_BY_ANOTHER = models.Q(decided_by__isnull=False) & ~models.Q(decided_by=models.F("proposed_by"))


class ExtensionProposal(models.Model):
    """An extension that somebody asked for and somebody else decides (延长申请), with what was decided and why.

    Not the extension itself: that is a Movement, made when it is approved (`movement`). Never edited: asked again, it is another row. One
    waits at a time for an obligation. Personal data: which officer proposed and which decided.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="proposals", verbose_name="应公开事项")
    amount = models.PositiveSmallIntegerField("延长")
    unit = models.CharField("延长的单位", max_length=8, choices=LimitUnit.choices())
    reason = models.CharField("理由", max_length=REASON_LENGTH)
    article = models.CharField("条款", max_length=REASON_LENGTH)
    document = models.CharField("文书", max_length=REASON_LENGTH, blank=True)
    proposed_by = models.ForeignKey("organisations.Officer", models.PROTECT, db_index=False, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间")
    state = models.CharField("状态", max_length=10, choices=ProposalState.choices(), default=ProposalState.WAITING.value)
    decided_by = models.ForeignKey(
        "organisations.Officer", models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="决定人"
    )
    decided_at = models.DateTimeField("决定时间", null=True)
    decision = models.CharField("决定的理由", max_length=REASON_LENGTH, blank=True)
    movement = models.OneToOneField(Movement, models.PROTECT, null=True, related_name="proposal", verbose_name="期限变动")

    class Meta:
        verbose_name = "延长申请"
        constraints = [
            models.UniqueConstraint(
                fields=["obligation"], name="proposal_one_waits", condition=WAITING, violation_error_message="已有一份延长申请等着批准。"
            ),
            models.CheckConstraint(
                name="proposal_state_known",
                condition=models.Q(state__in=ProposalState.values()),
                violation_error_message="延长申请的状态无效。",
            ),
            models.CheckConstraint(
                name="proposal_decided_dated",
                condition=WAITING & models.Q(decided_at__isnull=True, decided_by__isnull=True)
                | ~WAITING & models.Q(decided_at__isnull=False),
                violation_error_message="决定了的延长申请要有决定时间，没有决定的不能有。",
            ),
            models.CheckConstraint(
                name="proposal_decided_by_another",
                condition=~models.Q(state__in=["APPROVED", "REFUSED"]) | DECIDED_BY_ANOTHER,
                violation_error_message="延长不能由提出的人自己批准。",
            ),
            models.CheckConstraint(
                name="proposal_approved_moves",
                condition=APPROVED & models.Q(movement__isnull=False) | ~APPROVED & models.Q(movement__isnull=True),
                violation_error_message="批准了的延长申请对应一条期限变动，其他的没有。",
            ),
            models.CheckConstraint(
                name="proposal_refused_reasoned",
                condition=~models.Q(state="REFUSED") | ~models.Q(decision=""),
                violation_error_message="不批准要写理由。",
            ),
            models.CheckConstraint(
                name="proposal_reasoned",
                condition=models.Q(amount__gt=0) & ~models.Q(reason="") & ~models.Q(article=""),
                violation_error_message="延长申请要写多少、理由和条款。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {LimitUnit(self.unit).label}"
