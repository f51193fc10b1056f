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

        ledger.register_evidence_page(EVIDENCE, address_of_path)
