"""What every test of the house may use: the cast, signed-in clients, and the rules under which tests run."""

import gc
import logging
import random
import signal
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any

import pytest
from django.db.models.signals import post_migrate
from django.test import Client
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.support.cast import Cast

SECONDS = 300  # for one test, beside a second run of all of them; ten times as long under --exam

settings.register_profile("house", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("exam", settings.get_profile("house"), max_examples=1000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--exam", action="store_true", help="run the long examinations as well")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("exam" if config.getoption("--exam") else "house")
    if config.getoption("--hypothesis-seed", None) is None:
        config.option.hypothesis_seed = str(random.SystemRandom().randrange(10**9))


def pytest_collection_finish(session: pytest.Session) -> None:
    """All that is loaded by now stays to the end: nobody looks through it again for what might be let go."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    # Nobody in Yihu asks for Django's own permissions, and a flush would write two thousand of them.
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


def pytest_report_header(config: pytest.Config) -> str:
    from django.db import connection

    return f"database: {connection.vendor} · to repeat: --hypothesis-seed={config.option.hypothesis_seed}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    from django.db import connection

    leave_out = {"once"} if connection.vendor != "sqlite" else set()
    if not config.getoption("--exam"):
        leave_out.add("exam")
    left_out = [item for item in items if leave_out & {mark.name for mark in item.iter_markers()}]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """A test that hangs fails with the place where it hung."""
    seconds = SECONDS * (10 if item.config.getoption("--exam") else 1)

    def too_long(signum: int, frame: FrameType | None) -> None:
        pytest.fail(f"the test did not end within {seconds} seconds", pytrace=True)

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)
    try:
        return (yield)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What the process keeps of the tables is not what the next test's tables say."""
    from yihu.kernel import calendars  # models can be imported only once Django is up

    calendars.forget()


@pytest.fixture(autouse=True)
def _no_error_in_the_log(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    if request.node.get_closest_marker("logs_errors") is None:
        records = [record for when in ("setup", "call") for record in caplog.get_records(when)]
        errors = [f"{record.name}: {record.getMessage()}" for record in records if record.levelno >= logging.ERROR]
        assert not errors, errors


@pytest.fixture
def cast(db: None) -> "Cast":
    """Everybody below is made when first asked for."""
    from tests.support.cast import Cast  # models can be imported only once Django is up

    return Cast()


@pytest.fixture
def sign_in() -> Callable[[Any], Client]:
    """A browser in which the person has signed in."""

    def signed_in(person: Any) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def yunqi(cast: "Cast") -> Any:
    """云栖苑: homes in clusters."""
    return cast.yunqi


@pytest.fixture
def qinghe(cast: "Cast") -> Any:
    """青禾创意园: an office park with other people."""
    return cast.qinghe


@pytest.fixture
def home(cast: "Cast") -> Any:
    """云栖苑 A组团 A1-1-0101."""
    return cast.home


@pytest.fixture
def owner(cast: "Cast") -> Any:
    """赵业主, who owns the home."""
    return cast.owner


@pytest.fixture
def wang(cast: "Cast") -> Any:
    """王客服 at the desk."""
    return cast.wang


@pytest.fixture
def li(cast: "Cast") -> Any:
    """李主管 of the desk."""
    return cast.li


@pytest.fixture
def gao(cast: "Cast") -> Any:
    """高经理 of the service centre."""
    return cast.gao


@pytest.fixture
def xiang(cast: "Cast") -> Any:
    """项经理 of the whole project."""
    return cast.xiang


@pytest.fixture
def gong(cast: "Cast") -> Any:
    """龚工, head of engineering."""
    return cast.gong


@pytest.fixture
def chen(cast: "Cast") -> Any:
    """陈维修, technician."""
    return cast.chen


@pytest.fixture
def passer(cast: "Cast") -> Any:
    """路人: an account without any post."""
    return cast.passer


@pytest.fixture
def lin(cast: "Cast") -> Any:
    """林前台, at the desk of 青禾创意园 and nowhere else."""
    return cast.lin
