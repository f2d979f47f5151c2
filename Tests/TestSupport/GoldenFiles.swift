package import Foundation

/// The goldens, in `Tests/Golden`.
package enum GoldenFiles {
    package static let folder = Checkout.path("Tests/Golden")

    /// The path of a file, by its place in `Tests/Golden`.
    package static func path(_ name: String) -> String { folder + "/" + name }

    package static func data(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: path(name))) }

    /// The text of a golden; with `GLOSS_RECORD_GOLDENS` set, what was found is written, and another text is given, so that the test
    /// fails and the change is looked at.
    package static func text(_ name: String, recording found: String) throws -> String {
        guard ProcessInfo.processInfo.environment["GLOSS_RECORD_GOLDENS"] == nil else {
            try found.write(toFile: path(name), atomically: true, encoding: .utf8)
            return "\(name) was written anew; look at the difference"
        }
        return String(decoding: try data(name), as: UTF8.self)
    }

    /// Reads a file of JSON.
    package static func decode<Value: Decodable>(
        _ type: Value.Type, from name: String, keys: JSONDecoder.KeyDecodingStrategy = .useDefaultKeys
    ) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = keys
        return try decoder.decode(type, from: data(name))
    }

    /// Reads a file of which each line is JSON.
    package static func decodeLines<Value: Decodable>(_ type: Value.Type, from name: String) throws -> [Value] {
        try data(name).split(separator: 0x0a).map { try JSONDecoder().decode(type, from: $0) }
    }
}
