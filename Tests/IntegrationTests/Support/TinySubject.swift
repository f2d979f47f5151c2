import Elements
import Foundation
import Store
import TestSupport

/// A tiny random model with a tokenizer and a coder: the whole pipeline in seconds.
struct TinySubject {
    let folder: TemporaryFolder
    private let model: String

    init() throws {
        folder = try TemporaryFolder()
        model = folder.file("model")
        try FileManager.default.createDirectory(atPath: model, withIntermediateDirectories: true)
        for (from, name) in [
            ("architectures/llama", "config.json"), ("architectures/llama", "model.safetensors"),
            ("tiny", "tokenizer.json"),
        ] {
            try FileManager.default.copyItem(
                atPath: GoldenFiles.path(from + "/" + name), toPath: model + "/" + name)
        }
    }

    /// Writes a topology and returns its path; `source`, `sinks` and `judge` are YAML flow mappings.
    ///
    /// - Parameters:
    ///   - state: The name of the state directory, by default the topology's own.
    ///   - header: A further key of the file, at its end.
    func topology(
        _ name: String, source: String, sinks: String = "{}", window: Int = 16, judge: String? = nil,
        state: String? = nil, title: String = "tiny", header: String = ""
    ) throws -> String {
        let coder = GoldenFiles.path("coders/sparsify_topk")
        try folder.write(
            """
            version: 1
            name: \(title)
            state: { directory: "\(self.state(state ?? name))", checkpoint: 100ms, memory: 2GiB }
            models:
              subject: { path: "\(model)", bos: "<|bos|>" }
              judge:   \(judge ?? "{ path: \"\(model)\", bos: none }")
            sources:
              corpus: \(source)
            stages:
              tokens:   { type: tokenize,  inputs: [corpus], model: subject, context: 64 }
              residual: { type: forward,   inputs: [tokens], model: subject, hookpoints: [layers.1], batch: 512 }
              codes:    { type: encode,    inputs: [residual], coder: "\(coder)", hookpoint: layers.1 }
              evidence: { type: reservoir, inputs: [codes], window: \(window), sample: 32, top: 4, pool: 512, seed: 7 }
              lexical:  { type: explain,   inputs: [evidence], explainer: lexical, when: drained }
              executed: { type: score,     inputs: [lexical], method: execution }
              detected: { type: score,     inputs: [lexical], method: detection, model: judge, examples: 4,
                          latents: { sample: 4, seed: 1 } }
            sinks: \(sinks)\(header.isEmpty ? "" : "\n" + header)
            """, to: name + ".yaml")
        return folder.file(name + ".yaml")
    }

    /// Has a topology serve HTTP.
    ///
    /// - Parameter http: What stands after `http:`.
    static func serve(_ topology: String, http: String) throws {
        try String(contentsOfFile: topology, encoding: .utf8)
            .replacing("version: 1\n", with: "version: 1\nhttp: \(http)\n")
            .write(toFile: topology, atomically: true, encoding: .utf8)
    }

    /// The state directory of a topology.
    func state(_ name: String) -> String { folder.file("state-" + name) }

    /// Writes a corpus of made-up sentences and returns its path.
    func corpus(documents: Int, sentences: Int = 12) throws -> String {
        var state: UInt64 = 0x9e37_79b9_7f4a_7c15
        func draw(_ words: [String]) -> String {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return words[Int(state >> 33) % words.count]
        }
        let nouns = ["river", "stone", "engine", "letter", "garden", "window", "number", "bird", "kernel", "queen"]
        let verbs = ["carries", "breaks", "counts", "paints", "follows", "answers", "hides", "returns"]
        let lines = (0..<documents).map { index in
            let text = (0..<sentences).map { _ in
                "The \(draw(nouns)) \(draw(verbs)) the \(draw(nouns)) and \(draw(verbs)) \(draw(nouns)) \(index % 97)."
            }.joined(separator: " ")
            return "{\"id\": \"d\(index)\", \"text\": \"\(text)\"}"
        }
        try folder.write(lines.joined(separator: "\n") + "\n", to: "corpus.ndjson")
        return folder.file("corpus.ndjson")
    }
}

/// What must be equal between a run that was killed and one that was not.
struct RunContent: Equatable {
    let evidenceDigest: String
    let countsDigest: String
    let tokens: UInt64
    /// By job: the explanation's text, or the score's figures.
    let results: [String: String]
    /// Jobs that are open or failed.
    let unfinished: [String]

    init(_ state: String, program: GlossProgram) throws {
        struct Report: Decodable {
            struct Evidence: Decodable {
                let evidence_digest: String
                let counts_digest: String
                let tokens: UInt64
            }
            let evidence: [Evidence]
        }
        let outcome = try program.run(["report", state, "--json"])
        let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
        evidenceDigest = report.evidence.first?.evidence_digest ?? ""
        countsDigest = report.evidence.first?.counts_digest ?? ""
        tokens = report.evidence.first?.tokens ?? 0
        let reader = try Store.reader(directory: state)
        var results: [String: String] = [:]
        for explanation in try reader.explanations() { results["\(explanation.job)"] = explanation.text }
        for score in try reader.scores() { results["\(score.job)"] = "\(score.method) \(score.headline as Any)" }
        self.results = results
        unfinished = try reader.jobs(in: .open).map { "\($0.job.id)" } + reader.jobs(in: .failed).map { "\($0.job.id)" }
    }
}
