"""What the web server runs: the portal, or the simulator site where HMSKORT_SITE says so.

A production that `hmskort.system_checks` calls unsafe serves nobody.
"""

import os

from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmskort.settings")
application = get_wsgi_application()
if settings.PRODUCTION:
    call_command("check")
if settings.SITE == "simulators":
    application = import_string("hmskort.simulators.site.application")()
