from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "changai.areas.tasks"
    label = "tasks"
