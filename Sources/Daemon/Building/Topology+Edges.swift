import Dataflow
import Elements
import Hashing
public import Kafka
import LanguageModels
import SparseCoders
import Store
public import Topology

extension Topology {
    /// By node: the sinks that take its results.
    var outboxTargets: [String: [OutboxTarget]] { targets { $0.port == nil } }

    /// By node: the sinks that take the records it refuses.
    var deadLetterTargets: [String: [OutboxTarget]] { targets { $0.port == "rejected" } }

    private func targets(_ takes: (NodeReference) -> Bool) -> [String: [OutboxTarget]] {
        var targets: [String: [OutboxTarget]] = [:]
        for sink in nodes where sink.kind == .sink {
            for input in sink.inputs where takes(input) {
                targets[input.node, default: []].append(
                    OutboxTarget(sink: sink.id, topic: sink.string("topic") ?? ""))
            }
        }
        return targets
    }

    /// The settings with which a Kafka node reaches its brokers; a sink that names none has those of the Kafka source.
    ///
    /// - Throws: `DaemonError` where there are none to take; `TopologyError` for a secret that cannot be read.
    public func kafkaSettings(of node: Node) throws -> KafkaSettings {
        let settings = try (node.settings("librdkafka") ?? [:]).mapValues { try $0.revealed() }
        return KafkaSettings(brokers: try brokers(of: node), settings: settings)
    }

    private func brokers(of node: Node) throws -> String {
        if let own = node.string("brokers") { return own }
        let all = Set(nodes.filter { $0.kind == .source }.compactMap { $0.string("brokers") })
        guard let only = all.first, all.count == 1 else {
            throw DaemonError(
                .configuration,
                "\(node.id) names no `brokers`, and there is no single Kafka source to take them from")
        }
        return only
    }

    /// What a state directory belongs to: reservoirs depend on the stages above them, not on where documents come from.
    func storeIdentity(library: ModelLibrary) throws -> TopologyIdentity {
        var digests: [String: Hash128] = [:]
        for node in nodes where node.schema.type == "reservoir" {
            var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x6e6f_6465), wide: true)
            try describe(node, into: &hasher, library: library)
            digests[node.id] = hasher.finalize128()
        }
        return TopologyIdentity(name: name, digest: digest, nodes: digests)
    }

    private func describe(_ node: Node, into hasher: inout SipHasher, library: ModelLibrary) throws {
        guard node.kind == .stage || node.holdsCodes else { return }
        hasher.update(text: node.schema.type)
        if node.holdsCodes {
            // Of a cache counts whose codes they are, as of a coder; not where the files lie.
            hasher.update(text: "\(try library.coderIdentity(of: node).digest) \(node.boolean("mask_first") ?? false)")
            return
        }
        for field in node.schema.fields.map(\.name).sorted() where field != "workers" && field != "batch" {
            let value =
                node.string(field) ?? node.integer(field).map(String.init) ?? node.boolean(field).map(String.init)
                ?? node.list(field)?.joined(separator: ",") ?? ""
            // What is not given has no say, so that a field that comes later does not make stored evidence another's.
            if value.isEmpty { continue }
            switch field {
            case "like": break  // The coder's digest says what was drawn like it.
            case "model":
                hasher.update(text: "\(try library.model(value).digest) \(try library.bos(of: value) ?? .max)")
            case "coder": hasher.update(text: "\(try library.coder(of: node).digest)")
            default: hasher.update(text: "\(field)=\(value)")
            }
        }
        for input in node.inputs.sorted(by: { $0.node < $1.node }) {
            if let upstream = self.node(input.node) { try describe(upstream, into: &hasher, library: library) }
        }
    }
}

extension SettingValue {
    /// The text, secret or not: for librdkafka only.
    func revealed() throws -> String {
        switch self {
        case .plain(let text): text
        case .secret(let secret): try secret.reveal()
        }
    }
}
