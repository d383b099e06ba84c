"""The same adapter in llama.cpp and in PEFT says the same, on a base that both hold in F16."""

import numpy as np
import pytest
from gguf import GGMLQuantizationType, GGUFReader, GGUFWriter
from gguf.quants import dequantize

from models import catalogue
from models.adapters import AdapterFile, permute, stack
from models.native import OUTPUTS, Context, Model

pytestmark = [pytest.mark.model, pytest.mark.slow]

SAME = 0.97  # of the positions
TEXT = (
    "The harbour of Brask lies where two rivers meet. In spring the boats are painted, in summer they "
    "are lent to visitors, and in autumn the nets are mended in long sheds that smell of tar. Nobody "
    "there can say who built the first jetty. Some hold that it was a widow with three sons; others "
    "that it was there before the town. What is certain is that the ferry leaves at seven, that it "
    "carries letters, hens and schoolchildren, and that its captain has never once been late. When "
    "the fog is thick he rings a bell, and from the other side another bell answers."
)


def in_f16(model, path):
    """The model's file with every matrix in F16; everything else as it is."""
    reader = GGUFReader(str(model))
    writer = GGUFWriter(str(path), "llama")
    for name, field in reader.fields.items():
        if not name.startswith("GGUF.") and name not in {"general.architecture", "general.file_type"}:
            kind = field.types[0]
            inner = field.types[-1] if len(field.types) > 1 else None
            writer.add_key_value(name, field.contents(), kind, inner)
    for tensor in reader.tensors:
        weights = dequantize(tensor.data, tensor.tensor_type)
        whole = tensor.tensor_type == GGMLQuantizationType.F32
        writer.add_tensor(tensor.name, weights if whole else weights.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return in_f16(catalogue.built_in().path, tmp_path_factory.mktemp("base") / "f16.gguf")


@pytest.fixture(scope="module")
def adapter(base):
    """An adapter for every matrix, attention's too, as strong as a night's."""
    chance = np.random.default_rng(3)
    wide, narrow, hidden = 576, 192, 1536
    shapes = {
        "attn_q": (wide, wide),
        "attn_k": (wide, narrow),
        "attn_v": (wide, narrow),
        "attn_output": (wide, wide),
        "ffn_gate": (wide, hidden),
        "ffn_up": (wide, hidden),
        "ffn_down": (hidden, wide),
    }
    tensors = {}
    for layer in range(30):
        for name, (into, out) in shapes.items():
            down = chance.normal(0, into**-0.5, (16, into)).astype(np.float32)
            up = chance.normal(0, 0.02, (out, 16)).astype(np.float32)
            heads = {"attn_q": 9, "attn_k": 3}.get(name)
            tensors[layer, name] = (down, permute(up, heads) if heads else up)
    return AdapterFile("llama", 9, 3, 32.0, 16, "", tensors)


def top_in_llama(base, adapter, path):
    """The likeliest next token after each token of the text, as served: stacked and quantised."""
    stack([(adapter, 1.0)]).write(path, quantised=True)
    model = Model(base, 0)
    context = Context(model, 512, 1)
    try:
        context.use_threads(2)
        context.wear([(model.load_adapter(path), 1.0)])
        tokens, top = model.tokens(TEXT), []
        for at in range(0, len(tokens), OUTPUTS):
            part = tokens[at : at + OUTPUTS]
            context.read(0, at, part, len(part))
            top += [int(context.logits(row).argmax()) for row in range(len(part))]
        return tokens, np.array(top)
    finally:
        context.close()
        model.close()


def top_in_peft(base, adapter, tokens):
    import torch
    from peft import LoraConfig, get_peft_model

    from consolidation.base import Base

    loaded = Base(base)
    config = LoraConfig(
        r=adapter.rank,
        lora_alpha=adapter.alpha,
        target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
    )
    model = get_peft_model(loaded.model, config).eval()
    for name, (down, up) in adapter.pairs().items():
        layer = model.get_base_model().get_submodule(name)
        layer.lora_A["default"].weight.data = torch.from_numpy(np.ascontiguousarray(down))
        layer.lora_B["default"].weight.data = torch.from_numpy(np.ascontiguousarray(up))
    with torch.no_grad():
        return model(input_ids=torch.tensor([tokens])).logits[0].argmax(-1).numpy()


def test_the_same_adapter_says_the_same_and_an_unpermuted_one_does_not(base, adapter, tmp_path):
    tokens, served = top_in_llama(base, adapter, tmp_path / "adapter.gguf")
    trained = top_in_peft(base, adapter, tokens)
    assert len(tokens) > 120
    assert (served == trained).mean() >= SAME
    unpermuted = dict(zip(adapter.tensors, adapter.pairs().values(), strict=True))
    mutant = AdapterFile("llama", 9, 3, adapter.alpha, adapter.rank, "", unpermuted)
    _, wrong = top_in_llama(base, mutant, tmp_path / "unpermuted.gguf")
    assert (wrong == trained).mean() < SAME
