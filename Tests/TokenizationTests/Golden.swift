import Foundation

@testable import Tokenization

/// The goldens of this room: tokenizers with the ids and offsets that Hugging Face `tokenizers` 0.23.3 gives.
enum Golden {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/tokenizers")

    static func path(_ name: String) -> String { folder.appending(path: name).path }

    static func decode<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(contentsOf: URL(filePath: path(name))))
    }

    /// Lines of awkward text.
    static func texts(_ name: String = "texts.json") throws -> [String] { try decode([String].self, name) }

    /// For each text and token: the id, and where what it stands for starts and ends in bytes, by whole scalars.
    static func expected(_ name: String) throws -> [[[Int]]] {
        try Data(contentsOf: URL(filePath: path(name))).split(separator: 0x0a).map {
            try JSONDecoder().decode([[Int]].self, from: $0)
        }
    }
}
