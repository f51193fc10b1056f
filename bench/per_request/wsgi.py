"""The portal's article as an ordinary application would serve it: read, rendered and sent for each request. Only to compare with."""

import os

os.environ["GONGKAI_SITE"] = "portal"

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.ROOT_URLCONF = "bench.per_request.urls"
application = get_wsgi_application()
