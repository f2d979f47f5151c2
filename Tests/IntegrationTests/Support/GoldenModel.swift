import Foundation
import LanguageModels
import TestSupport
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
    private let folder: String

    /// `folder` is one of `Tests/Golden`, `file` one of `models/`.
    init(folder: String, file: String) {
        path = Folders.root.appending(path: "models/\(file)").path
        self.folder = folder
    }

    /// The tensors.
    func tensors() throws -> SafetensorsFile {
        try SafetensorsFile(path: GoldenFiles.path(folder + "/golden.safetensors"))
    }

    /// The four contexts of 128 tokens that the tensors are of.
    func contexts() throws -> [[UInt32]] {
        let ids = try #require(try tensors().tensors["input_ids"]).integers().map { UInt32($0) }
        return (0..<4).map { Array(ids[($0 * 128)..<($0 * 128 + 128)]) }
    }

    /// The lines of the tokenizer's reference.
    func lines() throws -> [Line] { try GoldenFiles.decodeLines(Line.self, from: folder + "/tokenizer.jsonl") }

    /// Checks that greedy continuations are those of the reference, token by token.
    func expectEqualContinuations(_ model: LanguageModel) throws {
        let continuations = try GoldenFiles.decode([Continuation].self, from: folder + "/greedy.json")
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
