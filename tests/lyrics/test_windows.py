"""Windows: no line split, no tail dropped, never over the limit."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.lyrics.windows import packed_windows, pieces


def test_a_stanza_stays_together_where_it_fits():
    assert packed_windows([4, 4, 4, 4, 4], [0, 0, 0, 1, 1], limit=16) == [0, 0, 0, 1, 1]
    assert packed_windows([4, 4, 4, 4], [0, 0, 1, 1], limit=16) == [0, 0, 0, 0]


def test_a_stanza_beyond_the_limit_fills_up_line_by_line():
    assert packed_windows([6, 6, 6, 6], [0, 0, 0, 0], limit=13) == [0, 0, 1, 1]


def test_a_line_beyond_the_limit_stands_alone():
    assert packed_windows([3, 40, 3], [0, 0, 0], limit=10) == [0, 1, 2]


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 1)), max_size=60))
def test_every_line_has_one_window_in_order_within_the_limit(lines):
    tokens = [count for count, _ in lines]
    stanzas, stanza = [], 0
    for _, new in lines:
        stanza += new
        stanzas.append(stanza)
    windows = packed_windows(tokens, stanzas, limit=20)
    assert len(windows) == len(tokens)
    assert windows == sorted(windows)
    for window in set(windows):
        held = [t for t, w in zip(tokens, windows, strict=True) if w == window]
        assert sum(held) <= 20 or len(held) == 1


def characters(text):
    return len(text)


@given(st.text(alphabet="abc ", max_size=200), st.integers(3, 20))
def test_pieces_lose_no_letter_and_keep_the_limit(text, limit):
    parts = pieces(text, characters, limit)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(len(part) <= limit for part in parts)
