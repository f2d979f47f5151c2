import LinearAlgebra
import Testing

@testable import LanguageModels

@Suite struct ForwardPlanTests {
    @Test func hookpointNamesAreReadStrictly() {
        #expect(Hookpoint("layers.0") == Hookpoint(block: 0, site: .residual))
        #expect(Hookpoint("layers.12.mlp") == Hookpoint(block: 12, site: .feedForward))
        #expect(Hookpoint("layers.3.attn") == Hookpoint(block: 3, site: .attention))
        #expect(Hookpoint("layers.3.mlp.neurons") == Hookpoint(block: 3, site: .neurons))
        for site in Hookpoint.Site.allCases {
            let hookpoint = Hookpoint(block: 7, site: site)
            #expect(Hookpoint(hookpoint.description) == hookpoint)
        }
        #expect(Hookpoint.Site.allCases == Hookpoint.Site.allCases.sorted())
        let wrong = [
            "", "layers", "layers.", "layers.-1", "layers.01", "layers.1.", "layers.1.foo", "layers.1.mlp.x", "layer.1",
            "layers.1e3", "layers.1.mlp.", "layers.1..input", "layers.1.neurons", "layers.1.attn.input.x",
            "layers.99999999999999999999", " layers.1", "layers.٣", "layers..mlp",
        ]
        for name in wrong { #expect(Hookpoint(name) == nil, "\(name)") }
    }

    @Test func nothingBehindTheDeepestHookpointIsPlanned() {
        let plan = ForwardPlan([Hookpoint(block: 2, site: .attention), Hookpoint(block: 1, site: .residual)])
        #expect(plan.captures.count == 3)
        #expect(plan.captures[1] == [.init(site: .residual, index: 1)])
        #expect(plan.deepest == .attention && plan.blocks == 3)
        #expect(plan.end(ofBlock: 1) == .residual && plan.end(ofBlock: 2) == .attention)
        let withNeurons = ForwardPlan([
            Hookpoint(block: 2, site: .attentionInput), Hookpoint(block: 2, site: .neurons),
        ])
        #expect(withNeurons.deepest == .neurons)
        let whole = ForwardPlan([Hookpoint(block: 0, site: .attention), Hookpoint(block: 0, site: .residual)])
        #expect(whole.deepest == .residual)
        #expect(ForwardPlan([Hookpoint(block: 2, site: .input)]).blocks == 2)
        #expect(ForwardPlan([]).captures.isEmpty)
        #expect(ForwardPlan(blocks: 4).captures.count == 4)
    }

    @Test func raggedGroupsJoinContexts() {
        let groups = ContextGroup.groups(lengths: [10, 0, 20, 100, 500, 3], mode: .ragged, target: 128)
        #expect(groups.map(\.contexts) == [0..<3, 3..<4, 4..<5, 5..<6])
        #expect(groups.map(\.rows) == [30, 100, 500, 3])
        #expect(groups[0].units.count == 1)
        #expect(groups[0].units[0].rows == 30)
        #expect(groups[0].units[0].contexts.map(\.start) == [0, 10, 10])
        #expect(ContextGroup.groups(lengths: [0, 0], mode: .ragged, target: 128)[0].units.isEmpty)
    }

    @Test func separateContextsHaveProductsOfTheirOwn() {
        let groups = ContextGroup.groups(lengths: [10, 0, 20, 100], mode: .perContext, target: 128)
        #expect(groups.map(\.contexts) == [0..<3, 3..<4])
        #expect(groups[0].units.map(\.start) == [0, 10])
        #expect(groups[0].units.map(\.rows) == [10, 20])
        #expect(groups[0].rows == 30)
        #expect(ContextGroup.groups(lengths: [], mode: .perContext, target: 128).isEmpty)
    }

    @Test func rowsOfPairsAreRestored() {
        // Two heads of width 6; value = head · 100 + the row's place where it is used.
        let used: [Float] = (0..<2).flatMap { head in (0..<6).map { Float(head * 100 + $0) } }
        var stored = LlamaGGUF.permuted(used.flatMap { [$0, -$0] }, headWidth: 6, width: 2)
        #expect(stored[..<6] == [0, 0, 3, -3, 1, -1])
        RowOrder.pairs(headWidth: 6).restore(&stored, rows: 12, width: 2)
        #expect(stored == used.flatMap { [$0, -$0] })
        let before = stored
        RowOrder.asUsed.restore(&stored, rows: 12, width: 2)
        #expect(stored == before)
    }
}
