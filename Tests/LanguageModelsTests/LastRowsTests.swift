import LinearAlgebra
import TestSupport
import Testing

@testable import LanguageModels

@Suite struct LastRowsTests {
    private static let architectures = ["gemma2", "gemma3", "gpt2", "gpt_neox", "llama", "mistral", "qwen2", "qwen3"]

    private static func tokens(_ count: Int, _ salt: Int) -> [UInt32] {
        (0..<count).map { UInt32(($0 * 37 + salt * 11 + 3) % 256) }
    }

    /// The residual stream of each text's last token: after some tokens of several lengths, and after one more of each.
    private func lastRows(
        _ model: LanguageModel, _ lengths: [Int], path: TokenRunner.Path, reading: TokenRunner.Reading
    ) throws -> [[Float]] {
        let runner = try TokenRunner(model: model, activations: .f32, team: nil)
        let texts = lengths.map { _ in TextState(model.configuration) }
        let width = model.configuration.width
        var found: [[Float]] = []
        for step in 0..<2 {
            let additions = zip(texts, lengths).map { text, length in
                TokenRunner.Addition(text: text, tokens: Self.tokens(step == 0 ? length : 2, length + step))
            }
            let rows = try runner.run(additions, path: path, reading: reading)
            for rows in rows {
                let start = runner.residual.pointer + (rows.upperBound - 1) * width
                found.append(Array(UnsafeBufferPointer(start: start, count: width)))
            }
        }
        return found
    }

    @Test(arguments: architectures, [TokenRunner.Path.together, .single])
    func whatIsReadIsTheSameBitsAsIfAllWere(architecture: String, path: TokenRunner.Path) throws {
        let model = try LanguageModel(path: GoldenFiles.path("architectures/\(architecture)"))
        for lengths in [[70], [1, 120, 5, 64]] {
            let all = try lastRows(model, lengths, path: path, reading: .all)
            #expect(try lastRows(model, lengths, path: path, reading: .last) == all)
            #expect(all.allSatisfy { $0.contains { $0 != 0 } })
        }
    }

    @Test func whatIsNotReadIsNotComputed() throws {
        let model = try LanguageModel(path: GoldenFiles.path("architectures/llama"))
        let width = model.configuration.width
        let firstRows = try [TokenRunner.Reading.all, .last].map { reading in
            let runner = try TokenRunner(model: model, activations: .f32, team: nil)
            let text = TextState(model.configuration)
            try runner.run([.init(text: text, tokens: Self.tokens(9, 1))], path: .together, reading: reading)
            return Array(UnsafeBufferPointer(start: runner.residual.pointer, count: width))
        }
        #expect(firstRows[0] != firstRows[1])
    }

    @Test func editedTextsAreComputedWhole() throws {
        let model = try LanguageModel(path: GoldenFiles.path("architectures/llama"))
        let width = model.configuration.width
        let last = model.configuration.blocks - 1
        let edit = HookpointEdit(
            at: Hookpoint(block: last, site: .residual), from: 3,
            AddedVector((0..<width).map { Float($0 % 5) - 2 }, strength: 0.3))
        let rows = try [TokenRunner.Reading.all, .last].map { reading in
            let runner = try TokenRunner(model: model, activations: .f32, team: nil)
            let text = TextState(model.configuration)
            text.edits = [edit]
            try runner.run([.init(text: text, tokens: Self.tokens(9, 1))], path: .together, reading: reading)
            return Array(UnsafeBufferPointer(start: runner.residual.pointer, count: 9 * width))
        }
        #expect(rows[0] == rows[1])
    }
}
