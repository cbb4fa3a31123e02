from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "changai.areas.evidence"
    label = "evidence"
