"""SECURITY.md matches the code: limits, options and tests."""

from __future__ import annotations

import asyncio
import re
from dataclasses import fields
from pathlib import Path
from unittest.mock import Mock

from tests.support.worlds import SHIPPED
from uvicorn import Config
from uvicorn.server import ServerState

from nevkg.serve import server
from nevkg.serve.settings import Settings
from nevkg.sparql import bounds

ROOT = SHIPPED.ontology.parent
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
# Limits without an option.
FIXED = {
    "time that one waits": [Settings.patience],
    "answers that wait on disk for slow clients": [Settings.spool],
    "body of a request": [Settings.body],
    "head of a request": [server.LARGEST_HEAD >> 10, server._MOST_HEADERS],
    "time to send a head": [server._SECONDS_FOR_HEAD],
    "time to send a body": [server._SECONDS_FOR_BODY],
    "time without reading the answer": [server._SECONDS_WITHOUT_READING],
    "brackets in brackets": [bounds._DEEPEST],
    "patterns, operators and columns of a query": [bounds._MOST_PARTS],
}
# Defaults that depend on the machine.
BY_PROCESSORS = {"quick": "one for each processor, at least 2", "slow": "half as many"}


def read_rows(section: str) -> list[list[str]]:
    """Returns the cells of the table in a section."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_documented_limits_match_the_code() -> None:
    defaults = {setting.name: setting.default for setting in fields(Settings)}
    table = read_rows("What a query may cost")
    assert {what for what, _, option in table if not option} == set(FIXED)
    for what, default, option in table:
        name = option.strip("`-").replace("-", "_")
        if name in BY_PROCESSORS:
            assert default == BY_PROCESSORS[name]
        else:
            expected = [defaults[name]] if option else FIXED[what]
            assert [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", default)] == expected, what


def test_a_client_has_as_long_as_documented_to_send_head_and_body() -> None:
    """Looks at the timers, since real clients take longer on a busy machine."""
    loop = Mock(spec=asyncio.AbstractEventLoop)
    loop.create_task.side_effect = lambda coroutine, **_: coroutine.close() or Mock()
    config = Config(Mock(), interface="asgi3", ws="none")
    config.load()
    protocol = server.GuardedProtocol(config, ServerState(), {}, loop)
    transport = Mock(spec=asyncio.Transport)
    transport.get_extra_info.return_value = None
    protocol.connection_made(transport)
    protocol.data_received(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n")
    timers = [call.args[0] for call in loop.call_later.call_args_list]
    assert timers == [server._SECONDS_FOR_HEAD, server._SECONDS_FOR_HEAD, server._SECONDS_FOR_BODY]


def test_each_limit_of_the_settings_is_on_the_page() -> None:
    named = {option.strip("`-").replace("-", "_") for _, _, option in read_rows("What a query may cost") if option}
    without_option = {"patience", "spool", "body"}
    assert named | without_option == {setting.name for setting in fields(Settings)} - {"moment", "services", "allow_smaller"}


def test_the_tests_that_it_names_exist() -> None:
    names = set(re.findall(r"`(tests/\w+/test_\w+\.py)`", PAGE))
    assert names
    assert {name for name in names if not (ROOT / name).is_file()} == set()


def test_it_is_short_and_linked() -> None:
    assert len(PAGE.splitlines()) <= 120
    for page in ("README.md", "docs/deploying.md"):
        assert "SECURITY.md)" in Path(ROOT / page).read_text(encoding="utf-8"), page
