/// Why bytes are not JSON.
package struct JSONError: Error, Hashable {
    /// The offset of the byte at which they fail, their count if they end too early.
    package let offset: Int
    /// What would have been right there, worded to follow "expected".
    package let expected: String
    /// The start of what is there instead; `nil` at the end.
    package let found: String?

    /// The whole message: what was expected, and where what was found.
    package var reason: String { "Not JSON: \(detail)." }

    /// The message as a part of a sentence.
    package var detail: String {
        "expected \(expected)\(found == nil ? "" : " at byte \(offset)"), found \(finding)"
    }

    /// What is there, as a part of a sentence.
    package var finding: String { found?.debugDescription ?? "the end" }
}
