from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "gongkai.consumers.supervision"
    label = "supervision"
    verbose_name = "督办"

    def ready(self) -> None:
        from gongkai.consumers.supervision.actions import take_notice
        from gongkai.core.ledger import api as ledger

        ledger.register_subscriber("supervision.notices", take_notice)
