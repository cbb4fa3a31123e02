from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "changai.foundation.jobs"
    label = "jobs"
