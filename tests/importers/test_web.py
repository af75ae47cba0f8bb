"""The way out: what is never asked, what is given up, what is tried again, and what is said."""

import datetime
import email.utils
import gzip
import socket
import subprocess
import sys
import time
from dataclasses import replace

import answering
import pytest
from answering import cut_off, data, dripping, dripping_header, hung_up, moved, page, silent, status

from tests.sources import PROJECT
from workbench.errors import SetUpError
from workbench.importers import pace, services, web
from workbench.importers.addresses import is_public
from workbench.importers.services import Failed, Limits, Service
from workbench.settings import settings

HOST = "api.genius.com"
PATH = f"/{HOST}/search"
QUICK = Limits(tries=3, connect=2, read=0.3, whole=0.8, most=50_000, pause=0.01, patience=2)


def client(limits: Limits = QUICK, seconds: float = 0, **options) -> web.Client:
    return web.Client(replace(services.GENIUS, seconds=seconds), limits=limits, **options)


def refused(limits: Limits = QUICK, host: str = HOST, **options) -> Failed:
    with pytest.raises(Failed) as found:
        client(limits, **options).json(host, "search", q="leaving")
    return found.value


def test_an_answer_comes_back_with_what_was_asked(server):
    server.on(PATH, data({"meta": 1}))
    assert client().json(HOST, "search", q="Ada & Bo") == {"meta": 1}
    (asked,) = server.asked
    assert (asked.path, asked.query) == (PATH, {"q": "Ada & Bo"})
    assert asked.headers["User-Agent"] == web.AGENT


@pytest.mark.parametrize(
    ("code", "outcome", "times"),
    [
        (400, services.UNREADABLE, 1),
        (401, services.TOKEN, 1),
        (403, services.BLOCKED, 1),
        (404, services.NOT_FOUND, 1),
        (410, services.NOT_FOUND, 1),
        (429, services.LIMITED, 3),
        (500, services.TROUBLE, 3),
        (502, services.TROUBLE, 3),
        (503, services.TROUBLE, 3),
    ],
)
def test_each_refusal_is_an_outcome_and_only_passing_ones_are_tried_again(
    server, code, outcome, times
):
    server.on(PATH, status(code))
    error = refused()
    assert error.outcome == outcome
    assert str(error).startswith("Genius ")
    assert len(server.asked) == times


@pytest.mark.parametrize("fault", [status(500), status(429), cut_off, hung_up, silent])
def test_what_passes_is_got_over(server, fault):
    server.on(PATH, fault, fault, data([1]))
    assert client().json(HOST, "search") == [1]
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (silent, services.TIMED_OUT),
        (dripping, services.TIMED_OUT),
        (dripping_header, services.TIMED_OUT),
        (cut_off, services.CUT_OFF),
        (hung_up, services.CUT_OFF),
        (page("<html>Just a moment</html>"), services.UNREADABLE),
        (page("x" * 50_001), services.UNREADABLE),
        (page(gzip.compress(b"x" * 5_000_000), Content_Encoding="gzip"), services.UNREADABLE),
        (page(b"no gzip at all", Content_Encoding="gzip"), services.UNREADABLE),
    ],
)
def test_what_is_slow_broken_or_too_much_ends_soon_with_an_outcome(server, answer, outcome):
    server.on(PATH, answer)
    begun = time.monotonic()
    assert refused(replace(QUICK, tries=1)).outcome == outcome
    assert time.monotonic() - begun < 5


def test_what_is_packed_is_unpacked(server):
    server.on(PATH, page(gzip.compress(b"[1, 2]"), Content_Encoding="gzip"))
    assert client().json(HOST, "search") == [1, 2]


def test_nobody_at_home_is_no_connection(home, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("WORKBENCH_LOOKUPS", f"http://127.0.0.1:{port}")
    settings.cache_clear()
    assert refused().outcome == services.NO_CONNECTION


@pytest.mark.parametrize(
    "place",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://example.org/",
        "http://127.0.0.1:1/",
        "http://localhost/",
        "//10.0.0.1/x",
        "https://api.genius.com@192.168.0.1/",
        "file:///etc/passwd",
        "ftp://genius.com/x",
    ],
)
def test_a_redirect_elsewhere_is_not_followed(server, place):
    server.on(PATH, moved(place))
    assert refused().outcome in (services.REFUSED, services.UNREADABLE)
    assert server.paths == [PATH]


def test_a_redirect_to_another_server_of_this_machine_asks_nothing_there(server):
    with answering.service() as other:
        server.on(PATH, moved(f"{other.url}/api.genius.com/search"))
        assert refused().outcome == services.REFUSED
        assert other.asked == []


def test_a_redirect_within_the_service_is_followed_but_not_for_ever(server):
    server.on(PATH, moved(f"{server.url}/genius.com/there"))
    server.on("/genius.com/there", data([3]))
    assert client().json(HOST, "search") == [3]
    server.on("/genius.com/there", moved(f"{server.url}/genius.com/there"))
    assert refused().outcome == services.UNREADABLE
    assert len(server.asked) == 2 + 4


