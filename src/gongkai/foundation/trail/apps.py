from django.apps import AppConfig


class TrailConfig(AppConfig):
    name = "gongkai.foundation.trail"
    label = "trail"
    verbose_name = "审计核验"

    def ready(self) -> None:
        from gongkai.foundation.audit import api as audit
        from gongkai.foundation.outbox import api as outbox
        from gongkai.foundation.outbox.kinds import Cadence
        from gongkai.foundation.trail import actions

        outbox.register_drain("audit.seal", actions.seal_waiting, "审计封存", waiting=audit.count_waiting)
        outbox.register_handler(actions.VERIFY, actions.run_verification, "核验审计链", "已核验 {done} 行")
        outbox.register_periodic("audit.nightly", Cadence.NIGHTLY, actions.run_verification, "每夜核验审计链")
