from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "gongkai.core.publishing"
    label = "publishing"
    verbose_name = "信息发布"

    def ready(self) -> None:
        from gongkai.core.ledger import api as ledger
        from gongkai.core.ledger.kinds import EvidenceAct
        from gongkai.core.publishing import duties, purging, registry, tasks  # noqa: F401 — duties registers those of the review steps
        from gongkai.core.publishing.actions import purge
        from gongkai.core.publishing.actions.outlets import RECHECK, run_recheck
        from gongkai.core.publishing.actions.releases import INTENT
        from gongkai.core.publishing.approving import APPROVAL_TRIGGERS
        from gongkai.core.publishing.kinds import EVIDENCE, POSTING_EVIDENCE
        from gongkai.core.publishing.queries.addresses import address_of_path, address_of_posting, find_public_by_path
        from gongkai.core.publishing.queries.purges import check_file_not_held
        from gongkai.core.publishing.triggers import TRIGGERS
        from gongkai.foundation.accounts.kinds import Right
        from gongkai.foundation.attachments import api as attachments
        from gongkai.foundation.outbox import api as outbox
        from gongkai.foundation.triggers import api as triggers

        attachments.register_guard(check_file_not_held)
        for holding in purging.HOLDINGS:
            registry.register_purge(holding)
        outbox.register_handler(purge.JOB, purge.run_purge, "涉密清除", "已清除 {done} 处")
        ledger.register_evidence_page(EVIDENCE, address_of_path)
        ledger.register_evidence_page(POSTING_EVIDENCE, address_of_posting)
        take_down = EvidenceAct("紧急下线", Right.TAKE_DOWN, "publishing:take-down", find_public_by_path)
        ledger.register_evidence_act(EVIDENCE, take_down)
        outbox.register_handler(RECHECK, run_recheck, "每月复核其他网站的网页")
        triggers.register(*TRIGGERS, *APPROVAL_TRIGGERS)
        outbox.register_drain("publishing.releases", tasks.ask_for_due_now, "定时公开")
        outbox.register_handler(INTENT, tasks.run_release, "到时公开")
