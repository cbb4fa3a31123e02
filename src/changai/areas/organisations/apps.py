from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "changai.areas.organisations"
    label = "organisations"
