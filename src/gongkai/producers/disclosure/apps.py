from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "gongkai.producers.disclosure"
    label = "disclosure"
    verbose_name = "主动公开"

    def ready(self) -> None:
        from gongkai.core.ledger import api as ledger
        from gongkai.core.ledger.kinds import EventKind
        from gongkai.core.publishing import api as publishing
        from gongkai.core.publishing.kinds import Holding
        from gongkai.foundation.outbox import api as outbox
        from gongkai.producers.disclosure import actions, duties  # noqa: F401 — duties registers the duty to make public
        from gongkai.producers.disclosure.actions.reassigned import follow_reassignment
        from gongkai.producers.disclosure.queries.intake import read_intake
        from gongkai.producers.disclosure.queries.unpublished import list_unpublished

        names = ("cause", "sheetline", "sheetupload", "importeddocument", "registerednumber")
        tables = tuple(f"disclosure_{name}" for name in names)
        publishing.register_purge(Holding("disclosure.causes", "事由和登记表", actions.clear_cause, tables))
        ledger.register_cause_source("disclosure", list_unpublished)
        ledger.register_intake(read_intake)
        ledger.register_subscriber("disclosure.reassigned", follow_reassignment, frozenset({EventKind.REASSIGNED}))
        outbox.register_handler(actions.IMPORT_JOB, actions.run_import, "导入登记表", "已导入的 {done} 行已经生效，可在登记表页面撤销")
        outbox.register_handler(actions.UNDO_JOB, actions.run_undo, "撤销登记表导入", "已撤销的 {done} 行已经生效")
