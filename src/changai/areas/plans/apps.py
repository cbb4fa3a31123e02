from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "changai.areas.plans"
    label = "plans"
