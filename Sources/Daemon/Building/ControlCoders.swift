import Dataflow
import StateNotes
import Store
import Topology

/// Which encode nodes run a random coder, so that their scores are controls.
enum ControlCoders {
    /// Writes down the encode nodes of a topology whose coder is random.
    static func note(in topology: Topology, store: Store) throws {
        let names = topology.nodes.filter { $0.schema.type == "encode" && $0.path("coder") == "random" }.map(\.id)
        try RandomCoders.note.write(Set(names), to: store)
    }
}
