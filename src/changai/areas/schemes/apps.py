from django.apps import AppConfig


class SchemesConfig(AppConfig):
    name = "changai.areas.schemes"
    label = "schemes"
