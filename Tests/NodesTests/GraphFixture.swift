import Kafka
import StateFixtures
import TestSupport
import Testing
import Topology

@testable import Nodes

/// Graphs over a tiny model, and over a cache of delphi's.
struct GraphFixture {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try TinyModel.write(to: directory.path + "/model")
    }

    static let cache = GoldenFiles.path("delphi/cache/layers.10")

    /// A graph with a model named `subject` and an endpoint named `far`, and the nodes that some text holds.
    func graph(_ nodes: String, far: String = "http://127.0.0.1:9/v1") throws -> Graph {
        let text = """
            version: 1
            name: tiny
            models:
              subject: { path: \(directory.path)/model, bos: "<|bos|>" }
              far: { openai: "\(far)", model: e }

            """
        return try TopologyText.graph(of: text + nodes)
    }

    /// From a cache of codes to evidence.
    func cached() throws -> Graph {
        try graph(
            """
            sources: { cached: { type: delphi_cache, path: \(Self.cache), hookpoint: layers.10, model: subject } }
            stages: { evidence: { type: reservoir, inputs: [cached] } }

            """)
    }

    /// From documents to evidence, with further stages.
    func graph(stages: String = "", encode: String = "coder: \(TinyModel.coder)") throws -> Graph {
        try graph(
            """
            sources: { corpus: { type: stdin } }
            stages:
              tokens: { type: tokenize, inputs: [corpus], model: subject, context: 64 }
              residual: { type: forward, inputs: [tokens], model: subject, hookpoints: [layers.0, layers.1] }
              codes: { type: encode, inputs: [residual], hookpoint: layers.1, \(encode) }
              evidence: { type: reservoir, inputs: [codes] }

            """ + stages)
    }
}
