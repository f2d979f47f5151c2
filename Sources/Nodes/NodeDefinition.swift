import Dataflow
import Scoring
import Topology

/// A kind of node: its fields, what is checked of it, what its state depends on, what it holds, and how it runs.
///
/// A definition is made from a node's fields once; nothing else reads them. What other code asks of a node it asks for by a
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

    /// Reports what is wrong with what it names and with its place in the graph.
    func check(in graph: Graph, into findings: inout NodeFindings)

    /// Adds what the evidence of the reservoirs below depends on; the graph adds the inputs.
    ///
    /// What is added to an existing kind later must add nothing while it has its default, or stored evidence is another's.
    func identify(into identity: inout StateIdentity, in graph: Graph) throws

    /// The bytes that it holds while it explains or scores.
    func memory(_ shape: ScoringMemory) -> Double

    /// Makes what runs.
    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws
}

extension NodeDefinition {
    var models: [ModelUse] { [] }

    func check(in graph: Graph, into findings: inout NodeFindings) {}

    // Sources, explainers and scorers have no part in the identity: what is read can change while what is computed does not.
    func identify(into identity: inout StateIdentity, in graph: Graph) throws {}

    func memory(_ shape: ScoringMemory) -> Double { 0 }

    /// The node's id.
    var id: String { node.id }
}

/// A model that a node names, and what for.
struct ModelUse: Sendable {
    /// What a node wants of a model.
    enum Purpose: Sendable, Hashable {
        /// Its tokenizer, its weights or its answers.
        case model
        /// The vectors of sentences.
        case sentences
        /// To be told about given texts.
        case reading(ReadingQuestion)
    }

    /// The name under `models:`.
    let name: String
    /// Where it is named.
    let mark: SourceMark
    /// What for.
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
