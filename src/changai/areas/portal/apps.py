from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "changai.areas.portal"
    label = "portal"
