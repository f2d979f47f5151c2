import Store

/// Which nodes give codes along random directions, so that their scores are controls.
enum ControlCoders {
    private static let key = "coders.random"

    /// Writes down the nodes of a graph whose coder is random.
    static func note(in graph: Graph, store: Store) throws {
        let names = graph.all((any GivesCodes).self).filter(\.isRandomControl).map(\.id)
        try store.setMeta(key, names.isEmpty ? nil : names.sorted().joined(separator: " "))
    }

    /// What was written down.
    static func random(in reader: StoreReader) throws -> Set<String> {
        Set((try reader.meta(key) ?? "").split(separator: " ").map(String.init))
    }
}
