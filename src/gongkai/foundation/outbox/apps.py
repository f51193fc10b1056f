from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "gongkai.foundation.outbox"
    label = "outbox"
    verbose_name = "待办队列"

    def ready(self) -> None:
        from gongkai.foundation.outbox import actions
        from gongkai.foundation.outbox.kinds import Cadence
        from gongkai.foundation.outbox.registry import register_periodic

        register_periodic("outbox.clean", Cadence.NIGHTLY, actions.clean_away, "清理做完的任务")
