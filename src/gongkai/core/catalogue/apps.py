from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "gongkai.core.catalogue"
    label = "catalogue"
    verbose_name = "公开目录"

    def ready(self) -> None:
        from gongkai.core.catalogue.tables import read_columns, read_groups
        from gongkai.core.ledger import api as ledger

        ledger.register_columns(read_columns)
        ledger.register_entry_groups(read_groups)
