import Foundation
import LanguageModels
import Testing
import Tokenization
import WeightFiles

/// A model of `models/` and what Hugging Face transformers gave for it on the dequantised weights.
struct GoldenModel {
    struct Continuation: Decodable {
        let prompt_ids: [UInt32]
        let greedy_ids: [UInt32]
    }

    struct Line: Decodable {
        let text: String
        let ids: [UInt32]
        let decoded: String
    }

    /// The model's file.
    let path: String
    private let folder: URL

    /// `folder` is one of `Tests/Golden`, `file` one of `models/`.
    init(folder: String, file: String) {
        path = Folders.root.appending(path: "models/\(file)").path
        self.folder = Folders.golden.appending(path: folder)
    }

    /// The tensors.
    func tensors() throws -> SafetensorsFile {
        try SafetensorsFile(path: folder.appending(path: "golden.safetensors").path)
    }

    /// The four contexts of 128 tokens that the tensors are of.
    func contexts() throws -> [[UInt32]] {
        let ids = try #require(try tensors().tensors["input_ids"]).integers().map { UInt32($0) }
        return (0..<4).map { Array(ids[($0 * 128)..<($0 * 128 + 128)]) }
    }

    /// The lines of the tokenizer's reference.
    func lines() throws -> [Line] {
        try Data(contentsOf: folder.appending(path: "tokenizer.jsonl")).split(separator: 0x0a).map {
            try JSONDecoder().decode(Line.self, from: $0)
        }
    }

    /// Checks that greedy continuations are those of the reference, token by token.
    func expectEqualContinuations(_ model: LanguageModel) throws {
        let data = try Data(contentsOf: folder.appending(path: "greedy.json"))
        let continuations = try JSONDecoder().decode([Continuation].self, from: data)
        #expect(!continuations.isEmpty)
        for continuation in continuations {
            let generated = try GenerationSession(model: model).generate(
                prompt: continuation.prompt_ids, maximumTokens: continuation.greedy_ids.count)
            #expect(generated == continuation.greedy_ids)
        }
    }

    /// The distance of two vectors over the length of the second.
    static func relativeError(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
        let distance = zip(a, b).reduce(0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
        return (distance / b.reduce(0) { $0 + pow(Double($1), 2) }).squareRoot()
    }
}
