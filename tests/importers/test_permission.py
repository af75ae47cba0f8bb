"""What must be there before Genius is asked: the note accepted, a token that stays hidden."""

import datetime
import logging

import pytest
from answering import cut_off, moved, page, silent, status
from fetching import again, all_there
from genius_answers import SEARCH, TOKEN, listed

from workbench.__main__ import main
from workbench.dataset import SAMPLE, open_dataset
from workbench.errors import ReadOnly, SetUpError
from workbench.importers import permission
from workbench.importers.lyric_fetch import fetch
from workbench.importers.services import Failed
from workbench.store import looked_up, state
from workbench.store.jobs import jobs


@pytest.fixture
def label(lacking_label):
    return lacking_label


def test_nothing_is_asked_before_the_note_is_accepted(label, server, monkeypatch):
    monkeypatch.setenv(permission.TOKEN, TOKEN)
    with pytest.raises(SetUpError, match="Nobody has accepted"):
        fetch(label)
    assert server.asked == []


def test_nothing_is_asked_without_a_token(label, server):
    permission.accept(label, "genius")
    with pytest.raises(SetUpError, match=r"genius\.com/api-clients"):
        fetch(label)
    assert server.asked == []


def test_the_sample_is_left_alone(server, monkeypatch):
    monkeypatch.setenv(permission.TOKEN, TOKEN)
    for act in (fetch, lambda label: permission.accept(label, "genius")):
        with pytest.raises(ReadOnly):
            act(open_dataset(SAMPLE))
    assert server.asked == []


def test_who_accepted_and_when_is_kept_and_can_be_withdrawn(label, monkeypatch):
    monkeypatch.setenv("WORKBENCH_USER", "owner")
    permission.settings.cache_clear()
    assert permission.accepted(label, "genius") is None
    permission.accept(label, "genius")
    given = permission.accepted(label, "genius")
    age = datetime.datetime.now(datetime.UTC) - given.at
    assert given.user == "owner"
    assert age < datetime.timedelta(minutes=1)
    assert permission.accepted(label, "musicbrainz") is None
    permission.withdraw(label, "genius")
    assert permission.accepted(label, "genius") is None
    kept = state.rows(label.home, looked_up.Consent)
    assert kept["given"].to_list() == [True, False]
    assert state.rows(label.home, state.Access)["act"].to_list() == [
        "note accepted",
        "acceptance withdrawn",
    ]


def test_a_note_that_was_changed_must_be_accepted_anew(label, monkeypatch):
    permission.accept(label, "genius")
    monkeypatch.setattr(permission, "NOTES", {"genius": "Another note."})
    assert permission.accepted(label, "genius") is None


def test_withdrawing_ends_a_run_that_is_under_way(allowed, server):
    all_there(server)

    def progress(done, total, text):
        if done == 1:
            permission.withdraw(allowed, "genius")

    with pytest.raises(SetUpError, match="Nobody has accepted"):
        fetch(allowed, progress=progress)
    assert again(allowed).table("lyrics").height == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f'{permission.TOKEN} = "{TOKEN}"', TOKEN),
        ("other = 1", None),
        (None, None),
    ],
)
def test_the_token_may_stand_in_streamlits_secrets(label, tmp_path, text, found):
    if text is not None:
        (tmp_path / "secrets.toml").write_text(text)
    assert permission.token() == found


@pytest.mark.parametrize(
    "text", [f"{TOKEN}\r\nX-Evil: 1", "a b c d e f g h", "short", "tökentöken"]
)
def test_what_cannot_be_a_token_is_refused_and_not_repeated(monkeypatch, text):
    monkeypatch.setenv(permission.TOKEN, text)
    with pytest.raises(SetUpError, match="is no token") as found:
        permission.token()
    assert text[:8] not in str(found.value)


def test_secrets_that_cannot_be_read_are_not_repeated(label, tmp_path):
    (tmp_path / "secrets.toml").write_text(f"{permission.TOKEN} = {TOKEN}")
    with pytest.raises(SetUpError, match="cannot be read as TOML") as found:
        permission.token()
    assert TOKEN not in str(found.value)


# --- The token -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [status(n) for n in (401, 403, 404, 429, 500)]
    + [cut_off, silent, moved("http://10.0.0.1/"), page("<html></html>"), listed()],
)
def test_the_token_is_nowhere_but_in_the_request(allowed, server, caplog, capsys, answer):
    caplog.set_level(logging.DEBUG)
    server.on(SEARCH, answer)
    code = main(["lyrics", "fetch", "--label", "own"])
    assert code in (0, 1)
    assert any(TOKEN in one.headers.get("authorization", "") for one in server.asked)
    kept = [path.read_bytes() for path in allowed.folder.parent.rglob("*") if path.is_file()]
    out = "".join(capsys.readouterr())
    assert len(kept) > 3
    assert TOKEN not in out + caplog.text
    assert not [one for one in kept if TOKEN.encode() in one]
    assert TOKEN not in "".join(job.text for job in jobs(allowed.home))


def test_an_error_that_nobody_foresaw_does_not_carry_the_token(allowed, server):
    server.on(SEARCH, status(500))
    with pytest.raises(Failed) as found:
        fetch(allowed)
    chain, error = [], found.value
    while error is not None:
        chain.append(repr(error))
        error = error.__cause__ or error.__context__
    assert TOKEN not in "".join(chain)
