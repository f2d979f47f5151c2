import Dataflow
import Store
import Topology

/// Which encode nodes run a random coder, so that their scores are controls.
enum ControlCoders {
    private static let key = "coders.random"

    /// Writes down the encode nodes of a topology whose coder is random.
    static func note(in topology: Topology, store: Store) throws {
        let names = topology.nodes.filter { $0.schema.type == "encode" && $0.path("coder") == "random" }.map(\.id)
        try store.setMeta(key, names.isEmpty ? nil : names.sorted().joined(separator: " "))
    }

    /// What was written down.
    static func random(in reader: StoreReader) throws -> Set<String> {
        Set((try reader.meta(key) ?? "").split(separator: " ").map(String.init))
    }
}
