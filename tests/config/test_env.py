import pytest

from gongkai.config import env


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("sqlite:///var/x.sqlite3", {"ENGINE": "django.db.backends.sqlite3", "NAME": "var/x.sqlite3"}),
        ("sqlite:////srv/x%20y.sqlite3", {"ENGINE": "django.db.backends.sqlite3", "NAME": "/srv/x y.sqlite3"}),
    ],
)
def test_a_file_is_an_address_of_sqlite(address, expected):
    assert env.parse_database_url(address) == expected


def test_an_address_of_postgresql_may_hold_everything():
    entry = env.parse_database_url("postgresql://clerk:p%40ss@db:5433/gongkai")

    assert entry == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "gongkai",
        "USER": "clerk",
        "PASSWORD": "p@ss",
        "HOST": "db",
        "PORT": "5433",
    }


def test_an_address_of_postgresql_may_hold_next_to_nothing():
    entry = env.parse_database_url("postgresql:///gongkai")

    assert (entry["NAME"], entry["USER"], entry["HOST"], entry["PORT"]) == ("gongkai", "", "", "")


@pytest.mark.parametrize(
    ("read", "value", "words"),
    [
        (lambda name: env.read_flag(name, "开关", "0"), "yes", "只能是 0 或 1"),
        (lambda name: env.read_text(name, "时钟", "system", allowed=("system", "demo")), "moon", "system、demo"),
        (lambda name: env.read_database(name, "数据库", "sqlite:///x"), "mysql://x", "sqlite:///"),
        (lambda name: env.read_database(name, "数据库", "sqlite:///x"), "postgresql://h:port/x", "不能用"),
    ],
)
def test_a_bad_value_refuses_to_start_and_names_the_variable(monkeypatch, read, value, words):
    monkeypatch.setenv("GONGKAI_ANYTHING", value)

    with pytest.raises(SystemExit) as refusal:
        read("GONGKAI_ANYTHING")

    assert "GONGKAI_ANYTHING" in str(refusal.value)
    assert words in str(refusal.value)


def test_what_is_required_and_missing_is_named(monkeypatch):
    monkeypatch.delenv("GONGKAI_ANYTHING", raising=False)

    with pytest.raises(SystemExit, match="缺少环境变量 GONGKAI_ANYTHING：本机关名称"):
        env.read_text("GONGKAI_ANYTHING", "本机关名称")


def test_values_are_read_with_their_types(monkeypatch, tmp_path):
    monkeypatch.setenv("GONGKAI_NAMES", "a.example, b.example,,")
    monkeypatch.setenv("GONGKAI_FLAG", "1")
    monkeypatch.chdir(tmp_path)

    assert env.read_names("GONGKAI_NAMES", "主机", "") == ["a.example", "b.example"]
    assert env.read_flag("GONGKAI_FLAG", "开关", "0") is True
    assert env.read_path("GONGKAI_FOLDER", "目录", "var") == tmp_path.resolve() / "var"


def test_a_secret_comes_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("hidden\n", encoding="utf-8")
    monkeypatch.setenv("GONGKAI_SECRET_KEY_FILE", str(tmp_path / "key"))

    assert env.read_secret("GONGKAI_SECRET_KEY_FILE", "密钥文件", tmp_path / "other") == "hidden"

    monkeypatch.setenv("GONGKAI_SECRET_KEY_FILE", str(tmp_path / "nothing"))
    with pytest.raises(SystemExit, match="找不到密钥文件"):
        env.read_secret("GONGKAI_SECRET_KEY_FILE", "密钥文件", tmp_path / "other")


def test_every_variable_of_the_settings_has_a_help_text_in_chinese():
    assert len(env.VARIABLES) >= 10
    assert [variable.name for variable in env.VARIABLES if not any("一" <= c <= "鿿" for c in variable.help)] == []
