from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "changai.areas.accounts"
    label = "accounts"
