import Foundation
import SparseCoders
import TestSupport
import Testing
import Topology

@testable import Nodes

/// Places that a topology names as another program does.
@Suite struct HookpointHelpTests {
    private func findings(_ hookpoint: String) -> [Diagnostic] {
        TopologyText.read(
            """
            version: 1
            name: t
            models: { subject: { path: ./m.gguf } }
            sources: { corpus: { type: stdin } }
            stages:
              tokens:   { type: tokenize, inputs: [corpus], model: subject }
              residual: { type: forward,  inputs: [tokens], model: subject, hookpoints: ["\(hookpoint)"] }

            """
        ).diagnostics.filter { $0.code == "E306" }
    }

    @Test(
        arguments: [
            ("blocks.10.hook_resid_post", "did you mean `layers.10`?"),
            ("blocks.10.hook_resid_pre", "did you mean `layers.9`?"),
            ("blocks.0.hook_resid_pre", "did you mean `layers.0.input`?"),
            ("blocks.4.hook_resid_mid", "did you mean `layers.4.middle`?"),
            ("blocks.4.hook_mlp_out", "did you mean `layers.4.mlp.normed`?"),
            ("model.layers.7", "did you mean `layers.7`?"),
            ("model.layers.7.mlp.output", "did you mean `layers.7.mlp`?"),
            ("transformer.h.3", "did you mean `layers.3`?"),
            ("blocks.3.hook_mlp_in", "nothing can be read at that place"),
            ("layer.3", nil),
        ] as [(String, String?)]) func aPlaceAsAnotherProgramCallsItIsRefusedWithTheNameItHasHere(
            name: String, help: String?
        )
    {
        let found = findings(name)
        #expect(found.count == 1)
        if let help {
            #expect(found.first?.help?.hasPrefix(help) == true)
        } else {
            #expect(found.first?.help == nil)
        }
    }

    @Test func aHookpointOfGlossIsNotRefused() {
        #expect(findings("layers.10").isEmpty && findings("embed").isEmpty)
    }

    /// The rows of the table of docs/conventions.md: names of TransformerLens, and of Gloss.
    private static func rows() throws -> [(theirs: [String], ours: [String])] {
        let page = try String(contentsOf: URL(filePath: Checkout.path("docs/conventions.md")), encoding: .utf8)
        return page.split(separator: "\n").filter { $0.hasPrefix("| `blocks.") }.map { line in
            let cells = line.split(separator: "|").map { cell in
                cell.matches(of: /`([a-z0-9_.N()-]+)`/).map { String($0.output.1) }
            }
            return (cells[0].filter { $0.hasPrefix("blocks.") }, cells[1])
        }
    }

    @Test func thePageOfConventionsSaysWhatIsRead() throws {
        let rows = try Self.rows()
        #expect(rows.count == 10)
        for row in rows {
            for (index, name) in row.theirs.enumerated() {
                let spelled = name.replacing("blocks.N", with: "blocks.7")
                guard let ours = row.ours.isEmpty ? nil : row.ours[min(index, row.ours.count - 1)] else {
                    #expect(PlaceName(spelled) == .noHookpoint)
                    continue
                }
                let place = ours.replacing("(N-1)", with: "6").replacing("layers.N", with: "layers.7")
                #expect(PlaceName(spelled) == .hookpoint(place), "\(name)")
            }
        }
    }
}
