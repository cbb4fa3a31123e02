from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    name = "changai.foundation.workdays"
    label = "workdays"
