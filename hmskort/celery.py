"""The Celery application. Tasks take ids, look at the state first, and may run twice."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmskort.settings")
app = Celery("hmskort")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
