import Foundation
import Nodes
import TestSupport
import Testing
import Topology

@testable import Planning

/// Topologies for plans, and what their files tell.
enum PlannedText {
    /// The bundled coder: 4,096 latents of width 576, 32 of them on a token.
    static let coder = TopologyFacts.Coder(latents: 4096, active: 32, encoding: 2 * 576 * 4096)
    /// SmolLM2-135M: docs/performance.md.
    static let small = TopologyFacts.Model(reading: 230e6, writing: 275e6)
    /// Qwen2.5-Coder 1.5B: 2.76 of the roof of 203 GFLOP/s at 210 prompt tokens a second.
    static let large = TopologyFacts.Model(reading: 2.67e9, writing: 2.9e9)

    /// The topology of a text.
    static func topology(_ text: String, file: String = "t.yaml") throws -> Topology {
        let read = GraphReader(environment: [:]).topology(of: text, file: file)
        return try #require(read.topology, "\(read.diagnostics)")
    }

    /// A topology of the repository, by its place in the checkout.
    static func checkedIn(_ name: String) throws -> Topology {
        try topology(try String(contentsOfFile: Checkout.path(name), encoding: .utf8), file: name)
    }

    /// What the files of topologies/results-judge.yaml and topologies/results.yaml tell.
    static func facts(judge: TopologyFacts.Model) -> TopologyFacts {
        var facts = TopologyFacts()
        facts.coders = ["codes": coder, "chance": coder]
        facts.passes = ["residual": 80.8e6]
        facts.models = ["subject": small, "judge": judge]
        return facts
    }

    /// A topology that reads codes from Kafka, with some explain and score nodes.
    static func codes(
        latents: Int, active: Int = 32, nodes: String = "", reservoir: String = "", models: String = ""
    ) throws -> Topology {
        try topology(
            """
            version: 1
            name: planned
            state: { directory: ./state, checkpoint: 30s, memory: 4GiB }
            models:
              subject: { tokenizer: ./tokenizer.json }
              \(models)
            sources:
              codes: { type: codes, from: kafka, brokers: "localhost:9092", topics: [codes], model: subject, model_name: M,
                       hookpoint: layers.10, coder_name: C, latents: \(latents), k: \(active) }
            stages:
              evidence: { type: reservoir, inputs: [codes], window: 32, sample: 256, top: 16, pool: 16384\(reservoir) }
              \(nodes)
            sinks: {}
            """)
    }

    /// The plan of such a topology.
    static func plan(
        _ topology: Topology, latents: Int, active: Double = 32, tokens: Double, machines: Int = 1, cores: Int = 2,
        rates: FiringRates? = nil, samples: [String: Int] = [:]
    ) throws -> CostPlan {
        var facts = TopologyFacts()
        facts.coders = ["codes": TopologyFacts.Coder(latents: latents, active: active, encoding: 0)]
        if let rates { facts.rates = ["evidence": rates] }
        facts.samples = samples
        let question = try PlanQuestion(tokens: tokens, machines: machines, cores: cores)
        return CostPlan(of: try CostModel(of: topology, facts: facts, question: question))
    }
}

extension CostPlan {
    /// A node by its name.
    func node(_ id: String) throws -> CostPlan.Node { try #require(nodes.first { $0.id == id }) }

    /// A model by its name.
    func model(_ name: String) throws -> ModelCost { try #require(models.first { $0.name == name }) }
}

/// Whether a figure lies within a factor of two of what was recorded.
func isWithinTwo(_ value: Double, of recorded: Double) -> Bool { value >= recorded / 2 && value <= 2 * recorded }
