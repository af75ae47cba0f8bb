"""YouTube Studio's export of a report: videos over a window, videos by day, and days of a channel.

A view is no stream, so nothing of it becomes one: metrics stay what YouTube calls them. Several
videos of one recording stay apart, as their views add up: the store is “youtube:” and the video.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial

import polars as pl

from workbench.errors import BadInput
from workbench.importers import asked
from workbench.importers import window_metrics as windows
from workbench.importers.beneath import rows_without
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.mapping import ARTIST, ColumnRule, Mapping, Question, checked
from workbench.importers.recorded import recorded
from workbench.importers.recordings_named import OURS, TRACK, recordings_named
from workbench.importers.sheet import REFUSED, ROW, Sheet
from workbench.importers.totals import Stated, Sum
from workbench.importers.video_titles import recordings_shown
from workbench.importers.window_metrics import AMOUNT, CHANGE, CLOCK, Metric

SOURCE, STORE = "youtube-studio", "youtube"
WHAT = {
    "video": ("content", "videos", "video", "inhalte", "inhalt", "contenu", "contenus", "vidéos",
              "contenido", "contenidos", "vídeos", "contenuti", "conteúdo"),
    "title": ("video title", "videotitel", "titre de la vidéo", "título del vídeo",
              "título del video", "titolo video", "titolo del video", "título do vídeo"),
    "date": ("date", "datum", "fecha", "data"),
}  # fmt: skip
VIEWS = Metric("views", ("views", "aufrufe", "vues", "visualizaciones", "vistas",
                         "visualizzazioni", "visualizações"))  # fmt: skip
HOURS = Metric(
    "watch_hours",
    ("watch time (hours)", "wiedergabezeit (stunden)", "durée de visionnage (heures)",
     "tiempo de visualización (horas)", "tempo di visualizzazione (ore)",
     "tempo de exibição (horas)"),
    AMOUNT,
)  # fmt: skip
METRICS = (
    VIEWS,
    HOURS,
    Metric("engaged_views", ("engaged views", "interessierte aufrufe", "vues engagées",
                             "vues intentionnelles")),
    Metric("subscribers", ("subscribers", "abonnenten", "abonnés", "suscriptores", "iscritti",
                           "inscritos"), CHANGE),
    Metric("subscribers_gained", ("subscribers gained", "gewonnene abonnenten",
                                  "neue abonnenten", "nouveaux abonnés", "abonnés gagnés")),
    Metric("subscribers_lost", ("subscribers lost", "verlorene abonnenten", "abonnés perdus")),
    Metric("impressions", ("impressions", "thumbnail impressions", "impressionen",
                           "thumbnail-impressionen", "impresiones", "impressioni",
                           "impressões")),
    Metric("click_through_percent",
           ("impressions click-through rate (%)", "thumbnail click-through rate (%)",
            "klickrate der impressionen (%)", "taux de clics par impression (%)",
            "taux de clics des impressions (%)", "porcentaje de clics de las impresiones (%)"),
           AMOUNT),
    Metric("average_view_seconds", ("average view duration", "durchschnittliche wiedergabedauer",
                                    "durée moyenne de visionnage", "durée moyenne d'une vue",
                                    "duración media de las visualizaciones"), CLOCK),
    Metric("average_viewed_percent",
           ("average percentage viewed (%)", "durchschnittlich angesehen (%)",
            "durchschnittliche wiedergabe in prozent (%)", "pourcentage moyen regardé (%)",
            "pourcentage moyen de vidéo regardé (%)", "porcentaje medio visto (%)"), AMOUNT),
    Metric("likes", ("likes", "„mag ich“-bewertungen", "mag ich", "mentions « j'aime »", "j'aime",
                     "me gusta")),
    Metric("comments", ("comments added", "comments", "hinzugefügte kommentare", "kommentare",
                        "commentaires ajoutés", "commentaires", "comentarios")),
    Metric("shares", ("shares", "geteilt", "geteilte inhalte", "partages", "compartido",
                      "compartidos")),
    Metric("unique_viewers", ("unique viewers", "einzelne zuschauer", "spectateurs uniques")),
    Metric("new_viewers", ("new viewers", "neue zuschauer", "nouveaux spectateurs")),
    Metric("returning_viewers", ("returning viewers", "wiederkehrende zuschauer",
                                 "spectateurs connus", "spectateurs récurrents")),
)  # fmt: skip
TOTALS = ("total", "totals", "gesamt", "summe", "insgesamt", "totale", "totaux")
VIDEO = r"^[A-Za-z0-9_-]{11}$"
OWNER = Question("artist", "Whose channel is this? The artist, whose songs are the videos that "
                           "name nobody.", ARTIST)  # fmt: skip
NO_SONG = (
    "no track of the label is called so, and the title does not say that it is a song; bring the "
    "catalogue first if it is"
)
LACKING = (
    "YouTube counts videos in it that it does not list (few viewers, or more than 500 of them); "
    "look at the rejected rows, too"
)
ID, PLACE = f"{OURS}video", f"{OURS}store"

Here = dict[str, str]
Shaped = tuple[str, str, tuple[Question, ...], Callable]


def recognised(incoming: Incoming) -> Understood | None:
    """Return a table of YouTube Studio by its columns.

    Raises
    ------
    BadInput
        It is one of those that say nothing of a recording or a channel by day.
    """
    sheet = incoming.sheet
    if sheet is None:
        return None
    here = windows.found(sheet.columns, WHAT | {one.name: one.headers for one in METRICS})
    metrics = tuple(one for one in METRICS if one.name in here)
    shaped = _shaped(incoming, here, metrics)
    if shaped is None:
        return None
    name, title, questions, rules = shaped
    sheet, total = _without_total(sheet, here)
    if sheet.frame.is_empty() and sheet.malformed.is_empty():
        raise BadInput(
            f"{incoming.source.name} holds only the total of a report. Bring the table of the same "
            "download, which lists what it is the total of."
        )
    sheet = windows.prepared(sheet, here, metrics)
    mapping = Mapping(
        name=f"youtube_{name}",
        title=f"YouTube Studio: {title}",
        source=SOURCE,
        header=tuple(here.values()),
        tables=(),
        questions=questions,
    )
    sums = _stated(total, here) if metrics[0] is VIEWS else ()
    return Understood(
        sheet, mapping, completed=partial(_completed, incoming, sheet, here, metrics, mapping,
                                          rules, sums)
    )  # fmt: skip


def _shaped(incoming: Incoming, here: Here, metrics: tuple[Metric, ...]) -> Shaped | None:
    """Return name, title, questions and rules of the table; None where it is not YouTube's."""
    if not metrics:
        return None
    if {"video", "title"} <= here.keys():
        if "date" in here:
            return "video_days", "videos by day", (OWNER, windows.WHERE), _videos
        asked = (OWNER, windows.FROM, windows.TO, windows.WHERE)
        return "videos", "videos over a window", asked, _videos
    both = {VIEWS.name, HOURS.name} <= here.keys()
    if "date" in here and "video" not in here and VIEWS.name in here:
        # views by day alone are of YouTube where nothing else stands beside them
        if both or len(here) == len(incoming.sheet.columns):
            return "days", "days of a channel", (windows.WHOSE, windows.WHERE), _days
    if both:
        raise BadInput(
            f"{incoming.source.name} is a table of YouTube Studio by “"
            f"{incoming.sheet.columns[0]}”. Tables by content (with the titles of videos) and by "
            "date are taken; make the export with one of these."
        )
    return None


