"""Loaded by pytest before Django: a data folder of its own for this run, gone afterwards."""

import atexit
import os
import shutil
import tempfile

if "YIHU_TEST" not in os.environ:
    folder = tempfile.mkdtemp(prefix="yihu-test-")
    owner = os.getpid()
    os.environ |= {"YIHU_TEST": "1", "YIHU_DATA": folder, "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    atexit.register(lambda: os.getpid() == owner and shutil.rmtree(folder, ignore_errors=True))
