"""What the web server runs: the portal, or the simulator site where HMSKORT_SITE says so."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmskort.settings")
application = get_wsgi_application()
