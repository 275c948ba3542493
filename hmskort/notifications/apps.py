from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "hmskort.notifications"
    label = "notifications"
