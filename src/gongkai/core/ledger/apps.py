from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "gongkai.core.ledger"
    label = "ledger"
    verbose_name = "公开台账"

    def ready(self) -> None:
        from gongkai.core.ledger import actions, tasks
        from gongkai.foundation.outbox import api as outbox

        outbox.register_drain("ledger.events", actions.deliver_events, "台账事件送达", actions.count_pending)
        outbox.register_drain("ledger.sweep", tasks.sweep_now, "期限巡查")
