from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "gongkai.core.publishing"
    label = "publishing"
    verbose_name = "信息发布"

    def ready(self) -> None:
        from gongkai.core.ledger import api as ledger
        from gongkai.core.publishing import duties  # noqa: F401 — registers the duties of the review steps
        from gongkai.core.publishing.kinds import EVIDENCE
        from gongkai.core.publishing.queries.addresses import address_of_path
        from gongkai.core.publishing.triggers import TRIGGERS
        from gongkai.foundation.triggers import api as triggers

        ledger.register_evidence_page(EVIDENCE, address_of_path)
        triggers.register(*TRIGGERS)
