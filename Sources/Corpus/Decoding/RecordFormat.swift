/// How the value of a record is to be read.
public enum RecordFormat: String, Sendable, Hashable, CaseIterable {
    /// The value is the text, in UTF-8.
    case text
    /// The value is a JSON object with `text` or `tokens`, and optionally `id` and `source`.
    case json
    /// The value is token ids, each as four little-endian bytes.
    case tokens
}
