import Dataflow
import Elements
import Evidence
package import Hashing
import Lineage
import Running
import Scoring
import Sinks
import SparseCoders
import Store
import Topology

/// A source: reads documents, or something in place of them.
protocol ReadsRecords: CarriesBarriers {}

/// A node through which the barriers of checkpoints pass, up to a reservoir.
protocol CarriesBarriers: NodeDefinition {}

/// A node whose tokens are those of a model's tokenizer.
protocol NamesTokens: NodeDefinition {
    /// The model, by name.
    var model: String { get }
}

/// A node that cuts documents into contexts.
protocol CutsContexts: NamesTokens {
    /// The most tokens of one context.
    var contextLength: Int { get }
}

/// A node that runs the subject model.
protocol RunsSubject: NodeDefinition {
    /// The model, by name.
    var model: String { get }
    /// The place at which activations are taken.
    var hookpoints: [String] { get }
}

/// A source of activations that were computed elsewhere, in the place of a subject.
protocol GivesActivations: NodeDefinition {
    /// The hookpoint that they are of.
    var hookpoint: String { get }
    /// The width of a vector.
    var width: Int { get }
}

/// The shape of the codes that a node gives.
package struct CodesShape: Sendable {
    /// The number of latents.
    package let latents: Int
    /// How many are active on a token of usual text.
    package let usualActive: Double
    /// A hash of everything that produces the codes.
    package let digest: Hash128
    /// The width of the activations that are encoded; `nil` where the codes were computed elsewhere.
    package var inputWidth: Int?

    /// How many are taken to be active if the coder does not say: about what published coders are trained to.
    static let unknownActive = 64
}

/// A node that gives codes, so that results below it are about its latents.
protocol GivesCodes: NodeDefinition {
    /// The hookpoint that the codes belong to.
    var hookpoint: String { get }
    /// The path of the coder or the codes, as it is written.
    var place: String { get }
    /// Whether the directions are random, so that scores are controls.
    var isRandomControl: Bool { get }

    /// The shape of the codes; opens files, so it blocks.
    func shape(in graph: Graph) throws -> CodesShape

    /// Whether there is a coder behind the codes, with directions of its latents.
    var hasDirections: Bool { get }

    /// The coder, for users of its directions.
    ///
    /// - Throws: `DaemonError` if there is none, `CoderError` if it cannot be opened.
    func coder(in graph: Graph) throws -> SparseCoder
}

extension GivesCodes {
    var hasDirections: Bool { true }

    /// The identity of the coder under the node's name.
    func coderIdentity(in graph: Graph) throws -> CoderIdentity {
        let shape = try shape(in: graph)
        return CoderIdentity(name: id, hookpoint: hookpoint, latents: shape.latents, digest: shape.digest)
    }
}

/// A node that encodes what the subject gives, so that other texts can be encoded in the same way.
protocol EncodesSubject: GivesCodes {
    /// Whether the first position of every context is left out.
    var masksFirst: Bool { get }
}

/// A node that samples evidence.
protocol Samples: NodeDefinition {
    /// How it samples in a graph.
    func plan(in graph: Graph) throws -> ReservoirPlan
}

/// A node that works on the evidence of latents.
protocol TakesLatents: NodeDefinition {
    /// The latents that it works on.
    var latents: LatentSelection { get }
    /// About the processor time of one of its jobs, for an estimate before any has been done; `nil` if that depends on a model
    /// that a topology chooses.
    var usualSeconds: Double? { get }
}

extension TakesLatents {
    var usualSeconds: Double? { nil }
}

/// A node that explains latents.
protocol Explains: TakesLatents {
    /// When it explains a latent again; `nil` if it never does.
    var reexplains: ReexplanationRule? { get }
    /// What persons may ask it for.
    var requests: [LatentRequest.Kind] { get }
}

extension Explains {
    var reexplains: ReexplanationRule? { nil }
    var requests: [LatentRequest.Kind] { [.explain, .pin, .unpin] }
}

/// A node that explains latents in the order of its choice, so that it can leave some out.
protocol ChoosesLatents: Explains {}

/// A node that scores explanations.
protocol Scores: TakesLatents {
    /// The method, and the properties of it that other code uses.
    static var scoring: any ScoringMethod.Type { get }
    /// The treatment of windows that overlap with those shown.
    var overlap: HeldOut.Overlap { get }
    /// The seed of random choices.
    var seed: UInt64 { get }
    /// The tiers of negatives that it may be set to; `nil` for a method without tiers.
    var negatives: NegativeTierFields? { get }
    /// How it is settled by other scores; `nil` for a method that cannot be.
    var cascade: CascadeFields? { get }
}

extension Scores {
    /// The name of the method.
    static var method: String { scoring.name }
    /// Whether its scores can settle an explanation, so that a dearer node need not be asked.
    static var settles: Bool { scoring.settles }
    var negatives: NegativeTierFields? { nil }
    var cascade: CascadeFields? { nil }
}

/// A node that publishes results.
protocol TakesResults: NodeDefinition {
    /// The target that it publishes to.
    var topic: String { get }

    /// Opens the sink; does not wait for an answer.
    ///
    /// - Throws: If the settings cannot be used.
    func open(in graph: Graph, options: RunOptions, outages: Outages) throws -> any ResultSink
}

/// A node that talks to Kafka.
protocol ReachesKafka: NodeDefinition {
    /// Addresses of brokers; `nil` for those of the topology's Kafka source.
    var brokers: String? { get }
    /// Settings for librdkafka.
    var settings: [String: SettingValue] { get }
    /// The topics that it reads or writes.
    var topics: [String] { get }
}
