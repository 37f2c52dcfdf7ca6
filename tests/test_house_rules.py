"""Rules of the house that no linter knows: what may be tracked, what a template may hold, who may open a page."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(settings.BASE_DIR)
pytestmark = pytest.mark.once

# Put together from pieces, so that this file does not hold what it forbids.
REGISTRIES = re.compile(
    "|".join(
        [
            r"py" + r"pi\.(org|python\.org|io)",
            r"python" + r"hosted\.org",
            r"npm" + r"js\.(org|com)",
            r"npm" + r"mirror\.com",
            r"yarn" + r"pkg\.com",
            r"tuna\." + r"tsinghua",
            r'"resolved"\s*:\s*"http',
            r"--(extra-)?index" + r"-url[ =]\S*http",
            r"--find" + r"-links",
            r"@ file" + r"://",
        ]
    )
)
MACHINE_PATHS = re.compile(r"(?<![A-Za-z0-9_.\-/])/(work|root|farm|home|Users|opt/(pypi|wheels))/")
IN_A_TEMPLATE = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"\son[a-z]+\s*=|\bhx-on|javascript:", re.IGNORECASE),
    "unescaped output": re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off|\|\s*safeseq\b"),
    "another machine's file": re.compile(r"""(src|href)\s*=\s*["'](https?:)?//""", re.IGNORECASE),
}
IN_PYTHON = {
    "unescaped output": re.compile(r"\bmark_safe\(|\bSafeString\(|\bSafeText\("),
    "what is not finished": re.compile(
        "|".join(
            [
                r"\bTO" + r"DO\b",
                r"\bFIX" + r"ME\b",
                r"raise Not" + "ImplementedError",
                r"pytest\." + r"skip\b",
                r"mark\." + r"(skip|skipif|xfail)\b",
                "importor" + "skip",
            ]
        )
    ),
}
# The cells of every list, for their speed; tests/kernel/test_cells.py throws hostile words at each part of them.
ESCAPES_BY_ITSELF = "yihu/kernel/templatetags/cells.py"
# Installed, or made by running.
IGNORED = re.compile(
    r"^(\.git|\.venv|\.tools|\.hypothesis|\.[a-z]+_cache|node_modules|data|local|test-results)/"
    r"|__pycache__/|\.(pyc|sqlite3|whl)$"
)
# Everything that people write; other files (workbooks, pictures) are not looked into.
TEXT = {
    ".py",
    ".html",
    ".css",
    ".js",
    ".md",
    ".txt",
    ".in",
    ".toml",
    ".json",
    ".typ",
    ".yml",
    ".yaml",
    ".svg",
    ".cfg",
    ".sh",
    "",
}


