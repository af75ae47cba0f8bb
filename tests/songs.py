"""A label of ten small lyrics, one of each outcome, scored once for all tests."""

import datetime
from pathlib import Path

import polars as pl

from workbench.dataset import Dataset, make, open_dataset
from workbench.store.artifacts import in_order
from workbench.store.change import change

GLAD = (
    "[Verse]\nI am so happy that I could dance all night\n"
    "Thank you, thank you for this lovely day\n"
    "What a wonderful feeling, what a joy\n\n[Chorus x2]\nI love you, I love everything\n"
    "We are laughing in the sun\n"
)
SAD = (
    "[Verse]\nI cried all night because you are gone\nMy heart is broken and the house is cold\n"
    "I am so sad and lonely without you\n\n[Chorus]\nYou died and I am lost in grief\n"
    "I am sorry, I am so sorry\n"
)
TURNING = (
    "[Verse 1]\nI cried all night because you are gone\nI am so sad and lonely without you\n"
    "My heart is broken and the house is cold\n\n[Verse 2]\nI am so happy that I could dance\n"
    "Thank you, thank you for this lovely day\nWhat a wonderful feeling, what a joy\n"
)
ANGRY = (
    "[Verse]\nI hate you, you are a liar and a thief\nShut up, get out, I am furious\n"
    "How dare you, this is disgusting\n\n[Chorus]\nYou make me sick, I am so angry\n"
)
TEXTS = {
    "tr-glad": GLAD,
    "tr-sad": SAD,
    "tr-turning": TURNING,
    "tr-angry": ANGRY,
    "tr-glad-again": GLAD.replace("lovely", "perfect"),
    "tr-foreign": "Camino por la calle sin tu voz\nNunca voy a olvidar tu corazón\n"
    "La noche cae despacio sobre el mar\nMi amor se fue con el tren de ayer\n",
    "tr-sounds": "La la la\nOoh ooh ooh\nNa na na na\nHey hey hey\n",
    "tr-short": "Hold me now\nGoodbye\n",
    "tr-silent": "[Instrumental]",
}


def written(folder: Path) -> Dataset:
    """Write the label into a folder, make its artifacts and open it."""
    ids = [*TEXTS, "tr-wordless", "tr-none"]
    with change(folder) as writing:
        writing.describe(title="Songs")
        writing.put(
            "artists",
            pl.DataFrame(
                {"artist_id": ["ar-a", "ar-b"], "name": ["Ada", "Bo"], "genres": [["pop"], []]}
            ),
            source="test",
        )
        writing.put(
            "tracks",
            pl.DataFrame(
                {
                    "track_id": ids,
                    "title": [name.removeprefix("tr-").title() for name in ids],
                    "artist_id": ["ar-a" if n % 2 == 0 else "ar-b" for n in range(len(ids))],
                    "genre": ["pop"] * 5 + ["folk"] * (len(ids) - 5),
                    "language": ["zxx" if name == "tr-wordless" else None for name in ids],
                    "release_date": [datetime.date(2024 + n % 2, 1, 5) for n in range(len(ids))],
                    "status": ["released"] * len(ids),
                }
            ),
            source="test",
        )
        writing.put(
            "lyrics",
            pl.DataFrame(
                {
                    "track_id": list(TEXTS),
                    "source": ["label"] * len(TEXTS),
                    "text": [*TEXTS.values()],
                }
            ),
            source="test",
        )
    label = open_dataset(str(folder))
    for name in in_order(["line_moods"]):
        make(label, name, lambda done, total, text: None)
    return label


# Six sad or angry songs, six glad ones, six between; the sound follows the words but for two.
SOUNDING = [SAD, SAD.replace("cold", "dark"), ANGRY, SAD.replace("house", "room"), SAD + ANGRY,
         ANGRY.replace("thief", "cheat")]  # fmt: skip
SOUNDING += [
    GLAD.replace("lovely", word) for word in ("fine", "great", "sweet", "good", "new", "big")
]
PLAIN = (
    "We wait beside the {} and the shop\nThe bus is standing at the corner of the road\n"
    "There is a {} and a table by the wall\nThey open at eleven and they close again at four\n"
)
SOUNDING += [
    PLAIN.format(word, word) for word in ("station", "hotel", "market", "school", "bank", "ship")
]
SOUND = [0.1, 0.12, 0.15, 0.11, 0.95, 0.13, 0.8, 0.82, 0.05, 0.81, 0.85, 0.84, 0.4, 0.45, 0.5, 0.42,
         0.48, 0.52]  # fmt: skip
ODD_SAD, ODD_GLAD = "t04", "t08"


def with_sound(folder: Path) -> Dataset:
    """Write a label of songs whose energy is known, score it and open it."""
    ids = [f"t{n:02d}" for n in range(len(SOUNDING))]
    tracks = pl.DataFrame(
        {
            "track_id": ids, "title": ids, "artist_id": ["a"] * len(ids),
            "genre": ["pop", "folk"] * (len(ids) // 2), "status": ["released"] * len(ids),
            "release_date": [datetime.date(2020 + n % 3 * 6, 1, 1) for n in range(len(ids))],
            "audio_energy": SOUND, "audio_valence": [0.5] * 11 + [None] * 7,
        }
    )  # fmt: skip
    lyrics = pl.DataFrame({"track_id": ids, "source": ["label"] * len(ids), "text": SOUNDING})
    with change(folder) as writing:
        writing.put("artists", pl.DataFrame({"artist_id": ["a"], "name": ["Ada"]}), source="test")
        writing.put("tracks", tracks, source="test")
        writing.put("lyrics", lyrics, source="test")
    label = open_dataset(str(folder))
    for name in in_order(["line_moods"]):
        make(label, name, lambda done, total, text: None)
    return label
