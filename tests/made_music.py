"""Sounds made up for tests and for the benchmark of what is heard: their tempo, key and length are known."""

import wave
from collections.abc import Mapping
from pathlib import Path

import mutagen
import numpy as np
import soundfile
from numpy.typing import NDArray

Sound = NDArray[np.float64]
RATE = 44_100
PITCHES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_MIDDLE_C = 261.63  # Hz
_BLOCK = 4_096  # libsndfile crashes when it is given a long sound for Vorbis in one piece


def make_tone(seconds: float, frequency: float = 440.0) -> Sound:
    """Return a lone sine at a third of full scale."""
    return 0.3 * np.sin(2 * np.pi * frequency * _times(seconds))


def make_noise(seconds: float, rng: np.random.Generator) -> Sound:
    """Return white noise."""
    return 0.1 * rng.standard_normal(len(_times(seconds)))


def make_clicks(bpm: float, seconds: float) -> Sound:
    """Return a click on every beat."""
    click = 0.8 * np.sin(2 * np.pi * 1_000 * _times(0.045)) * np.exp(-_times(0.045) * 150)
    return _strike([(beat, click) for beat in np.arange(0, seconds, 60 / bpm)], seconds)


def make_drums(bpm: float, seconds: float, rng: np.random.Generator, *, metre: int = 4) -> Sound:
    """Return a low drum on the first beat of a bar, a middle one on the others, and hats between them."""
    times = _times(0.15)
    hat = 0.15 * rng.standard_normal(len(times)) * np.exp(-times * 60)
    struck = []
    for number, beat in enumerate(np.arange(0, seconds, 60 / bpm)):
        first = number % metre == 0
        drum = (0.8 if first else 0.4) * np.sin(2 * np.pi * (60 if first else 200) * times)
        struck += [(beat, drum * np.exp(-times * 25)), (beat + 30 / bpm, hat)]
    return _strike(struck, seconds)


def make_chords(root: int, *, minor: bool, seconds: float) -> Sound:
    """Return the cadence I-IV-V-I in a key, one chord a second, each note with four partials."""
    third = 3 if minor else 4
    parts = []
    for second in range(int(seconds)):
        degree, chord = [
            (0, (0, third, 7)),
            (5, (0, third, 7)),
            (7, (0, 4, 7)),
            (0, (0, third, 7)),
        ][second % 4]
        times = _times(1.0)
        notes = [_MIDDLE_C * 2 ** ((root + degree + step) / 12) for step in chord]
        parts.append(
            sum(
                0.1 * np.sin(2 * np.pi * note * partial * times) / partial
                for note in notes
                for partial in (1, 2, 3, 4)
            )
            * np.exp(-1.5 * times)
        )
    return np.concatenate(parts)


def write_music(path: Path, sound: Sound, tags: Mapping[str, str | list[str]] | None = None) -> Path:
    """Write a sound as its ending says (WAV, FLAC, MP3, Ogg Vorbis, AIFF), with tags by their easy names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".wav":
        _write_wav(path, sound)
    else:
        kinds = {".mp3": "MP3", ".flac": "FLAC", ".ogg": "OGG", ".aiff": "AIFF"}
        with soundfile.SoundFile(path, "w", RATE, 1, format=kinds[path.suffix]) as file:
            for start in range(0, len(sound), _BLOCK):
                file.write(sound[start : start + _BLOCK])
    if tags:
        opened = mutagen.File(path, easy=True)
        if opened.tags is None:
            opened.add_tags()
        for name, value in tags.items():
            opened[name] = value
        opened.save()
    return path


def _write_wav(path: Path, sound: Sound) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32_767).astype("<i2").tobytes())


def _times(seconds: float) -> Sound:
    return np.arange(round(RATE * seconds)) / RATE


def _strike(struck: list[tuple[float, Sound]], seconds: float) -> Sound:
    """Return sounds laid over each other, each from its time in seconds on."""
    whole = np.zeros(round(RATE * seconds))
    for at, sound in struck:
        start = round(at * RATE)
        room = min(len(sound), max(0, len(whole) - start))
        whole[start : start + room] += sound[:room]
    return whole