@cache
def tracked() -> list[Path]:
    """What git keeps; in a copy without git, everything that git would not ignore."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, timeout=60).stdout
    except (OSError, subprocess.CalledProcessError):
        names = [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file()]
        return [ROOT / name for name in sorted(names) if not IGNORED.search(name)]
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def texts(*suffixes: str) -> Iterator[tuple[str, str]]:
    for path in tracked():
        if path.suffix in (suffixes or TEXT):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def found(pattern: re.Pattern[str], *suffixes: str) -> list[str]:
    places = []
    for name, text in texts(*suffixes):
        places += [f"{name}:{text.count(chr(10), 0, hit.start()) + 1}: {hit[0]}" for hit in pattern.finditer(text)]
    return places


def test_no_tracked_file_names_a_registry() -> None:
    assert found(REGISTRIES) == []


def test_no_tracked_file_names_a_folder_of_somebodys_machine() -> None:
    assert found(MACHINE_PATHS) == []


def test_nothing_installed_or_made_by_running_is_tracked() -> None:
    names = [path.relative_to(ROOT).as_posix() for path in tracked()]
    assert not [name for name in names if IGNORED.search(name)]


@pytest.mark.parametrize("what", IN_A_TEMPLATE)
def test_no_template_holds(what: str) -> None:
    assert found(IN_A_TEMPLATE[what], ".html") == []


@pytest.mark.parametrize("what", IN_PYTHON)
def test_no_module_holds(what: str) -> None:
    assert [place for place in found(IN_PYTHON[what], ".py") if not place.startswith(ESCAPES_BY_ITSELF)] == []


def test_moments_are_said_in_one_place() -> None:
    spelled_out = re.compile(r"localtime\([^\"\n]*\):%(Y-%m-%d|m-%d) %H:%M\}")
    assert [place for place in found(spelled_out, ".py") if place.startswith("yihu/")] == [], "kernel/moments.py"


def test_locks_pin_every_package_with_a_hash_and_agree_with_each_other() -> None:
    pins: dict[str, dict[str, str]] = {}
    for name in ("run", "test", "lint"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        blocks = re.findall(
            r"^([a-z0-9][^=\s\[]*)(?:\[[^\]]*\])?==(\S+)[^\n]*\\\n((?:    --hash=\S+(?: \\)?\n)+)", text, re.MULTILINE
        )
        pins[name] = {package: version for package, version, _ in blocks}
        assert len(pins[name]) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)), (
            f"a package of {name} without a hash"
        )
    assert pins["run"].items() <= pins["test"].items() <= pins["lint"].items()


def test_every_package_that_we_ask_for_is_locked_and_says_why_it_is_here() -> None:
    for name in ("run", "test", "lint", "tools", "node"):
        locked = (ROOT / "requirements" / f"{name}.txt").read_text()
        for line in (ROOT / "requirements" / f"{name}.in").read_text().splitlines():
            if line and not line.startswith(("#", "-r")):
                asked, _, why = line.partition("#")
                pin = re.sub(r"\[.*\]", "", asked.strip()).lower()
                assert re.search(rf"^{re.escape(pin)}( |$)", locked, re.MULTILINE), f"{name}.txt lacks {pin}"
                assert len(why.strip()) > 10, f"{pin} does not say why it is here"


def views(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern), pattern.callback


def test_every_address_says_who_may_open_it() -> None:
    addresses = list(views(get_resolver().url_patterns))
    assert len(addresses) > 2
    assert [address for address, view in addresses if getattr(view, "policy", None) is None] == []


def test_only_these_addresses_are_open_to_everybody() -> None:
    public = {address for address, view in views(get_resolver().url_patterns) if view.policy.public}  # type: ignore[attr-defined]
    # a provider brings delivery reports; each is signed (tests/sending/test_reports.py)
    assert public <= {
        "healthz",
        "readyz",
        "sign-in/",
        "sign-out/",
        "lock/",  # like signing out it ends a session and tells nothing; a second tab finds it ended
        "sending/reports/<slug:way>/",
        "wall/<str:secret>/",
        "pay/notices/<slug:channel>/",
        "demo/pay/<str:token>/",  # a signed address, only where the demo is (tests/demo/test_paying.py)
        *(f"pay/notice/<str:token>/{rest}" for rest in ("", "pay/", "invoice/", "question/")),
        *(f"pay/notice/<str:token>/{paper}/<slug:number>/" for paper in ("order", "receipt")),
        *(f"fix/<str:code>/{rest}" for rest in ("", "complaint/")),
        *(f"fix/my/<str:token>/{rest}" for rest in ("", "urge/", "opinion/")),
    }


def neighbours() -> Iterator[tuple[str, str]]:
    """Foreign keys by which one area knows another's table."""
    for model in apps.get_models():
        area = re.match(r"yihu\.areas\.(\w+)", model.__module__)
        for field in model._meta.get_fields() if area else ():
            if field.many_to_one and not field.auto_created:
                other = re.match(r"yihu\.areas\.(\w+)", field.related_model.__module__)
                if other and area and other[1] != area[1]:
                    yield f"{model._meta.label}.{field.name}", field.related_model._meta.label


def test_no_area_holds_a_key_to_its_neighbours_table() -> None:
    assert list(neighbours()) == []


