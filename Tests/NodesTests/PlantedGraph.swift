import Kafka
import Running
import StateFixtures
import Testing
import Topology

@testable import Nodes

/// A graph over a cache of delphi's in which each latent fires at one token and nowhere else, so that all is known of it.
struct PlantedGraph {
    let directory: TemporaryDirectory
    /// The token of each latent.
    static let planted: [UInt32] = [261, 279, 288]
    /// Tokens of a row, which is one context, one document and one window.
    static let length = 32
    let rows: [[UInt32]]

    /// Every fourth row holds latent 0's token once, every fourth latent 1's, every fourth latent 2's; the rest are
    /// letters drawn anew for each row.
    init(rows count: Int = 240) throws {
        directory = try TemporaryDirectory()
        var state: UInt64 = 0x9e37_79b9
        func draw(_ bound: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % bound)
        }
        var rows: [[UInt32]] = []
        var cache = DelphiFolder()
        cache.shape = [count, Self.length]
        cache.locations = [[], []]
        cache.activations = [[], []]
        for row in 0..<count {
            var tokens = (0..<Self.length).map { _ in UInt32(97 + draw(26)) }
            if row % 4 < 3 {
                let (latent, place) = (row % 4, 4 + draw(24))
                tokens[place] = Self.planted[latent]
                // The first file holds latents 0 and 1, the second latent 2.
                let file = latent / 2
                cache.locations[file].append([UInt16(row), UInt16(place), UInt16(latent % 2)])
                // 16-bit floats from 1 up to 1.06.
                cache.activations[file].append(0x3C00 + UInt16(draw(64)))
            }
            rows.append(tokens)
        }
        cache.tokens = rows.joined().map(Int64.init)
        self.rows = rows
        try cache.write(to: directory.path + "/cache")
        try TinyModel.write(to: directory.path + "/model")
    }

    /// The rows in which a latent fires.
    func fired(_ latent: Int) -> [[UInt32]] { rows.filter { $0.contains(Self.planted[latent]) } }

    /// The graph with further stages after `evidence`, and an endpoint under the name `far`.
    func graph(
        _ stages: String, far: String = "http://127.0.0.1:9/v1", source: String = "", models: String = ""
    ) throws -> Graph {
        let text = """
            version: 1
            name: planted
            models:
              subject: { path: \(directory.path)/model, bos: "<|bos|>" }
              far: { openai: "\(far)", model: rule, retries: 0 }
            \(models)sources:
              cached: { type: delphi_cache, path: \(directory.path)/cache, hookpoint: layers.0, model: subject\(source) }
            stages:
              evidence: { type: reservoir, inputs: [cached] }

            """
        return try TopologyText.graph(of: text + stages)
    }

    /// The graph built in a state directory.
    func built(
        _ stages: String, far: String = "http://127.0.0.1:9/v1", source: String = "", budget: Budget? = nil,
        whenCheckpointed: @escaping @Sendable (StopSignal) -> Void = { _ in }
    ) throws -> BuiltGraph {
        try BuiltGraph(
            graph(stages, far: far, source: source), in: directory, budget: budget,
            whenCheckpointed: whenCheckpointed)
    }

    /// A budget that is spent before anything is asked, so that what is planned stays as it is.
    static let spent = Budget(tokens: 0, cost: nil)
}
