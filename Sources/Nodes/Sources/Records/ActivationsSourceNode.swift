import Dataflow
import Elements
import Observability
import RecordReading
import Topology

/// The fields of a source of activations that are its own.
private enum ActivationsFields {
    static let width = Field.requiredInteger("width", 1...1_048_576, "The width of a vector, `d_in`.")
}

/// A source of activations that were computed elsewhere.
struct ActivationsSourceNode<Transport: RecordTransport>: ExaminesRecords, GivesActivations, NamesTokens {
    static var schema: NodeSchema {
        Transport.schema(
            type: "activations", output: .activations,
            fields: SubjectFields.first + [ActivationsFields.width.schema] + SubjectFields.last,
            documentation: "Reads activations that were computed elsewhere, as records of docs/records.md.")
    }

    let node: Node
    let width: Int
    private let subject: SubjectFields
    private let transport: Transport

    var model: String { subject.model }
    var hookpoint: String { subject.hookpoint }
    var models: [ModelUse] { [node.use(SubjectFields.model, subject.model)] }

    init(_ node: Node) throws(TopologyError) {
        self.node = node
        transport = try Transport(node)
        subject = try SubjectFields(node)
        width = try node[ActivationsFields.width]
    }

    func check(in graph: Graph, into findings: inout NodeFindings) {
        transport.check(node, into: &findings)
        subject.check(self, in: graph, into: &findings)
    }

    func identify(into identity: inout StateIdentity, in graph: Graph) throws {
        identity.add(Self.schema.type)
        subject.identify(into: &identity)
        identity.add(ActivationsFields.width, width)
    }

    func examination(in graph: Graph) throws -> RecordExamination {
        RecordExamination(
            node: id, maximumBytes: subject.maximumBytes, try subject.expectation(width: width, in: graph)
        ) { _ = $0.activations(of: $1) }
    }

    func build(_ context: NodeContext, into pipeline: Pipeline, timers: StageTimers) throws {
        let unpacking = context.unpacking(of: id, try subject.expectation(width: width, in: context.graph))
        try pipeline.read(
            self, try transport.source(of: self, maximumBytes: subject.maximumBytes, context),
            maximumBytes: subject.maximumBytes, context, timers: timers
        ) { [progress = context.progress] batch in
            let parts = unpacking.activations(of: batch)
            progress.read(tokensWithCodes: parts.lazy.flatMap(\.contexts).reduce(0) { $0 + $1.tokens.count })
            return parts
        }
    }
}

extension ActivationsSourceNode: ReachesKafka where Transport == KafkaTransport {
    var brokers: String? { transport.fields.brokers }
    var topics: [String] { transport.fields.topics }
    var settings: [String: SettingValue] { transport.fields.settings }
}
