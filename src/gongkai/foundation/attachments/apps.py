from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "gongkai.foundation.attachments"
    label = "attachments"
    verbose_name = "附件"
