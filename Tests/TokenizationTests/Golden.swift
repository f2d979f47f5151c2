import TestSupport

/// The goldens of this room: tokenizers with the ids and offsets that Hugging Face `tokenizers` 0.23.3 gives.
enum Golden {
    private static func place(_ name: String) -> String { "tokenizers/" + name }

    static func path(_ name: String) -> String { GoldenFiles.path(place(name)) }

    static func decode<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        try GoldenFiles.decode(type, from: place(name))
    }

    /// Lines of awkward text.
    static func texts(_ name: String = "texts.json") throws -> [String] { try decode([String].self, name) }

    /// For each text and token: the id, and where what it stands for starts and ends in bytes, by whole scalars.
    static func expected(_ name: String) throws -> [[[Int]]] {
        try GoldenFiles.decodeLines([[Int]].self, from: place(name))
    }
}
