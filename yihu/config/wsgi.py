"""What the web server calls."""

import os
import signal
import sys

from django.core.wsgi import get_wsgi_application

from yihu.config.environment import SettingError
from yihu.config.tie import tied_to_parent

# A web server that is killed outright must not leave workers behind that go on answering.
tied_to_parent(signal.SIGKILL)()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yihu.config.settings")
try:
    application = get_wsgi_application()
except SettingError as error:
    sys.exit(str(error))
