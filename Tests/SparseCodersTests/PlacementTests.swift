import Testing

@testable import SparseCoders

@Suite struct PlacementTests {
    @Test(arguments: [
        ("blocks.10.hook_resid_post", "layers.10"), ("blocks.10.hook_resid_pre", "layers.9"),
        ("blocks.0.hook_resid_pre", nil), ("blocks.2.hook_attn_out", "layers.2.attn"),
        ("blocks.2.hook_mlp_out", "layers.2.mlp"), ("blocks.2.mlp.hook_post", "layers.2.mlp.neurons"),
        ("blocks.2.ln2.hook_normalized", nil), ("blocks.2.attn.hook_z", nil), ("blocks.-1.hook_resid_post", nil),
        ("blocks.x.hook_resid_post", nil), ("layers.3.mlp.input", "layers.3.mlp.input"), ("", nil), ("blocks..", nil),
    ])
    func namesOfTransformerLensAreTranslatedWhereTheyNameTheSamePlace(name: String, hookpoint: String?) {
        #expect(CoderPlacement(input: name).inputHookpoint == hookpoint)
    }

    @Test func onlyATranscoderWritesAnotherPlace() {
        let same = CoderPlacement(isTranscoder: false, input: "layers.1", output: "layers.2")
        #expect(same.output == "layers.1")
        let other = CoderPlacement(isTranscoder: true, input: "layers.1.mlp.input", output: "layers.1.mlp")
        #expect(other.output == "layers.1.mlp")
        #expect(CoderPlacement(isTranscoder: true).output == nil && CoderPlacement().inputHookpoint == nil)
    }
}
