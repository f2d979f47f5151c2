import Hashing
import LanguageModels
import Store
import Topology

/// A hash of everything that stored evidence depends on.
struct StateIdentity {
    private var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x6e6f_6465), wide: true)

    /// What has been added, for messages.
    private(set) var settings: [StateSetting] = []
    private var node = (id: "", type: "")

    var digest: Hash128 { hasher.finalize128() }

    /// Says whose settings follow.
    mutating func begin(_ definition: any NodeDefinition) {
        node = (definition.id, Swift.type(of: definition).schema.type)
    }

    /// Adds a text.
    mutating func add(_ text: String) { hasher.update(text: text) }

    /// Adds the value of a field.
    mutating func add<Value>(_ field: Field<Value>, _ value: some CustomStringConvertible) {
        add("\(field.schema.name)=\(value)")
        note(field.schema.name, "\(value)")
    }

    /// Notes the value of a field whose part in the identity is added as a text.
    mutating func note(_ field: String, _ value: some CustomStringConvertible) {
        settings.append(StateSetting(node: node.id, type: node.type, field: field, value: value.description))
    }

    /// Notes the contents of the file that a field names.
    mutating func note<Value>(_ field: Field<Value>, contents digest: Hash128) {
        note(field.schema.name, "contents \(digest.description.prefix(12))")
    }

    /// Adds the value of a field that has one.
    mutating func add<Value>(_ field: Field<Value>, given value: (some CustomStringConvertible)?) {
        if let value { add(field, value) }
    }

    /// Adds a model: its weights, and how its contexts begin.
    mutating func add<Value>(_ field: Field<Value>, model name: String, in graph: Graph) throws {
        let (digest, bos) = (try graph.weights.model(name).digest, try graph.weights.bos(of: name))
        add("\(digest) \(bos ?? .max)")
        note(field, contents: digest)
        note(Self.bos, bos.map { "token \($0)" } ?? "none")
    }

    /// The field of a model's entry that says how contexts begin; it is noted with the nodes that name the model.
    static let bos = "bos"
}
