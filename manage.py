#!/usr/bin/env python3
"""Django's own commands, for developers. People at the bureau use `gongkai`."""

import os
import sys

from django.core.management import execute_from_command_line

from gongkai.foundation.audit.via import acting_by_command

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.dev")
    with acting_by_command(" ".join(["manage.py", *sys.argv[1:2]])):
        execute_from_command_line(sys.argv)
