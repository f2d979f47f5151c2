import Elements
import Foundation
import RuleJudgeServer
import Store
import TestSupport

extension TinySubject {
    /// The environment variable that holds the endpoint's key.
    static let keyVariable = "GLOSS_TEST_ENDPOINT_KEY"

    /// Writes a topology whose explainer and judges are behind an endpoint, and returns its path.
    ///
    /// - Parameters:
    ///   - timeout: How long one request may take.
    ///   - more: Further stages, in YAML, one a line.
    func endpointTopology(
        _ name: String, corpus: String, port: Int, answers: String = "auto", timeout: String = "20s",
        key: Bool = false, more: [String] = []
    ) throws -> String {
        let coder = GoldenFiles.path("coders/sparsify_topk")
        let secret = key ? ", api_key: !secret env:\(Self.keyVariable)" : ""
        let judged = "model: judge, examples: 6, answers: \(answers), latents: { sample: 6, seed: 1 }"
        try folder.write(
            """
            version: 1
            name: endpoint
            state: { directory: "\(state(name))", checkpoint: 100ms, memory: 2GiB }
            models:
              subject: { path: "\(folder.file("model"))", bos: "<|bos|>" }
              judge:   { openai: "http://127.0.0.1:\(port)/v1", model: rule, retries: 1, timeout: \(timeout)\(secret) }
            sources:
              corpus: { type: file, path: "\(corpus)" }
            stages:
              tokens:   { type: tokenize,  inputs: [corpus], model: subject, context: 64 }
              residual: { type: forward,   inputs: [tokens], model: subject, hookpoints: [layers.1], batch: 512 }
              codes:    { type: encode,    inputs: [residual], coder: "\(coder)", hookpoint: layers.1 }
              evidence: { type: reservoir, inputs: [codes], window: 16, sample: 32, top: 4, pool: 512, seed: 7 }
              lexical:  { type: explain,   inputs: [evidence], explainer: lexical, when: drained }
              prose:    { type: explain,   inputs: [evidence], explainer: default, model: judge, examples: 10,
                          minimum_examples: 20, when: drained, latents: { sample: 6, seed: 1 } }
              executed: { type: score,     inputs: [lexical], method: execution }
              detected: { type: score,     inputs: [prose, lexical], method: detection, \(judged) }
              fuzzed:   { type: score,     inputs: [prose], method: fuzzing, \(judged) }
            \(more.map { "  " + $0 }.joined(separator: "\n"))
            sinks: {}
            """, to: name + ".yaml")
        return folder.file(name + ".yaml")
    }
}

/// What a run through an endpoint left behind.
struct EndpointRun {
    let status: Int32
    let errors: String
    /// `gloss report`, as text and as JSON.
    let table: String
    let json: String
    let jobs: [JobRecord]
    let content: RunContent
    /// The number of scores by node, without controls.
    let scores: [String: Int]

    /// Runs a topology until drained, on a thread of its own: a test's server must not be kept waiting.
    static func run(
        _ topology: String, state: String, key: String? = nil, patience: Int = 600
    ) async throws -> EndpointRun {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result { try EndpointRun(topology, state: state, key: key, patience: patience) })
            }
        }
    }

    private init(_ topology: String, state: String, key: String?, patience: Int) throws {
        var program = GlossProgram()
        program.environment[TinySubject.keyVariable] = key
        let outcome = try program.run(["run", topology, "--until-drained", "--patience", "\(patience)"])
        status = outcome.status
        errors = outcome.errors + outcome.output
        table = try program.run(["report", state]).output
        json = try program.run(["report", state, "--json"]).output
        let reader = try Store.reader(directory: state)
        jobs = try reader.jobs()
        content = try RunContent(state, program: program)
        scores = try reader.scores().filter { $0.control == nil }.reduce(into: [:]) { $0[$1.node, default: 0] += 1 }
    }

    /// Why the jobs of a node failed.
    func reasons(_ node: String) -> [String] {
        jobs.filter { $0.job.node == node && $0.state == .failed }.map { $0.reason ?? "" }
    }

    /// The number of jobs in a state.
    func count(_ state: JobState) -> Int { jobs.count { $0.state == state } }
}
