import Elements
import LinearAlgebra
import Synchronization
import TestSupport
import Testing
import WeightFiles

@testable import LanguageModels

@Suite struct InterventionTests {
    private static let architectures = ArchitectureGoldenTests.architectures
    private static let sites = Hookpoint.Site.allCases
    private let prompt: [UInt32] = (0..<70).map { ($0 * 53 + 5) % 512 }

    private static func model(_ architecture: String) throws -> LanguageModel {
        try LanguageModel(path: GoldenFiles.path("architectures/" + architecture))
    }

    private static func vector(_ width: Int) -> [Float] { (0..<width).map { Float(($0 * 7) % 11) / 10 - 0.5 } }

    private static func rows(_ matrix: Matrix) -> [[Double]] {
        (0..<matrix.rows).map { row in
            matrix.values[row * matrix.columns..<(row + 1) * matrix.columns].map(Double.init)
        }
    }

    /// The places of block 1: a mixture of experts has no neurons.
    private static func sites(_ model: LanguageModel) -> [Hookpoint.Site] {
        sites.filter { site in
            site != .neurons || !["gpt_oss", "qwen3_moe"].contains(model.configuration.architecture)
        }
    }

    private func logits(_ model: LanguageModel, _ edits: [HookpointEdit], pieces: [Int]? = nil) throws -> [Float] {
        let session = try GenerationSession(model: model)
        try session.setEdits(edits)
        var logits: [Float] = []
        var rest = prompt[...]
        for piece in pieces ?? [prompt.count] {
            logits = try session.extend(Array(rest.prefix(piece)))
            rest = rest.dropFirst(piece)
        }
        return logits
    }

    @Test(arguments: architectures) func noStrengthChangesNoBit(architecture: String) throws {
        let model = try Self.model(architecture)
        let expected = try logits(model, []).map(\.bitPattern)
        for site in Self.sites(model) {
            let width = model.configuration.width(at: site)
            let direction = Self.vector(width)
            let edits: [any ActivationEdit] = [
                AddedVector(direction, strength: 0),
                CodeEdit(
                    differences: { _, rows, _ in
                        [[CodeEdit.Difference]](repeating: [.init(latent: 3, value: 0)], count: rows)
                    }, direction: { _ in direction }),
            ]
            let hookpoint = Hookpoint(block: 1, site: site)
            #expect(try logits(model, edits.map { HookpointEdit(at: hookpoint, $0) }).map(\.bitPattern) == expected)
            // Behind the last token nothing is changed.
            let late = HookpointEdit(at: hookpoint, from: prompt.count, ZeroAblation())
            #expect(try logits(model, [late]).map(\.bitPattern) == expected)
            #expect(try logits(model, [HookpointEdit(at: hookpoint, ZeroAblation())]).map(\.bitPattern) != expected)
        }
    }

    @Test(arguments: architectures) func theCacheIsThatOfTheEditedText(architecture: String) throws {
        let model = try Self.model(architecture)
        for site in Self.sites(model) {
            let edit = HookpointEdit(
                at: Hookpoint(block: 1, site: site), from: 30,
                AddedVector(Self.vector(model.configuration.width(at: site))))
            let whole = try logits(model, [edit])
            #expect(relativeError(try logits(model, [edit], pieces: [29, 1, 1, 20, 19]), whole) < 1e-5)
            #expect(relativeError(whole, try logits(model, [])) > 1e-4)
        }
    }

