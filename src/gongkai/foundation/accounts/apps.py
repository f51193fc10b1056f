from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "gongkai.foundation.accounts"
    label = "accounts"
    verbose_name = "账号权限"