@pytest.mark.parametrize(
    "url",
    [
        "http://api.genius.com/search",
        "https://example.org/",
        "https://genius.com.example.org/",
        "https://api.genius.com:8443/",
        "https://user:word@genius.com/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
    ],
)
def test_only_the_hosts_of_the_service_are_asked_and_only_by_https(home, url):
    with pytest.raises(Failed) as found:
        client().session.get(url)
    assert found.value.outcome == services.REFUSED


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "169.254.169.254", "10.0.0.1"]
)
def test_a_known_name_that_leads_inside_is_not_dialled(home, host):
    inside = Service("inside", "Inside", (host,), seconds=0)
    with pytest.raises(Failed, match="private network") as found:
        web.Client(inside, limits=QUICK).json(host, "")
    assert found.value.outcome == services.REFUSED


def test_addresses_of_the_internet_are_told_from_all_others():
    outside = ["8.8.8.8", "2606:4700::1", "64:ff9b::808:808", "::ffff:8.8.8.8"]
    inside = [
        "127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1",
        "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "ff02::1", "no address",
    ]  # fmt: skip
    assert [a for a in outside if not is_public(a)] == []
    assert [a for a in inside if is_public(a)] == []


# --- The rate ------------------------------------------------------------------------------------


def test_two_clients_share_one_rate(server):
    server.on(PATH, data([]))
    begun = time.monotonic()
    for one in (client(seconds=0.15), client(seconds=0.15), client(seconds=0.15)):
        one.json(HOST, "search")
    assert time.monotonic() - begun >= 0.3


def test_processes_share_one_rate(home):
    code = (
        "import time\n"
        "from workbench.importers import pace\n"
        "for _ in range(3):\n"
        "    pace.turn('one', 0.2, 60)\n"
        "    print(time.time(), flush=True)\n"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    moments = sorted(
        float(word) for process in started for word in process.communicate()[0].split()
    )
    assert len(moments) == 6
    # between two turns lies the whole pause, but for what a busy machine adds to either
    assert moments[-1] - moments[0] >= 0.95
    assert all(process.returncode == 0 for process in started)


def test_retry_after_is_waited_for_and_told(server):
    server.on(PATH, status(429, Retry_After="1"), data([]))
    begun = time.monotonic()
    client().json(HOST, "search")
    assert time.monotonic() - begun >= 1


def test_pauses_grow_and_are_never_twice_the_same(server):
    server.on(PATH, status(500))
    waits = []
    for _ in range(3):
        begun = time.monotonic()
        refused(replace(QUICK, tries=3, pause=0.2))
        # before the second try half to one and a half of the pause, before the third twice that
        waits.append(time.monotonic() - begun)
    assert all(wait >= 0.3 for wait in waits)
    assert len({round(wait, 3) for wait in waits}) == 3


def test_a_long_wait_is_not_waited_but_kept_for_whoever_comes_next(server):
    server.on(PATH, status(429, Retry_After="600"), data([]))
    first = refused()
    assert first.outcome == services.LIMITED
    assert "asks to wait until" in str(first)
    again = refused()
    assert again.outcome == services.LIMITED
    assert 590 < again.wait <= 600
    assert len(server.asked) == 1


def test_a_date_to_wait_for_is_read(server):
    until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=600)
    server.on(PATH, status(503, Retry_After=email.utils.format_datetime(until, usegmt=True)))
    error = refused()
    assert error.outcome == services.LIMITED
    assert 580 < error.wait <= 600


def test_an_allowance_that_is_used_up_is_respected(server):
    server.on(PATH, page("[]", X_RateLimit_Remaining="0", X_RateLimit_Reset_In="600"))
    assert client().json(HOST, "search") == []
    assert refused().outcome == services.LIMITED
    assert len(server.asked) == 1


@pytest.mark.parametrize("text", ["", "{", '{"next": "x"}', '{"next": 1e300}', "[1]"])
def test_a_damaged_record_of_the_rate_stops_nobody(home, text):
    (home / pace.FOLDER).mkdir()
    (home / pace.FOLDER / "one.json").write_text(text)
    assert pace.turn("one", 0, 1) == 0


def test_a_longer_wait_is_announced(home, monkeypatch):
    monkeypatch.setattr(pace, "LONG", 0.05)
    pace.hold("one", 0.1)
    told = []
    pace.turn("one", 0, 1, told.append)
    assert len(told) == 1 and 0.05 < told[0] <= 0.1


@pytest.mark.parametrize(
    "place",
    ["https://127.0.0.1:80", "http://10.0.0.1:80", "http://127.0.0.1", "http://127.0.0.1:80/x"],
)
def test_the_stand_in_for_tests_is_on_this_machine_only(monkeypatch, place):
    monkeypatch.setenv("WORKBENCH_LOOKUPS", place)
    settings.cache_clear()
    with pytest.raises(SetUpError, match="WORKBENCH_LOOKUPS"):
        settings()
