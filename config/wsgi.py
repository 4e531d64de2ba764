"""The door to the web server (granian)."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
import_string("vault.checks.refuse_a_wrong_ring")()
import_string("demo.guard.refuse_demo_accounts")()
