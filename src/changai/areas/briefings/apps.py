from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    name = "changai.areas.briefings"
    label = "briefings"