    @Test func piecesOfAPromptChangeNoBit() throws {
        let model = try Self.model("llama")
        let edit = HookpointEdit(at: Hookpoint(block: 1, site: .residual), from: 20, AddedVector(Self.vector(64)))
        #expect(
            try logits(model, [edit], pieces: [17, 30, 23]).map(\.bitPattern)
                == logits(model, [edit]).map(\.bitPattern))
    }

    @Test func anEditedResidualGoesThroughTheUpperBlocks() throws {
        let model = try Self.model("llama")
        let file = try SafetensorsFile(path: GoldenFiles.path("architectures/llama/model.safetensors"))
        let direction = Self.vector(64)
        let session = try GenerationSession(model: model)
        try session.setEdits([
            HookpointEdit(at: Hookpoint(block: 1, site: .residual), from: 10, AddedVector(direction, strength: 0.7))
        ])
        let names = ["layers.1", "layers.2.attn", "layers.2"].compactMap(Hookpoint.init(_:))
        let found = try session.activations(at: names, of: prompt)
        let plain = try ForwardPass(model: model, hookpoints: [names[0]], mode: .perContext).activations(of: [prompt])
        let residual = try #require(found["layers.1"])
        let before = try #require(plain["layers.1"])
        for token in prompt.indices {
            for column in 0..<64 {
                let added = token < 10 ? 0 : 0.7 * direction[column]
                let place = token * 64 + column
                #expect(abs(residual.values[place] - before.values[place] - added) < 1e-4)
            }
        }
        // The block above, done naively on the edited residual and the attention's output.
        let block = NaiveBlock("llama", block: 2, file)
        let rows = Self.rows(residual)
        let attention = try #require(found["layers.2.attn"])
        let middle = NaiveBlock.sum(rows, Self.rows(attention))
        let neurons = try block.neurons(try block.normalized(middle, block.feedForwardNorm))
        let after = NaiveBlock.sum(middle, try block.product(neurons, block.down))
        #expect(relativeError(try #require(found["layers.2"]).values, after.flatMap { $0.map(Float.init) }) < 1e-5)
    }

    @Test func editsAdd() throws {
        let model = try Self.model("qwen3")
        let width = model.configuration.width
        let hookpoint = Hookpoint(block: 0, site: .feedForward)
        let direction = Self.vector(width)
        let twice = [HookpointEdit](repeating: .init(at: hookpoint, AddedVector(direction, strength: 0.25)), count: 2)
        let once = HookpointEdit(at: hookpoint, AddedVector(direction, strength: 0.5))
        #expect(relativeError(try logits(model, twice), try logits(model, [once])) < 1e-5)
        let undone = twice + [HookpointEdit(at: hookpoint, AddedVector(direction, strength: -0.5))]
        #expect(relativeError(try logits(model, undone), try logits(model, [])) < 1e-5)
    }

    @Test func codesChangeRowsByTheirDirections() throws {
        var values: [Float] = [1, 2, 3, -1, 0, 5]
        let edit = CodeEdit(
            differences: { _, _, _ in [[.init(latent: 0, value: 2), .init(latent: 1, value: -1)], []] },
            direction: { $0 == 0 ? [1, 0, 0] : [0, 1, 0] })
        try values.withUnsafeMutableBufferPointer { try edit.apply(to: $0, rows: 2, width: 3) }
        #expect(values == [3, 1, 3, -1, 0, 5])
    }

    @Test func zeroAblationOfAModuleLeavesTheResidual() throws {
        let model = try Self.model("llama")
        let session = try GenerationSession(model: model)
        try session.setEdits([
            HookpointEdit(at: Hookpoint(block: 1, site: .attention), ZeroAblation()),
            HookpointEdit(at: Hookpoint(block: 1, site: .feedForward), ZeroAblation()),
        ])
        let names = ["layers.0", "layers.1"].compactMap(Hookpoint.init(_:))
        let found = try session.activations(at: names, of: prompt)
        #expect(found["layers.0"] == found["layers.1"])
    }

    @Test func whatDoesNotSuitIsNamedAndAddsNothing() throws {
        let session = try GenerationSession(model: try Self.model("llama"))
        #expect(throws: ModelError.unknownHookpoint(name: "layers.9", blocks: 3)) {
            try session.setEdits([HookpointEdit(at: Hookpoint(block: 9, site: .residual), ZeroAblation())])
        }
        _ = try session.extend([1, 2])
        try session.setEdits([HookpointEdit(at: Hookpoint(block: 2, site: .residual), AddedVector([1]))])
        let error = #expect(throws: ModelError.self) { try session.extend([3]) }
        #expect(error?.description.contains("layers.2") == true && error?.description.contains("expected 64") == true)
        #expect(session.tokens == [1, 2])
    }
}
