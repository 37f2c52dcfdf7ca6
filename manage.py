#!/usr/bin/env python
"""The command line of the program; `script/manage` prepares what it needs and calls it."""

import os
import sys

from yihu.config.environment import SettingError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yihu.config.settings")
    from django.conf import settings

    try:
        settings.INSTALLED_APPS  # noqa: B018  read once here, so that a wrong setting is a sentence and not a traceback
    except SettingError as error:
        sys.exit(str(error))
    if sys.argv[1:2] == ["serve"]:
        from yihu.config.serve import main as serve

        sys.exit(serve(sys.argv[2:]))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
