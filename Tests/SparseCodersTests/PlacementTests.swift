import Testing

@testable import SparseCoders

@Suite struct PlacementTests {
    @Test(arguments: [
        ("blocks.10.hook_resid_post", "layers.10"), ("blocks.10.hook_resid_pre", "layers.9"),
        ("blocks.0.hook_resid_pre", "layers.0.input"), ("blocks.3.hook_resid_mid", "layers.3.middle"),
        ("blocks.2.hook_attn_out", "layers.2.attn.normed"), ("blocks.2.attn.hook_z", "layers.2.attn.heads"),
        ("blocks.2.hook_mlp_out", "layers.2.mlp.normed"), ("blocks.2.mlp.hook_post", "layers.2.mlp.neurons"),
        ("layers.3.mlp.input", "layers.3.mlp.input"), ("model.layers.7", "layers.7"), ("transformer.h.3", "layers.3"),
        ("gpt_neox.layers.3", "layers.3"), ("model.layers.2.output[0]", "layers.2"),
        ("model.layers.2.input", "layers.1"),
        ("model.language_model.layers.4.output", "layers.4"), ("model.layers.0.input", "layers.0.input"),
        ("model.layers.11.self_attn.o_proj.input", "layers.11.attn.heads"),
        ("model.layers.5.pre_feedforward_layernorm.output", "layers.5.mlp.input"),
        ("model.layers.5.post_feedforward_layernorm.output", "layers.5.mlp.normed"),
        ("model.layers.5.mlp.down_proj.input", "layers.5.mlp.neurons"),
        ("blocks.2.ln2.hook_normalized", "layers.2.mlp.input.normalized"), ("embed", "embed"),
        ("blocks.2.mlp.hook_in", "layers.2.mlp.input"), ("blocks.2.mlp.hook_out", "layers.2.mlp"),
    ])
    func spellingsAreReadAsTheHookpointOfThePlace(name: String, hookpoint: String) {
        #expect(CoderPlacement(input: name).inputPlace == .hookpoint(hookpoint))
    }

    @Test(arguments: [
        "blocks.2.hook_mlp_in", "blocks.2.mlp.hook_pre", "hook_embed",
        "model.layers.2.mlp.gate_proj.output", "blocks.2.attn.hook_q",
    ]) func aPlaceWithoutAHookpointIsKnownToHaveNone(name: String) {
        #expect(CoderPlacement(input: name).inputPlace == .noHookpoint)
    }

    @Test(arguments: [
        "blocks.-1.hook_resid_post", "blocks.x.hook_resid_post", "blocks.{layer}.hook_resid_post", "", "blocks..",
        "mine", "layers.10-seed1", "layers.x", "layers.",
        "model.layers.", "model.layers.2.post_attention_layernorm.output",
        "blocks.99999999999999999999.hook_resid_post",
    ]) func anUnknownSpellingSaysNothing(name: String) {
        #expect(CoderPlacement(input: name).inputPlace == .unknown)
    }

    @Test func onlyATranscoderWritesAnotherPlace() {
        let same = CoderPlacement(isTranscoder: false, input: "layers.1", output: "layers.2")
        #expect(same.output == "layers.1" && same.outputPlace == .hookpoint("layers.1"))
        let other = CoderPlacement(isTranscoder: true, input: "layers.1.mlp.input", output: "layers.1.mlp")
        #expect(other.outputPlace == .hookpoint("layers.1.mlp"))
        #expect(CoderPlacement(isTranscoder: true).outputPlace == nil && CoderPlacement().inputPlace == nil)
    }
}
