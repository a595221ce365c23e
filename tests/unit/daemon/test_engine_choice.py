"""MX_ENGINE names the engine; what was not built is never run in silence."""

import pytest

from mexchange.config.errors import BadValue
from mexchange.core import engine as python_engine
from mexchange.daemon.engine_choice import NATIVE, PYTHON, choose
from tests.engine.engines import ENGINES


@pytest.mark.parametrize("name", ENGINES)
def test_the_engine_that_is_asked_for_runs(name: str) -> None:
    choice = choose({"MX_ENGINE": name})
    assert (choice.name, choice.kind) == (name, ENGINES[name])
    assert choice.why == f"MX_ENGINE={name}"


@pytest.mark.parametrize("environ", [{}, {"MX_ENGINE": ""}, {"MX_ENGINE": "auto"}])
def test_by_itself_the_native_one_runs_where_it_was_built(environ: dict[str, str]) -> None:
    assert choose(environ).name == (NATIVE if NATIVE in ENGINES else PYTHON)


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(BadValue, match="MX_ENGINE=rust: must be auto, python or native"):
        choose({"MX_ENGINE": "rust"})


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("mexchange.native._native", "is not built here"), ("another", "cannot be loaded: undefined symbol")],
)
def test_where_it_was_not_built_auto_says_why_and_native_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, sentence: str
) -> None:
    broken = ModuleNotFoundError("none", name=name) if "not built" in sentence else ImportError("undefined symbol")

    class Refusing:
        def find_spec(self, full_name: str, path: object, target: object = None) -> None:
            if full_name == "mexchange.daemon.native_engine":
                raise broken

    monkeypatch.delitem(__import__("sys").modules, "mexchange.daemon.native_engine", raising=False)
    monkeypatch.setattr("sys.meta_path", [Refusing(), *__import__("sys").meta_path])
    choice = choose({})
    assert (choice.name, choice.kind) == (PYTHON, python_engine.Engine)
    assert sentence in choice.why
    with pytest.raises(BadValue, match="make native"):
        choose({"MX_ENGINE": "native"})
