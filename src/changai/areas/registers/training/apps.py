from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "changai.areas.registers.training"
    label = "training"
