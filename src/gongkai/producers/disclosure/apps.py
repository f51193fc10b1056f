from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "gongkai.producers.disclosure"
    label = "disclosure"
    verbose_name = "主动公开"

    def ready(self) -> None:
        from gongkai.producers.disclosure import duties  # noqa: F401 — registers the duty to make public
