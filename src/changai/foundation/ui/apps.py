from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "changai.foundation.ui"
    label = "ui"
