from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "gongkai.consumers.portal"
    label = "portal"
    verbose_name = "门户"

    def ready(self) -> None:
        from gongkai.consumers.portal import actions
        from gongkai.core.publishing import api as publishing
        from gongkai.foundation.outbox import api as outbox

        publishing.register_outlet("portal", actions.touch_publication)
        outbox.register_drain("portal.pages", actions.build_batch, "门户页面", waiting=outbox.count_dirty)
        outbox.register_handler("portal.page", actions.run_page, "重试生成页面")
        outbox.register_handler("portal.hourly", actions.run_hourly, "每小时更新首页")
