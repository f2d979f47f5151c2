import Elements
import Foundation
import Hashing
import LanguageModels
import LinearAlgebra
import Records
import SparseCoders
import StateFixtures
import Testing
import Tokenization

@testable import Nodes

/// The tiny model's corpus as texts, and as the records that another program would write of its activations and codes.
struct RecordedGraph {
    let files: FileGraph
    var directory: String { files.directory }
    static let length = 24

    init() throws { files = try FileGraph() }

    /// The fields of a source that say whose activations or codes are read.
    static let subject = "model: tokens-only, model_name: tiny/llama, hookpoint: layers.1"
    static var codesFields: String { "\(subject), coder_name: sae, latents: \(latents)" }
    static let latents = 256

    /// A graph whose subject is known by its tokenizer alone, with a source named `recorded`, or `codes` if it gives codes.
    func graph(source: String, givesCodes: Bool, _ stages: String = "", models: String = "") throws -> Graph {
        let encode =
            givesCodes
            ? "" : "\n  codes: { type: encode, inputs: [recorded], hookpoint: layers.1, coder: \(TinyModel.coder) }"
        return try TopologyText.graph(
            of: """
                version: 1
                name: recorded
                models: { tokens-only: { tokenizer: \(directory)/model/tokenizer.json, bos: "<|bos|>" }\(models) }
                sources: { \(givesCodes ? "codes" : "recorded"): { \(source) } }
                stages:
                  evidence: { type: reservoir, inputs: [codes], window: 8 }\(encode)

                """ + stages)
    }

    /// The records of texts, one for each.
    func records(of texts: [String], codes: Bool, values: ValueType = .f32) throws -> [[UInt8]] {
        let graph = try files.graph()
        let model = try graph.weights.model("subject")
        let tokenizer = try graph.weights.tokenizer("subject")
        let cutter = ContextCutter(length: Self.length, bos: try graph.weights.bos(of: "subject"))
        let point = try #require(Hookpoint("layers.1"))
        let pass = try ForwardPass(model: model, hookpoints: [point], mode: graph.batchMode())
        let coder = try SparseCoder(folder: TinyModel.coder)
        try #require(coder.latents == Self.latents)
        let worker = EncodeWorker(coder: coder)
        return try texts.map { text in
            let ids = tokenizer.encode(text)
            let document = Document(
                position: RecordPosition(source: "", topic: "", partition: 0, offset: 0), timestamp: 0, id: nil,
                source: nil, content: .tokens(ids))
            let contexts = cutter.contexts(of: document, tokens: ids)
            let activations = try pass.activations(of: contexts.map(\.tokens))
            let recorded = try #require(
                RecordContexts(
                    tokens: contexts.flatMap(\.tokens), lengths: contexts.map(\.tokens.count),
                    prefixes: contexts.indices.map { $0 == 0 ? 1 : 0 }))
            if codes {
                let batch = try worker.encode(
                    ActivationBatch(contexts: contexts, activations: activations), hookpoint: "layers.1",
                    maskFirst: false)
                let header = RecordHeader(
                    model: "tiny/llama", hookpoint: "layers.1", coder: "sae", width: coder.latents, values: values)
                return try #require(
                    CodeRecord(
                        header: header, contexts: recorded, rowStarts: batch.rowStarts, latents: batch.latents,
                        activations: batch.activations)
                ).encoded()
            }
            let matrix = try #require(activations["layers.1"])
            let header = RecordHeader(
                model: "tiny/llama", hookpoint: "layers.1", width: matrix.columns, values: values)
            return try #require(ActivationRecord(header: header, contexts: recorded, activations: matrix)).encoded()
        }
    }

    /// Writes records one behind the other.
    func write(_ records: [[UInt8]], to name: String) throws -> String {
        let path = "\(directory)/\(name)"
        try Data(records.joined()).write(to: URL(filePath: path))
        return path
    }
}
