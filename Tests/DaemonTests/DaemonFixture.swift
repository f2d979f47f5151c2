import Daemon
import Foundation
import Kafka
import NIOCore
import NIOPosix
import Nodes
import Observability
import Running
import StateFixtures
import Store
import TestSupport
import Testing
import Topology

/// A daemon on a cache of three latents' codes, or on what else a test reads, by a clock that the test moves on.
struct DaemonFixture: Sendable {
    let directory: TemporaryDirectory
    let clock = ManualClock()
    /// What an operator was told, each line after its node.
    let notices = Told()
    let progress = RunProgress()
    let stop = StopSignal()
    let reloads = ReloadRequests()

    /// The folder of the cache.
    private var cache: String { directory.path + "/cache" }

    init(_ directory: TemporaryDirectory? = nil) throws {
        self.directory = try directory ?? TemporaryDirectory()
        guard directory == nil else { return }
        try Self.codes.write(to: cache)
        let model = self.directory.path + "/model"
        try FileManager.default.createDirectory(atPath: model, withIntermediateDirectories: true)
        for file in ["architectures/llama/config.json", "architectures/llama/model.safetensors", "tiny/tokenizer.json"]
        {
            let source = URL(fileURLWithPath: GoldenFiles.path(file))
            try FileManager.default.copyItem(atPath: source.path, toPath: model + "/" + source.lastPathComponent)
        }
    }

    /// A coder that reads what the model `subject` gives.
    static let coder = GoldenFiles.path("coders/sparsify_topk")
    /// The rows of the cache.
    static let rows = 256

    /// Latents that fire at every 31st, 41st and 59th token of the vocabulary.
    private static var codes: DelphiFolder {
        var folder = DelphiFolder()
        folder.shape = [rows, 16]
        folder.tokens = (0..<rows * 16).map { Int64($0 * 37 % 251 + 1) }
        var firing: [[[UInt16]]] = [[], []]
        for (place, token) in folder.tokens.enumerated() {
            for (latent, divisor) in [Int64(31), 41, 59].enumerated() where token % divisor == 0 {
                firing[latent / 2].append([UInt16(place / 16), UInt16(place % 16), UInt16(latent % 2)])
            }
        }
        folder.locations = firing
        // 16-bit floats from 1 to 2.
        folder.activations = firing.map { $0.map { 0x3C00 + $0[0] } }
        return folder
    }

    /// The next start on the same directory.
    func next() throws -> DaemonFixture { try DaemonFixture(directory) }

    /// A topology from a source named `corpus`, by default the cache, to explanations and their scores.
    ///
    /// - Parameters:
    ///   - header: Further keys of the file, one a line.
    ///   - stages: Stages after `evidence`, one a line.
    ///   - judge: The address of the model `far`.
    ///   - asked: How it is asked.
    func graph(
        _ header: [String] = [], source: String? = nil, stages: [String] = Self.scored, sinks: [String] = [],
        memory: String = "2GiB", judge: String = "http://127.0.0.1:9/v1", asked: String = "retries: 0"
    ) throws -> Graph {
        try graph(
            of: text(header, source: source, stages: stages, sinks: sinks, memory: memory, judge: judge, asked: asked))
    }

    /// The text of such a topology.
    func text(
        _ header: [String] = [], source: String? = nil, stages: [String] = Self.scored, sinks: [String] = [],
        memory: String = "2GiB", judge: String = "http://127.0.0.1:9/v1", asked: String = "retries: 0"
    ) -> String {
        let own = "{ type: delphi_cache, path: \"\(cache)\", hookpoint: layers.10, model: subject }"
        return """
            version: 1
            name: tiny
            state: { directory: "\(directory.state)", checkpoint: 7s, memory: \(memory) }
            \(header.joined(separator: "\n"))
            models:
              subject: { path: "\(directory.path)/model", bos: "<|bos|>" }
              far: { openai: "\(judge)", model: rule, \(asked) }
            sources:
              corpus: \(source ?? own)
            stages:
            \(stages.map { "  " + $0 }.joined(separator: "\n"))
            sinks: { \(sinks.joined(separator: ", ")) }

            """
    }

    /// The variables of topologies.
    static let environment = ["GLOSS_TEST_TOKEN": "s3cret"]

    /// The graph of a text.
    func graph(of text: String) throws -> Graph {
        let reader = TopologyReader(
            schemas: NodeRegistry.schemas, environment: Self.environment,
            reservedSetting: KafkaSettings.reservedReason(for:))
        let read = reader.read(text: text, file: "t.yaml")
        return try Graph(#require(read.topology, "\(read.diagnostics)"))
    }

    /// From codes to scores.
    static let scored = [
        "evidence: { type: reservoir, inputs: [corpus], sample: 64, top: 4, pool: 128, window: 16 }",
        "words: { type: explain, explainer: lexical, inputs: [evidence], when: drained }",
        "run: { type: score, method: execution, inputs: [words] }",
    ]

    /// From texts to evidence.
    static let reading = [
        "tokens: { type: tokenize, inputs: [corpus], model: subject, context: 16 }",
        "residual: { type: forward, inputs: [tokens], model: subject, hookpoints: [layers.1] }",
        "codes: { type: encode, inputs: [residual], coder: \"\(coder)\", hookpoint: layers.1 }",
        "evidence: { type: reservoir, inputs: [codes], sample: 4, top: 4, pool: 16, window: 8 }",
    ]

    /// From codes to the verdicts of the model `far`.
    static let judged =
        Array(scored.dropLast()) + [
            "detected: { type: score, method: detection, model: far, inputs: [words], examples: 4 }"
        ]

    /// Runs a daemon until it ends.
    func run(_ graph: Graph, _ set: (inout RunOptions) -> Void = { $0.untilDrained = true }) async throws {
        _ = try await outcome(of: graph, set)
    }

    /// Runs a daemon until it ends; returns how.
    func outcome(
        of graph: Graph, _ set: (inout RunOptions) -> Void = { $0.untilDrained = true }
    ) async throws -> RunOutcome {
        var options = RunOptions(cores: 1, notice: notices.add)
        options.clock = clock
        options.version = "1.2.3"
        set(&options)
        return try await GlossDaemon(
            graph: graph, options: options, stop: stop, progress: progress, reloads: reloads,
            environment: Self.environment
        ).run()
    }

    /// Opens the state as the next start would, which succeeds only if nobody has it open any more.
    func openState<Value>(_ graph: Graph, _ body: (Store) throws -> Value) throws -> Value {
        let store = try Store(directory: directory.state, topology: graph.storeIdentity())
        let value = try body(store)
        try store.close()
        return value
    }
}

extension DaemonFixture {
    /// The address of its server, as the operator was told; empty before that.
    var address: String {
        notices.of("http").first?.split(separator: " ").last.map(String.init) ?? ""
    }

    /// Whether somebody listens at that address.
    var isListening: Bool {
        get async {
            let port = address.split(separator: ":").last.flatMap { Int($0) } ?? 0
            let connecting = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port)
            guard let channel = try? await connecting.get() else { return false }
            try? await channel.close().get()
            return true
        }
    }

    /// Does something while somebody else has the state open.
    func openStateWhile(_ graph: Graph, _ body: () async throws -> Void) async throws {
        let store = try Store(directory: directory.state, topology: graph.storeIdentity())
        try await body()
        try store.close()
    }
}
