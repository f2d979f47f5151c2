import Foundation
import StateFixtures
import Testing

@testable import Nodes

/// A graph from a file of texts through the tiny model to evidence.
struct FileGraph {
    let fixture: GraphFixture
    var directory: String { fixture.directory.path }

    init() throws { fixture = try GraphFixture() }

    /// Texts of some words, no two alike.
    static func texts(_ range: Range<Int>) -> [String] {
        let words = ["the", "winding", "and", "is", "sung", "a", "when", "or", "inland", "hand"]
        return range.map { number in
            (0..<20 + number % 30).map { words[(number * 7 + $0 * $0 * (number % 5 + 1)) % 10] }.joined(separator: " ")
                + " \(number)"
        }
    }

    /// Puts lines into the corpus in place of what it held.
    func write(_ lines: [String]) throws {
        let path = URL(fileURLWithPath: "\(directory)/corpus.ndjson")
        try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: path)
    }

    /// Adds lines to the corpus.
    func append(_ lines: [String]) throws {
        let before = FileManager.default.contents(atPath: "\(directory)/corpus.ndjson") ?? Data()
        try write(String(decoding: before, as: UTF8.self).split(separator: "\n").map(String.init) + lines)
    }

    /// Adds texts to the corpus, each as a line of JSON.
    func append(texts: [String]) throws { try append(texts.map { #"{"text": "\#($0)"}"# }) }

    func graph(
        _ stages: String = "", context: Int = 24, encode: String = "coder: \(TinyModel.coder)",
        far: String = "http://127.0.0.1:9/v1"
    ) throws -> Graph {
        try fixture.graph(
            """
            sources: { corpus: { type: file, path: \(directory)/corpus.ndjson } }
            stages:
              tokens: { type: tokenize, inputs: [corpus], model: subject, context: \(context) }
              residual: { type: forward, inputs: [tokens], model: subject, hookpoints: [layers.1], batch: 64 }
              codes: { type: encode, inputs: [residual], hookpoint: layers.1, \(encode) }
              evidence: { type: reservoir, inputs: [codes], window: 8 }

            """ + stages, far: far)
    }

    func built(_ stages: String = "", context: Int = 24, memory: MemoryState? = nil) throws -> BuiltGraph {
        try BuiltGraph(graph(stages, context: context), in: fixture.directory, memory: memory)
    }
}
