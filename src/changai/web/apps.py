from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "changai.web"
    label = "web"
