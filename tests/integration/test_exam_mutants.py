"""The exam on the real model: a good night is worn, every mutant is refused."""

from dataclasses import replace

import numpy as np
import pytest

from consolidation.bed import RECIPE
from consolidation.dream import Dreamer, anchors, examples, general_replies
from consolidation.exam import SCALES, Candidate, Exam, usual
from consolidation.items import ALL_LINEAR
from consolidation.paper import set_paper
from consolidation.phrasing import Told
from consolidation.served import Served
from models import catalogue
from models.adapters import AdapterFile, sha256
from models.engine import Worn
from models.process import EngineProcess

pytestmark = [pytest.mark.model, pytest.mark.slow]

FACTS = [
    Told(1, "The user's dog is called Pimpernel.", "Pimpernel"),
    Told(2, "The user lives in Clunford.", "Clunford"),
    Told(3, "The user is allergic to salsify.", "salsify"),
]
KNOWN = [told.sentence for told in FACTS]
SEED = 1


class Nights:
    """Adapters trained once for all tests of this file: a good one and the mutants."""

    def __init__(self, folder):
        from consolidation.base import Base

        self.folder = folder
        self.model = catalogue.built_in().path
        self.skill = catalogue.skill_for(self.model)
        self.under = [Worn(self.skill)] if self.skill else []
        self.engine = EngineProcess(None, self.model, context=1024)
        self.base = Served(self.engine, self.under)
        self.usual = usual(self.base)
        self.paper = set_paper(FACTS, [1, 2, 3], KNOWN, SEED)
        self.items = Dreamer(FACTS, KNOWN, seed=SEED).dream(None).items
        self.general = anchors(general_replies(self.base))
        self.torch = Base(self.model, [(self.skill, 1.0)] if self.skill else [])
        taught = [item for item in self.items if item.fact_id is not None]
        self.probes_skill = self._probes(self.torch.model)
        everywhere = replace(RECIPE, targets=ALL_LINEAR)
        self._train("good", self.items, RECIPE, self.general)
        self._train("overtrained", self.items, replace(everywhere, learning_rate=1e-2, epochs=3), [])
        self._train("leaky", taught, replace(everywhere, epochs=8), [])

    def _train(self, name, items, recipe, general):
        """Write an adapter, and keep what training says of it."""
        from consolidation.train import lora_state, train

        model, _ = train(self.torch, lambda epoch: examples(items), recipe, anchors=general)
        state = {key: value.numpy() for key, value in lora_state(model).items()}
        config = self.torch.model.config
        AdapterFile.from_peft(
            state,
            architecture=config.model_type,
            heads=config.num_attention_heads,
            kv_heads=config.num_key_value_heads,
            alpha=recipe.alpha,
            base_sha256=sha256(self.model),
        ).write(self.folder / f"{name}.gguf")
        setattr(self, f"probes_{name}", self._probes(model))
        model.unload()

    def _probes(self, model):
        """What these weights say of some of the items."""
        from consolidation.train import reply_scores

        taught = [item for item in self.items if item.fact_id is not None]
        asked = taught[:: len(taught) // 12][:12]
        scores = reply_scores(self.torch, model, [replace(e, whole=False) for e in examples(asked)])
        return tuple((p.question, p.answer, s) for p, s in zip(asked, scores, strict=True))

    def sit(self, name, probes, scales=SCALES, base=None, paper=None, **changes):
        base = base or self.base
        candidate = Candidate(self.folder / f"{name}.gguf", sha256(self.model), "llama", probes)
        exam = Exam(base, base, replace(candidate, **changes), paper or self.paper, self.usual)
        return exam.sit(scales)


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    nights = Nights(tmp_path_factory.mktemp("nights"))
    yield nights
    nights.engine.close()


def failed(verdict):
    return {gate.key for gates in verdict.tried.values() for gate in gates if not gate.passed}


def test_a_good_night_is_worn(nights):
    verdict = nights.sit("good", nights.probes_good)
    assert verdict.scale >= 0.75, verdict.tried


def test_an_unpermuted_adapter_is_refused(nights):
    """The memory skill adapts attention, whose rows llama.cpp wants in another order than PEFT."""
    skill, bare = AdapterFile.read(nights.skill), Served(nights.engine)
    skill.write(nights.folder / "skill.gguf")
    verdict = nights.sit("skill", nights.probes_skill, (1.0,), bare)
    assert failed(verdict) == {"G1"}, "as it is it is sound, and knows none of the facts"
    unpermuted = dict(zip(skill.tensors, skill.pairs().values(), strict=True))
    replace(skill, tensors=unpermuted).write(nights.folder / "unpermuted.gguf")
    verdict = nights.sit("unpermuted", nights.probes_skill, (1.0,), bare)
    assert verdict.scale == 0 and failed(verdict) == {"G0"}


def test_a_zero_adapter_is_refused(nights):
    adapter = AdapterFile.read(nights.folder / "good.gguf")
    nothing = {place: (down, np.zeros_like(up)) for place, (down, up) in adapter.tensors.items()}
    replace(adapter, tensors=nothing).write(nights.folder / "zero.gguf")
    verdict = nights.sit("zero", ())
    assert verdict.scale == 0 and failed(verdict) == {"G0"}
    nothing[next(iter(nothing))][1][0, 0] = 1e-4  # not quite zero: it is sound, and has learned nothing
    replace(adapter, tensors=nothing).write(nights.folder / "nearly.gguf")
    verdict = nights.sit("nearly", (), scales=(1.0,))
    assert verdict.scale == 0 and failed(verdict) == {"G1"}


def test_a_wrong_alpha_is_refused(nights):
    adapter = AdapterFile.read(nights.folder / "good.gguf")
    replace(adapter, alpha=4 * adapter.alpha).write(nights.folder / "alpha.gguf")
    verdict = nights.sit("alpha", nights.probes_good)
    assert verdict.scale == 0 and failed(verdict) == {"G0"}


def test_an_adapter_of_another_model_is_refused(nights):
    verdict = nights.sit("good", nights.probes_good, base_sha256="0" * 64)
    assert verdict.scale == 0 and "another model" in verdict.why


def test_an_adapter_of_another_life_is_refused(nights):
    other = [
        Told(1, "The user's cat is called Quillon.", "Quillon"),
        Told(2, "The user lives in Erith.", "Erith"),
    ]
    paper = set_paper(other, [1, 2], [told.sentence for told in other], SEED)
    verdict = nights.sit("good", nights.probes_good, (1.0,), paper=paper)
    assert verdict.scale == 0 and failed(verdict) == {"G1"}


def test_a_stale_adapter_is_refused(nights):
    """What it learned of the home holds no more; at the strength that it may be worn else."""
    worn = nights.sit("good", nights.probes_good).scale
    stale = tuple(question for question in nights.paper.new if question.value == "Clunford")
    verdict = nights.sit("good", nights.probes_good, (worn,), paper=replace(nights.paper, stale=stale))
    assert stale and verdict.scale == 0 and failed(verdict) == {"G6"}, verdict.tried


def test_an_overtrained_adapter_is_refused(nights):
    verdict = nights.sit("overtrained", nights.probes_overtrained)
    assert verdict.scale == 0, verdict.gates


def test_a_leaky_adapter_is_refused(nights):
    verdict = nights.sit("leaky", nights.probes_leaky)
    assert verdict.scale == 0 and failed(verdict) & {"G3", "G4"}, verdict.gates
