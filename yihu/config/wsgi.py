"""What the web server calls."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from yihu.config.environment import SettingError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yihu.config.settings")
try:
    application = get_wsgi_application()
except SettingError as error:
    sys.exit(str(error))
