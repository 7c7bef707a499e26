"""What gunicorn serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from ispath.wire.chunks import with_whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ispath.settings")

application = with_whole_bodies(get_wsgi_application())
