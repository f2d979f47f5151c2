import StateNotes
import Store
import Topology

/// What the topology says of the nodes whose results can be compared, kept for whoever compares them.
enum ComparedNodes {
    /// Records the settings of a graph's nodes beside those of nodes that it no longer has, whose results are still there.
    static func note(in graph: Graph, notes: any NoteKeeper) throws {
        var settings = try NodeSettings.note.read(in: notes) ?? [:]
        for (place, definition) in graph.nodes.enumerated()
        where definition is any Explains || definition is any Scores || definition is any GivesCodes {
            settings[definition.id] = NodeSettings(
                place: place, type: definition.node.schema.type, fields: fields(of: definition, in: graph))
        }
        try NodeSettings.note.write(settings, to: notes)
    }

    private static func fields(of definition: any NodeDefinition, in graph: Graph) -> [String: String] {
        let node = definition.node
        var fields = node.texts
        if let variant = node.schema.variant { fields[variant.field] = variant.value }
        for field in node.modelFields {
            // Two entries of one model answer alike, and one entry may have come to mean another model.
            if let entry = fields[field].flatMap({ graph.topology.models[$0] }) { fields[field] = name(of: entry) }
        }
        if definition is any Explains {
            let windows = graph.inputs(of: node).compactMap { $0.node.texts["window"] }
            if let window = windows.first { fields["window"] = window }
        }
        return fields
    }

    private static func name(of entry: ModelEntry) -> String {
        switch entry {
        case .file(let file): file.path
        case .openAI(let endpoint): endpoint.model
        }
    }
}
