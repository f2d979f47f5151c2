package import Evidence
package import Topology

/// What the cost of running a topology depends on.
package struct CostModel: Sendable {
    /// Where documents, or what stands in their place, come from.
    package struct Source: Sendable {
        /// The bytes of one token.
        package let bytesPerToken: PlanFigure
        /// Whether they are text, which is cut into tokens here.
        package let isText: Bool
    }

    /// A reservoir and the codes that it samples.
    package struct Sampler: Sendable {
        /// The node's name.
        package let id: String
        /// How it samples.
        package let settings: ReservoirSettings
        /// The longest context that reaches it, in tokens.
        package let contextLength: Int
        /// The shape of the codes.
        package let codes: TopologyFacts.Coder
        /// How unlike each other its latents are.
        package let rates: FiringRates
        /// The windows sampled per latent in the end, where `state.memory` allows fewer than are asked for.
        package let lowered: Int?
        /// The shards that latents are shared out to; `nil` without a shuffle topic.
        package let shards: Int?
    }

    /// An explain or score node.
    package struct Jobs: Sendable {
        /// The node's name.
        package let id: String
        /// The value of `explainer:` or `method:`.
        package let variant: String
        /// Whether it explains; else it scores.
        package let explains: Bool
        /// The name of the reservoir whose latents it works on.
        package let reservoir: String
        /// The explain nodes whose explanations it scores.
        package let explainers: [String]
        /// The latents that it takes.
        package let latents: LatentSelection
        /// The windows that a latent must have fired in to be explained.
        package let minimum: Double
        /// The latents of each explainer that have a control; `nil` for all.
        package let controls: Double?
        /// The growth after which a job is done again; 0 for never.
        package let growth: Double
        /// Whether it explains a latent again that has drifted, once before its evidence has grown.
        package let drifts: Bool
        /// Whether it waits until all has been read.
        package let waits: Bool
        /// The name of the model that it asks; `nil` for none.
        package let model: String?
        /// The name of the subject above it; `nil` if it is not run here.
        package let subject: String?
        /// The tokens of a job, and of a control.
        package let tokens, controlTokens: JobTokens
        /// The windows of each kind whose vectors a job compares; `nil` if it compares none.
        package let embeds: Double?
        /// Whether the verdicts on single windows are kept.
        package let keepsVerdicts: Bool
        /// The processor seconds of a job besides what models take.
        package let seconds: Double
    }

    /// A model that nodes ask.
    package struct Model: Sendable {
        /// The name under `models:`.
        package let name: String
        /// Whether it is behind a server.
        package let isServed: Bool
        /// Its work in this process; `nil` for one behind a server or one that is not asked by prompts.
        package let work: TopologyFacts.Model?
        /// The prices of a server; `nil` if they are not given.
        package let prices: TokenPrices?
        /// Whether it is asked by batches.
        package let isBatched: Bool
    }

    /// The topology's name.
    package let name: String
    /// The tokens of the corpus.
    package let tokens: Double
    /// The number of machines, and of cores of each.
    package let machines, cores: Int
    /// The seconds between checkpoints.
    package let checkpointSeconds: Double
    /// What one core does in a second.
    package let rates: MachineRates
    /// The price of an hour of one core; `nil` if it is not counted.
    package let corePrice: Double?
    /// The budget of memory for evidence, explaining and scoring, in bytes.
    package let memoryBudget: Double
    /// The bytes that explain and score nodes take; `nil` if that is not known.
    package let holding: Double?
    /// The sources.
    package let sources: [Source]
    /// The operations of each forward pass for a token.
    package let passes: [Double]
    /// The operations of all encoding for a token.
    package let encoding: Double
    /// The reservoirs, in the order of the file.
    package let reservoirs: [Sampler]
    /// The explain and score nodes, each after those that it reads.
    package let jobs: [Jobs]
    /// The models that they ask, and the subjects that they run, by name.
    package let models: [String: Model]
    /// Whether results are published, so that they stand in the outbox too.
    package let publishes: Bool
}
