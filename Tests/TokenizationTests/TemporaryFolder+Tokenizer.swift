import Foundation
import TestSupport

@testable import Tokenization

extension TemporaryFolder {
    convenience init(json: [String: Any], settings: [String: Any]? = nil) throws {
        var files = ["tokenizer.json": Array(try JSONSerialization.data(withJSONObject: json))]
        if let settings {
            files["tokenizer_config.json"] = Array(try JSONSerialization.data(withJSONObject: settings))
        }
        try self.init(files)
    }

    /// Loads the tokenizer of a file, or of the folder; the folder lives until that is done.
    func load(_ name: String? = nil) throws -> Tokenizer {
        defer { withExtendedLifetime(self) {} }
        return try Tokenizer.load(from: name.map { file($0) } ?? path)
    }
}
