"""The portal (门户) as a WSGI application: files first, then the few dynamic pages."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.production")
os.environ["GONGKAI_SITE"] = "portal"

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from gongkai.config.named import named

dynamic = get_wsgi_application()  # loads the apps; none of them can be imported before
application = named("gongkai.consumers.portal.api:serve_files")(root=settings.PORTAL_ROOT, dynamic=dynamic)