def test_no_template_of_an_area_includes_its_neighbours() -> None:
    areas = {app.label for app in apps.get_app_configs() if app.name.startswith("yihu.areas.")}
    foreign = []
    for name, text in texts(".html", ".typ"):
        area = re.match(r"yihu/areas/(\w+)/", name)
        for used in re.findall(r"""(?:include|extends|import)\s+["']/?(\w+)/""", text) if area else ():
            if area and used in areas - set(name.split("/")):  # a part of an area is called by its own name
                foreign.append(f"{name}: {used}")
    assert foreign == []


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("YIHU_")}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "version"],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("YIHU_DATABASE_URL", "mysql://localhost/x", "开头既不是 sqlite: 也不是 postgresql:"),
        ("YIHU_DATABASE_URL", "postgresql://localhost", "主机后面没有写库名"),
        ("YIHU_DATABASE_URL", "postgresql://localhost:port/x", "端口不是 1 到 65535 之间的数字"),
        ("YIHU_DATABASE_URL", "sqlite:///no/such/folder/x.sqlite3", "不存在"),
        ("YIHU_SECRET_KEY", "short", "只有 5 个字符"),
        ("YIHU_ALLOWED_HOSTS", "http://a.b/", "看不懂"),
        ("YIHU_DEMO", "yes", "写 1（开）或 0（关）"),
        ("YIHU_UPLOAD_MB", "-1", "不是 1 到 500 之间的整数"),
        ("YIHU_LOG_LEVEL", "LOUD", "写以下之一"),
        ("YIHU_SMS_URL", "http://gateway.example.com/", "不是 https 的地址"),
        ("YIHU_SMS_KEY", "short", "只有 5 个字符"),
        ("YIHU_SITE", "yihu.example.com", "不是一个网址"),
        ("YIHU_SITE", "https://yihu.example.com/pay/", "写客户手机能打开的地址"),
        ("YIHU_MAIL_URL", "mail.example.com", "看不懂"),
        ("YIHU_DATABSE_URL", "sqlite:///x", "没有这个设置。请改成 YIHU_DATABASE_URL"),
    ],
)
def test_a_wrong_setting_is_refused_with_a_sentence(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    refused = start(YIHU_DATA=str(tmp_path), **{name: value})
    assert refused.returncode != 0
    assert refused.stderr.startswith(f"环境变量 {name} 不对：")
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = start(YIHU_DATA=str(tmp_path / "file" / "data"))
    assert refused.stderr.startswith("环境变量 YIHU_DATA 不对：")


def test_all_wrong_settings_are_named_at_once(tmp_path: Path) -> None:
    refused = start(YIHU_DATA=str(tmp_path), YIHU_DEMO="x", YIHU_WORKERS="none")
    assert len(refused.stderr.strip().splitlines()) == 2


def test_the_secret_key_is_made_once_and_only_for_us(tmp_path: Path) -> None:
    starts = [
        subprocess.Popen([sys.executable, "-c", MAKE_KEY, str(tmp_path)], stdout=subprocess.PIPE) for _ in range(4)
    ]
    keys = {process.communicate(timeout=60)[0] for process in starts}
    assert len(keys) == 1
    assert len(keys.pop().strip()) >= 50
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["secret_key"]
    assert (tmp_path / "keys" / "secret_key").stat().st_mode & 0o077 == 0


MAKE_KEY = """
import sys, pathlib
from yihu.config.keys import made_once, private_folder
print(made_once(private_folder(pathlib.Path(sys.argv[1]) / "keys") / "secret_key"))
"""


def test_every_setting_stands_in_the_handbook() -> None:
    read = set(re.findall(r"""env\.\w+\(\s*"(YIHU_\w+)\"""", (ROOT / "yihu" / "config" / "settings.py").read_text()))
    described = set(re.findall(r"^\| `(YIHU_\w+)`", (ROOT / "docs/handbook/安装与设置.md").read_text(), re.MULTILINE))
    assert read == described


PRINTED, PART = "has its own paper", "belongs to one thing, whose page or paper shows it"
HERE, READ = "is worked in, not filed", "is a report with an export and papers of its own"
# pages that hold a table and are no list that is filed
OTHERWISE = {
    "api/manual.html": HERE,
    "archives/locked.html": PART,
    "archives/unit.html": PRINTED,
    "applying/books.html": HERE,
    "banking/month.html": HERE,
    "banking/orders.html": HERE,
    "bookkeeping/slip.html": PRINTED,
    "cashier/receipt.html": PRINTED,
    "cashier/statement.html": PRINTED,
    "catalogue/item.html": PART,
    "counter/board.html": PRINTED,
    "estate/summary.html": PRINTED,
    "households/titles.html": PART,
    "keys/card.html": PART,
    "keys/desk.html": HERE,
    "keys/ledger.html": PRINTED,
    "kernel/settings/jobs.html": HERE,
    "meters/check.html": HERE,
    "meters/meter.html": PRINTED,
    "meters/missing.html": HERE,
    "reports/damage.html": PRINTED,
    "reports/fees.html": READ,
    "reports/repairs.html": READ,
    "services/price.html": PRINTED,
    "staff/matrix.html": HERE,
    "staff/person.html": PART,
    "tariffs/board.html": PRINTED,
    "tariffs/item.html": PRINTED,
}


@pytest.mark.clause("RPT-04")
def test_a_page_with_a_table_of_its_own_has_its_ways_out_or_says_why_not() -> None:
    bare = set()
    for path, text in texts(".html"):
        name = path.partition("/templates/")[2]
        kept = re.sub(r"\{% leaves %\}.*?\{% endleaves %\}", "", text, flags=re.DOTALL)
        a_page = "{% extends" in text and not Path(name).name.startswith("step_")
        if a_page and re.search(r'<table class="table[" ]', kept):
            bare.add(name)
    said = "put the table between {% leaves %} and {% endleaves %} (docs/how-to/add-a-register.md), or say in OTHERWISE why not"
    assert bare - set(OTHERWISE) == set(), said
    assert set(OTHERWISE) - bare == set(), "no page any more, or it has its ways out"
