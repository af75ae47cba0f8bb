"""The tables of a label: one dataframely schema a file, listed here.

`TABLES` gives each table its schema, the column that dates its rows, whether it holds single
listeners, and which file a label brings to fill it.
"""

import copy
from dataclasses import dataclass
from functools import cached_property

import dataframely as dy
import polars as pl

from workbench.errors import UsageError
from workbench.tables.artists import Artists
from workbench.tables.campaigns import Campaigns
from workbench.tables.channel_draws import ChannelDraws
from workbench.tables.daily_streams import DailyStreams
from workbench.tables.events import Events
from workbench.tables.experiments import Experiments
from workbench.tables.fx_rates import FxRates
from workbench.tables.lift_tests import LiftTests
from workbench.tables.listeners import Listeners
from workbench.tables.listening_counts import ListeningCounts
from workbench.tables.lyrics import Lyrics
from workbench.tables.playlist_spells import PlaylistSpells
from workbench.tables.plays import Plays
from workbench.tables.products import Products
from workbench.tables.purchases import Purchases
from workbench.tables.statements import Statements
from workbench.tables.tracks import Tracks
from workbench.tables.window_totals import WindowTotals

SCHEMA_VERSION = 1
# Where the name itself is not what people say.
TITLES = {
    "fx_rates": "Exchange rates",
    "playlist_spells": "Stays on playlists",
    "window_totals": "Totals over a window",
}


@dataclass(frozen=True)
class Table:
    """A table of the workbench.

    Attributes
    ----------
    name : as `Dataset.scan` takes it.
    schema : columns, units, keys and rules.
    brought_by : the files that fill it, in words that follow “Import”.
    dated : column that dates a row, None where rows have no date.
    listener : column that holds pseudonyms of single listeners, None where there is none.
    """

    name: str
    schema: type[dy.Schema]
    brought_by: str
    dated: str | None = None
    listener: str | None = None

    @property
    def title(self) -> str:
        """What people call it."""
        return TITLES.get(self.name, self.name.replace("_", " ").capitalize())

    @cached_property
    def key(self) -> list[str]:
        """Columns that together name a row."""
        return self.schema.primary_key()

    @cached_property
    def unkeyed(self) -> type[dy.Schema]:
        """The schema without the rule that a key stands once, which costs more than all others."""
        columns = {name: copy.copy(column) for name, column in self.schema.columns().items()}
        for column in columns.values():
            column.primary_key = False
        return type(self.schema.__name__, (self.schema,), columns)

    @cached_property
    def polars_schema(self) -> pl.Schema:
        """Column names and Polars types."""
        return pl.Schema({name: col.dtype for name, col in self.schema.columns().items()})


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("artists", Artists, "a catalogue sheet with an artist column"),
        Table(
            "tracks", Tracks, "a catalogue sheet or release schedule (title, artist, ISRC, date)"
        ),
        Table("lyrics", Lyrics, "lyrics as .txt files, .jsonl, or a table with title and text"),
        Table(
            "listeners",
            Listeners,
            "a listening history or a customer list",
            dated="first_seen",
            listener="listener_id",
        ),
        Table(
            "plays",
            Plays,
            "a Spotify history, ListenBrainz, or any table with listener, track and time",
            dated="played_at",
            listener="listener_id",
        ),
        Table(
            "listening_counts",
            ListeningCounts,
            "a table with listener, artist (or track) and number of plays",
            listener="listener_id",
        ),
        Table(
            "daily_streams",
            DailyStreams,
            "Spotify for Artists timelines, or any table with track, day and streams",
            dated="day",
        ),
        Table(
            "window_totals",
            WindowTotals,
            "totals over a window (Spotify for Artists songs, Apple, YouTube, weekly tables)",
            dated="window_end",
        ),
        Table(
            "playlist_spells",
            PlaylistSpells,
            "a table with track, playlist, date added and date removed",
            dated="added_at",
        ),
        Table(
            "campaigns",
            Campaigns,
            "exports of ad managers, or any table with channel, day and spend",
            dated="day",
        ),
        Table("products", Products, "a shop's product list"),
        Table(
            "purchases",
            Purchases,
            "shop orders or Bandcamp sales",
            dated="purchased_at",
            listener="listener_id",
        ),
        Table(
            "experiments",
            Experiments,
            "a test's table with unit, arm and outcome",
            dated="date",
            listener="unit",
        ),
        Table(
            "events",
            Events,
            "a sheet of events: name, kind, first day, and last day, value, artist, song, country",
            # not dated: those to come would make all that is loaded look old
        ),
        Table(
            "lift_tests",
            LiftTests,
            "a table with test, channel, start, end, extra spend, currency, lift and its error",
            dated="start",
        ),
        Table(
            "channel_draws",
            ChannelDraws,
            "a table with channel, draw, adstock, saturation, effect and spend scale",
        ),
        Table("statements", Statements, "distributors' statements", dated="sale_end"),
        Table("fx_rates", FxRates, "a table with currency, day and rate", dated="day"),
    )
}


def table(name: str) -> Table:
    """Return the table called `name`.

    Raises
    ------
    UsageError
        There is no such table; the message lists those that exist.
    """
    if name not in TABLES:
        raise UsageError(f"There is no table “{name}”. Tables: {', '.join(TABLES)}.")
    return TABLES[name]
