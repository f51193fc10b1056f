from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "gongkai.foundation.outbox"
    label = "outbox"
    verbose_name = "待办队列"
