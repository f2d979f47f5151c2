import Dataflow
import Scoring
import Topology

/// A kind of node: its fields, its checks, the dependencies of its state, its memory, and how it runs.
///
/// A definition is made from a node's fields once; nothing else reads them. Other code addresses a node by a
/// capability, a protocol such as `GivesCodes`, and never by the name of its type.
protocol NodeDefinition: Sendable {
    /// Its fields, inputs and outputs.
    static var schema: NodeSchema { get }

    /// Reads the fields.
    init(_ node: Node) throws(TopologyError)

    /// The node in the file.
    var node: Node { get }

    /// The models that it names.
    var models: [ModelUse] { get }

    /// Reports faults of the things it names and of its place in the graph.
    func check(in graph: Graph, into findings: inout NodeFindings)

    /// Adds the values that the evidence of the reservoirs below depends on; the graph adds the inputs.
    ///
    /// A field added to an existing kind later must add nothing while it has its default, or the identity of stored
    /// evidence changes.
    func identify(into identity: inout StateIdentity, in graph: Graph) throws

    /// The bytes that it holds while it explains or scores.
    func memory(_ shape: ScoringMemory) -> Double

    /// Makes the running stage.
    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws
}

extension NodeDefinition {
    var models: [ModelUse] { [] }

    func check(in graph: Graph, into findings: inout NodeFindings) {}

    // Sources, explainers and scorers have no part in the identity: input can change while the computation does not.
    func identify(into identity: inout StateIdentity, in graph: Graph) throws {}

    func memory(_ shape: ScoringMemory) -> Double { 0 }

    /// The node's id.
    var id: String { node.id }
}

/// A model that a node names, and the purpose.
struct ModelUse: Sendable {
    /// The purpose of a model for a node.
    enum Purpose: Sendable, Hashable {
        /// Its tokenizer, its weights or its answers.
        case model
        /// The vectors of sentences.
        case sentences
        /// Its statements about given texts.
        case reading(ReadingQuestion)
    }

    /// The name under `models:`.
    let name: String
    /// The place at which it is named.
    let mark: SourceMark
    /// The purpose.
    let purpose: Purpose
}

extension Node {
    /// The use of the model that a field names.
    func use(_ field: Field<String>, _ name: String, for purpose: ModelUse.Purpose = .model) -> ModelUse {
        ModelUse(name: name, mark: mark(of: field), purpose: purpose)
    }

    /// The use of the model that a field names, if it does.
    func use(_ field: Field<String?>, _ name: String?, for purpose: ModelUse.Purpose = .model) -> ModelUse? {
        name.map { ModelUse(name: $0, mark: mark(of: field), purpose: purpose) }
    }
}
