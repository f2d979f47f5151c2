package import Store

/// Which encode nodes run a random coder, so that their scores are controls.
package enum ControlCoders {
    private static let key = "coders.random"

    /// Writes down the encode nodes whose coder is random.
    package static func note(_ names: [String], store: Store) throws {
        try store.setMeta(key, names.isEmpty ? nil : names.sorted().joined(separator: " "))
    }

    /// What was written down.
    package static func random(in reader: StoreReader) throws -> Set<String> {
        Set((try reader.meta(key) ?? "").split(separator: " ").map(String.init))
    }
}
