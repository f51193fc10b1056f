"""The desk (工作台) as a WSGI application."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.production")
os.environ["GONGKAI_SITE"] = "desk"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
