import Hashing
import Records
import Tokenization
import Topology

/// The fields that say whose activations or codes records are to hold.
struct SubjectFields: Sendable {
    static let model = Field.required(
        "model", .model, "The model whose tokenizer the records' tokens are of; `tokenizer:` is enough of it.")
    private static let name = Field.required(
        "model_name", .string, "The subject's name, which every record must carry.")
    private static let digest = Field.optional(
        "model_digest", .string, "The digest of the subject's weights that every record must carry; by default any.")
    static let hookpoint = Field.required(
        "hookpoint", .hookpoint, "The hookpoint that the records are of, which every one must carry.")
    private static let largest = Field.bytes(
        "maximum_record", default: "64MiB", "Records larger than this become dead letters.")

    static let first = [model.schema, name.schema, digest.schema, hookpoint.schema]
    static let last = [largest.schema]

    let model: String
    let name: String
    let digest: String?
    let hookpoint: String
    let maximumBytes: Int

    init(_ node: Node) throws(TopologyError) {
        model = try node[Self.model]
        name = try node[Self.name]
        digest = try node[Self.digest]
        hookpoint = try node[Self.hookpoint]
        maximumBytes = try node[Self.largest]
    }

    /// Reports a tokenizer that cannot be had, and a digest that is none.
    func check(_ definition: some NodeDefinition, in graph: Graph, into findings: inout NodeFindings) {
        let node = definition.node
        graph.checkFile(of: node.use(Self.model, model), needing: "tokenizer", by: node, into: &findings)
        Self.check(digest, of: Self.digest, node, into: &findings)
    }

    /// Reports a digest that is none.
    static func check(
        _ digest: String?, of field: Field<String?>, _ node: Node, into findings: inout NodeFindings
    ) {
        guard let digest, Hash128(digest) == nil else { return }
        findings.report(
            .badCoder, node.mark(of: field),
            "\(node.id): `\(field.schema.name)` is not 32 lower-case hexadecimal digits")
    }

    /// What records must say.
    func expectation(
        coder: String = "", coderDigest: Hash128? = nil, width: Int, in graph: Graph
    ) throws -> RecordExpectation {
        RecordExpectation(
            model: name, modelDigest: digest.flatMap { Hash128($0) }, hookpoint: hookpoint, coder: coder,
            coderDigest: coderDigest, width: width, vocabulary: try graph.weights.tokenizer(model).count)
    }

    /// Adds what evidence depends on.
    func identify(into identity: inout StateIdentity) {
        identity.add(Self.name, name)
        identity.add(Self.digest, given: digest)
        identity.add(Self.hookpoint, hookpoint)
    }
}
