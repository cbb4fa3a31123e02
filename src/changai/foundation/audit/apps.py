from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "changai.foundation.audit"
    label = "audit"
