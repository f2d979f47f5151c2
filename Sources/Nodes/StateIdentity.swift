import Hashing
import LanguageModels
import Topology

/// A hash of everything that stored evidence depends on.
struct StateIdentity {
    private var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x6e6f_6465), wide: true)

    var digest: Hash128 { hasher.finalize128() }

    /// Adds a text.
    mutating func add(_ text: String) { hasher.update(text: text) }

    /// Adds the value of a field.
    mutating func add<Value>(_ field: Field<Value>, _ value: some CustomStringConvertible) {
        add("\(field.schema.name)=\(value)")
    }

    /// Adds the value of a field that has one.
    mutating func add<Value>(_ field: Field<Value>, given value: (some CustomStringConvertible)?) {
        if let value { add(field, value) }
    }

    /// Adds a model: its weights, and how its contexts begin.
    mutating func add(model name: String, in graph: Graph) throws {
        add("\(try graph.weights.model(name).digest) \(try graph.weights.bos(of: name) ?? .max)")
    }
}
