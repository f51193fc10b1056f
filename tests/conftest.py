from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from hypothesis import settings as hypothesis_settings

import gongkai
from gongkai.core.catalogue import api as catalogue
from gongkai.core.publishing import api as publishing
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.models import User
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.moments import SHANGHAI
from tests.databases import EMPTY, Databases

# A property holds or not; how long an example takes says how busy the machine is.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")

FRIDAY = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)
DEMO_BUREAU = Path(gongkai.__file__).parent / "foundation/organisations/data/demo"


def fill_calendar() -> None:
    """The working days of the packaged years."""
    workdays.load_calendars()


def fill_bureau() -> None:
    """The demo bureau with its people, their accounts, the catalogue and the limits of the review steps."""
    organisations.load_organisation(source=DEMO_BUREAU)
    catalogue.load_catalogue()
    publishing.load_review_terms()
    accounts.load_accounts(source=DEMO_BUREAU, now=FRIDAY)


# A stock of data: what it is built on, what fills it. A test gets the last of these whose fixture it asks for.
STOCKS = {"calendar": (EMPTY, fill_calendar), "bureau": ("calendar", fill_bureau)}


def pytest_addoption(parser: pytest.Parser) -> None:
    """An option of ours, for make quick."""
    parser.addoption("--without-database", action="store_true", help="only tests that need neither a database nor a running system")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On SQLite the tests of two open transactions have nothing to say: they run in the PostgreSQL pass."""
    left_out = ["postgresql"] if django_settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") else []
    if config.getoption("without_database"):
        left_out = ["postgresql", "django_db", "journey"]

    def is_wanted(item: pytest.Item) -> bool:
        needs_database = "_django_db_helper" in getattr(item, "fixturenames", ())
        return not any(map(item.get_closest_marker, left_out)) and not (needs_database and config.getoption("without_database"))

    config.hook.pytest_deselected(items=[item for item in items if not is_wanted(item)])
    items[:] = filter(is_wanted, items)


@pytest.fixture(scope="session")
def databases(django_test_environment: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The templates of this session."""
    made = Databases(tmp_path_factory.mktemp("databases"), STOCKS)
    yield made
    with django_db_blocker.unblock():
        made.close()


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """Instead of pytest-django's: nothing is made before a test asks for it."""


@pytest.fixture
def _django_db_helper(request: pytest.FixtureRequest, databases: Databases, django_db_blocker) -> Iterator[None]:
    """Instead of pytest-django's: the database of a test that is marked `django_db` or asks for `db`, see tests/databases.py."""
    marker = request.node.get_closest_marker("django_db")
    wanted = set(request.fixturenames)
    is_transactional = bool(marker and marker.kwargs.get("transaction")) or bool({"transactional_db", "live_server"} & wanted)
    is_transactional = is_transactional or request.node.get_closest_marker("postgresql") is not None
    stock = [EMPTY, *(name for name in STOCKS if name in wanted)][-1]
    with django_db_blocker.unblock(), (databases.copied if is_transactional else databases.rolled_back)(stock):
        yield


@pytest.fixture
def friday() -> datetime:
    """Friday 2026-10-09, 10:20 in Shanghai: the first working day but one after the National Day week."""
    return FRIDAY


@pytest.fixture
def calendar(db: None):
    """The working days of 2020 to 2026 are loaded."""
    return workdays.get_calendar()


@pytest.fixture
def bureau(calendar):
    """临澄市自然资源和规划局 with its units, officers, accounts, catalogue and review terms."""
    return organisations.get_bureau()


def _actor(name: str):

    return accounts.find_actor(name=name, on=FRIDAY.date())


@pytest.fixture
def clerk(bureau):
    """周岚, 公开专员 of 自然资源开发利用科."""
    return _actor("周岚")


@pytest.fixture
def unit_head(bureau):
    """陈默, 科长 of 自然资源开发利用科."""
    return _actor("陈默")


@pytest.fixture
def secrecy_reviewer(bureau):
    """林晓, 保密审查."""
    return _actor("林晓")


@pytest.fixture
def signer(bureau):
    """顾长青, 分管副局长: he signs."""
    return _actor("顾长青")


@pytest.fixture
def openness_office(bureau):
    """何静, 政务公开办主任."""
    return _actor("何静")


@pytest.fixture
def demo_clock(db: None, settings) -> None:
    """The business clock of views and commands shows Friday, from now on."""
    settings.BUSINESS_CLOCK = "demo"
    workdays.anchor_demo_clock(at=FRIDAY, system_now=timezone.now())


@pytest.fixture
def sign_in(bureau, demo_clock) -> Callable[[str], Client]:
    """Gives a browser of a person of the demo bureau, by name, past login and password change."""

    def browser_of(name: str) -> Client:
        user = User.objects.get(username=name)
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(user)
        return client

    return browser_of


@pytest.fixture
def portal_root(tmp_path: Path, settings) -> Path:
    """An empty folder for the portal's files."""
    folder = tmp_path / "portal"
    folder.mkdir()
    settings.PORTAL_ROOT = folder
    return folder


@pytest.fixture
def sealed_root(tmp_path: Path, settings) -> Path:
    """An empty folder for the sealed originals."""
    folder = tmp_path / "sealed"
    folder.mkdir()
    settings.SEALED_ROOT = folder
    return folder
