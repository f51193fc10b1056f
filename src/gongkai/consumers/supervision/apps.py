from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "gongkai.consumers.supervision"
    label = "supervision"
    verbose_name = "督办"

    def ready(self) -> None:
        from gongkai.consumers.supervision.actions import take_notice
        from gongkai.consumers.supervision.purging import clear_notices
        from gongkai.consumers.supervision.queries import count_my_items, count_my_reviews
        from gongkai.consumers.supervision.queries.told import list_told
        from gongkai.core.ledger import api as ledger
        from gongkai.core.publishing import api as publishing
        from gongkai.core.publishing.kinds import Holding
        from gongkai.foundation.ui import api as ui

        publishing.register_purge(Holding("supervision.notices", "通知", clear_notices, ("supervision_notice",)))
        ledger.register_subscriber("supervision.notices", take_notice)
        ledger.register_teller("supervision.notices", list_told)
        ui.register_counter("supervision:my_today", count_my_items)
        ui.register_counter("publishing:list", count_my_reviews)
