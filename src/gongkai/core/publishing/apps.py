from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "gongkai.core.publishing"
    label = "publishing"
    verbose_name = "信息发布"

    def ready(self) -> None:
        from gongkai.core.publishing import duties  # noqa: F401 — registers the duties of the review steps
