from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "changai.integrations.delivery"
    label = "delivery"
