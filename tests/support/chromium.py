"""Finds a browser for the tests, and brings one to a machine that has none."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
APT = ("chromium", "libatomic1", "fonts-wqy-microhei")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--force-color-profile=srgb",
)


class NoBrowser(Exception):
    """What is missing, and how to get it."""


def works(program: str | Path) -> bool:
    """Ubuntu's package is only a pointer to a snap, so the name alone proves nothing."""
    return _ok([str(program), "--version"])


def find() -> str:
    """The path of a browser that starts, or an empty text."""
    given = os.environ.get("YIHU_CHROMIUM", "")
    if given:
        if not works(given):
            raise NoBrowser(f"环境变量 YIHU_CHROMIUM 写的 {given} 不能运行。请写 Chromium 或 Chrome 的路径。")
        return given
    on_path = (shutil.which(name) for name in NAMES)
    return next((path for path in on_path if path and works(path)), "") or _downloaded()


def find_or_say() -> str:
    path = find()
    if not path:
        raise NoBrowser("没有找到浏览器。请运行 script/test，它会准备好；或用 YIHU_CHROMIUM 写明 Chromium 的路径。")
    return path


def _downloaded() -> str:
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    programs = sorted(folder.glob("chromium-*/chrome-*/chrome"), reverse=True)
    return next((str(path) for path in programs if works(path)), "")


def ensure(say: Callable[[str], None]) -> str:
    """A browser, its driver and a Chinese font; what is missing is fetched if this machine lets us."""
    path = find()
    missing = [name for name, there in zip(APT, (path, driver_runs(), has_chinese_font()), strict=True) if not there]
    if missing and _may_use_apt():
        say(f"正在安装浏览器测试需要的系统软件包：{' '.join(missing)}")
        _apt(missing)
        path = path or find()
    if not path and driver_runs():
        say("正在下载 Chromium ……")
        _ok([sys.executable, "-m", "playwright", "install", "chromium"], timeout=600)
        path = find()
    if not path:
        raise NoBrowser(
            "没有找到浏览器。请安装 Chromium（Debian/Ubuntu：apt-get install chromium），或用 YIHU_CHROMIUM 写明路径。"
        )
    if not driver_runs():
        raise NoBrowser("浏览器的驱动不能运行，缺少 libatomic。请安装（Debian/Ubuntu：apt-get install libatomic1）。")
    if not has_chinese_font():
        raise NoBrowser("没有中文字体，页面会是空的。请安装（Debian/Ubuntu：apt-get install fonts-wqy-microhei）。")
    return path


def driver_runs() -> bool:
    return _ok([sys.executable, "-m", "playwright", "--version"])


def has_chinese_font() -> bool:
    if sys.platform != "linux":
        return True
    try:
        answer = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, timeout=60, check=False)
    except OSError:
        return False
    return bool(answer.stdout.strip())


def _may_use_apt() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt(packages: list[str]) -> None:
    install = ["apt-get", "-q", "-y", "install", "--no-install-recommends", *packages]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if not _ok(install, timeout=600, env=quiet):
        _ok(["apt-get", "-q", "update"], timeout=300, env=quiet)
        _ok(install, timeout=600, env=quiet)


def _ok(command: list[str], timeout: float = 60, env: dict[str, str] | None = None) -> bool:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, env=env, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
