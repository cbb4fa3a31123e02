from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "changai.areas.reporting"
    label = "reporting"
