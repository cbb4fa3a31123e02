from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "changai.foundation.notices"
    label = "notices"
