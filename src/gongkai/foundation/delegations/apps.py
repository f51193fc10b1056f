from django.apps import AppConfig


class DelegationsConfig(AppConfig):
    name = "gongkai.foundation.delegations"
    label = "delegations"
    verbose_name = "审核代理"
