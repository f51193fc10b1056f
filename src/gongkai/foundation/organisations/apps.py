from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "gongkai.foundation.organisations"
    label = "organisations"
    verbose_name = "组织机构"
