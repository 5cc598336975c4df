"""Messages go through logging: a script hears warnings alone, pages and the command line hear the rest."""

import ast
import logging
import subprocess
import sys

import pytest

from vretlib import logs, paths

PRINTS = {"vretlib/logs.py", "vretlib/batch/runner.py", "vretlib/batch/progress.py"}
"""Modules that print: the handler itself, and the batch, whose lines are events for the command line."""


@pytest.fixture
def quiet_again():
    before = {name: logging.getLogger(name).handlers[:] for name in logs.PACKAGES}
    levels = {name: logging.getLogger(name).level for name in logs.PACKAGES}
    yield
    for name in logs.PACKAGES:
        logging.getLogger(name).handlers = before[name]
        logging.getLogger(name).setLevel(levels[name])
        logging.getLogger(name).propagate = True


def test_messages_are_shown_once_on_what_is_standard_output_now(quiet_again, capsys):
    logs.show()
    logs.show()
    log = logging.getLogger("vretlib.datasets.movies")
    log.info("12 films")
    log.debug("from the cache")
    assert capsys.readouterr().out == "12 films\n"
    logs.show("DEBUG")
    log.debug("from the cache")
    assert capsys.readouterr().out == "from the cache\n"


def test_kept_messages_are_not_shown_and_the_ones_after_are(quiet_again, capsys):
    logs.show()
    log = logging.getLogger("embedded.film")
    with logs.kept() as said:
        log.info("drawn")
    log.info("found")
    assert said == ["drawn"]
    assert capsys.readouterr().out == "found\n"


def test_a_script_that_asks_for_nothing_hears_warnings_alone():
    code = (
        "import logging, vretlib; log = logging.getLogger('vretlib.cache');"
        "log.info('computing'); log.warning('damaged, made anew')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "damaged, made anew\n")


def test_no_module_takes_a_function_to_say_things_with_and_only_the_command_line_prints():
    prints = set()
    for package in logs.PACKAGES:
        for path in sorted((paths.ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                assert not (isinstance(node, ast.arg) and node.arg == "say"), path
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                    prints.add(path.relative_to(paths.ROOT).as_posix())
    assert prints <= PRINTS
