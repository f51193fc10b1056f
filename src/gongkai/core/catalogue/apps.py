from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "gongkai.core.catalogue"
    label = "catalogue"
    verbose_name = "公开目录"
