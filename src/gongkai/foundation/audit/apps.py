from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "gongkai.foundation.audit"
    label = "audit"
    verbose_name = "审计"

    def ready(self) -> None:
        from gongkai.foundation.audit.triggers import TRIGGERS
        from gongkai.foundation.triggers import api as triggers

        triggers.register(*TRIGGERS)
