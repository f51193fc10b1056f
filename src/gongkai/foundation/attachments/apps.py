from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "gongkai.foundation.attachments"
    label = "attachments"
    verbose_name = "附件"

    def ready(self) -> None:
        from gongkai.foundation.attachments.triggers import TRIGGERS
        from gongkai.foundation.triggers import api as triggers

        triggers.register(*TRIGGERS)
