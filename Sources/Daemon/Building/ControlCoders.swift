import Dataflow
import StateNotes
import Store
import Topology

extension ControlCoders {
    /// Writes down the encode nodes of a topology whose coder is random.
    static func note(in topology: Topology, store: Store) throws {
        let names = topology.nodes.filter { $0.schema.type == "encode" && $0.path("coder") == "random" }.map(\.id)
        try note(names, store: store)
    }
}
