import Foundation

/// A text that has been checked to be one JSON value.
package struct EmbeddedJSON: Sendable {
    /// The text, on one line.
    package let text: String

    /// Checks a text; `nil` where it is not JSON.
    package init?(_ text: String) {
        guard (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) != nil else {
            return nil
        }
        // Inside a JSON string a line break is always escaped, so that these are white space.
        self.text = String(text.map { $0.isNewline ? " " : $0 })
    }
}
