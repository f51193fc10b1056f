from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "gongkai.consumers.portal"
    label = "portal"
    verbose_name = "门户"

    def ready(self) -> None:
        from django.conf import settings

        from gongkai.consumers.portal import actions, hiding, limits, tasks
        from gongkai.consumers.portal.purging import clear_pages
        from gongkai.core.ledger import api as ledger
        from gongkai.core.publishing import api as publishing
        from gongkai.core.publishing.kinds import Holding
        from gongkai.foundation.outbox import api as outbox

        if not settings.LEDGER_ONLY:
            publishing.register_outlet("portal", actions.touch_publication, label="本门户", take_down=tasks.hide_now, verify=hiding.stand)
        publishing.register_purge(Holding("portal.pages", "门户网页、附件副本和清单", clear_pages, ("portal_listitem",)))
        ledger.register_subscriber("portal.limits", limits.note_moved, limits.MOVES)
        outbox.register_handler(limits.TERMS_INTENT, limits.run_terms, "条款改动后更新页面", "已排入 {done} 条信息的页面")
        outbox.register_drain("portal.pages", actions.build_batch, "门户页面", waiting=outbox.count_dirty)
        outbox.register_handler("portal.page", actions.run_page, "重试生成页面")
        outbox.register_handler("portal.hourly", actions.run_hourly, "每小时更新首页")
