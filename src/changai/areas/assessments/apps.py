from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "changai.areas.assessments"
    label = "assessments"
