from django.apps import AppConfig


class TriggersConfig(AppConfig):
    name = "gongkai.foundation.triggers"
    label = "triggers"
    verbose_name = "数据库防护"

    def ready(self) -> None:
        # The one listed place of django.db.models.signals: a migration rebuilds tables, and what guards them goes with the old ones.
        from django.db.models.signals import post_migrate, pre_migrate  # noqa: TID251

        from gongkai.foundation.triggers import actions

        pre_migrate.connect(actions.before_migrate, sender=self)
        post_migrate.connect(actions.after_migrate, sender=self)