def _without_total(sheet: Sheet, here: Here) -> tuple[Sheet, pl.DataFrame]:
    told = [pl.col(here[name]).str.strip_chars().str.to_lowercase().is_in(TOTALS)
            for name in ("video", "date") if name in here]  # fmt: skip
    sheet, totals = rows_without(sheet, pl.any_horizontal(told).fill_null(value=False))
    said = f"{totals.height:,} {'row' if totals.height == 1 else 'rows'} of totals passed over"
    notes = (*sheet.notes, said) if totals.height else sheet.notes
    return replace(sheet, notes=notes), totals


def _stated(total: pl.DataFrame, here: Here) -> tuple[Sum, ...]:
    """Return the sum of views that the file states; other metrics do not add up to theirs."""
    views = total.select(windows.cell(VIEWS, here[VIEWS.name])).to_series().drop_nulls()
    views = views.filter(views.str.contains(r"^\d{1,15}$"))
    if views.is_empty():
        return ()
    stated = (Stated(Decimal(views[0]), 0),)
    return (Sum("window_totals", "value", "", "views", stated, ("metric", "views"), LACKING),)


def _completed(
    incoming: Incoming, sheet: Sheet, here: Here, metrics: tuple[Metric, ...], mapping: Mapping,
    rules: Callable, sums: tuple[Sum, ...], answers: dict[str, str],
) -> Understood:  # fmt: skip
    territory = windows.territory(answers)
    span = windows.ONE_DAY if "date" in here else windows.window(answers)
    if "date" in here:
        sheet = windows.with_days(sheet, here["date"])
    sheet, what, store, made = rules(incoming, sheet, here, answers)
    totals = windows.totals(sheet, metrics, (*what, *span), territory, store)
    return Understood(sheet, checked(replace(mapping, tables=(totals, *made))), sums)


