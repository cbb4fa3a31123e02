from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "changai.areas.facts"
    label = "facts"
