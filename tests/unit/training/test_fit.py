"""Settings of a training run. The run from end to end is in tests/integration/test_training.py."""

import json
from dataclasses import asdict

from segue.training.fit import TrainingSettings


def test_the_kinds_differ_in_what_they_see() -> None:
    full, audio = TrainingSettings.of("full", rng=3), TrainingSettings.of("audio", rng=4)
    assert (full.name, full.audio_only, full.rng) == ("full", False, 3)
    assert (audio.name, audio.audio_only, audio.rng) == ("audio", True, 4)
    assert full.schedule.dropout > audio.schedule.dropout == 0
    assert audio.shape.waves > full.shape.waves == 0


def test_settings_can_stand_in_a_manifest() -> None:
    settings = asdict(TrainingSettings.of("full", rng=0))
    assert json.loads(json.dumps(settings)) == settings