def _days(incoming: Incoming, sheet: Sheet, here: Here, answers: dict[str, str]):
    source = incoming.stored_as(SOURCE)
    said = answers[windows.WHOSE.name]
    sheet, what, made = windows.of_whom(sheet, said, incoming.label, source)
    return sheet, what, ColumnRule(constant=STORE), made


def _videos(incoming: Incoming, sheet: Sheet, here: Here, answers: dict[str, str]):
    artist = asked.artist(answers[OWNER.name], incoming.label)
    known = asked.artists(incoming.label)["name"].drop_nulls()
    shown = recordings_shown(sheet.frame[here["title"]], artist.name, known)
    source = incoming.stored_as(SOURCE)
    named = recordings_named(shown.select("title", "artist"), incoming.label, source).columns
    new = named[TRACK].is_in(named[f"{OURS}new track_id"].drop_nulls().implode())
    no_song = (new & ~shown["says"]).fill_null(value=False)
    video = sheet.frame[here["video"]].str.strip_chars(" '\t")
    title, credit, place = f"{OURS}title", f"{OURS}artist", pl.format(f"{STORE}:{{}}", ID)
    frame = sheet.frame.with_columns(
        pl.when(~no_song).then(shown["title"]).alias(title),
        shown["artist"].alias(credit),
        video.alias(ID),
    ).with_columns(place.alias(PLACE))
    whole = (video.str.contains(VIDEO)).fill_null(value=False)
    sheet = replace(
        sheet,
        frame=frame,
        added=(*sheet.added, title, credit, ID, PLACE),
        taken=(*sheet.taken, here["video"], here["title"]),
        refused=pl.concat([
            sheet.refused,
            _refused(frame.filter(~whole), "store", "names no video: its id has eleven signs"),
            _refused(frame.filter(no_song & whole), "entity_id", NO_SONG),
        ]),
    )  # fmt: skip
    rows = {"title": pl.col(title), "artist": pl.col(credit)}
    sheet, made = recorded(sheet, rows, incoming.label, source)
    what = (("entity", ColumnRule(constant="track")), ("entity_id", ColumnRule(column=(TRACK,))))
    return sheet, what, ColumnRule(column=(PLACE,)), made


def _refused(rows: pl.DataFrame, column: str, reason: str) -> pl.DataFrame:
    return rows.select(ROW, column=pl.lit(column), reason=pl.lit(reason)).cast(REFUSED)
