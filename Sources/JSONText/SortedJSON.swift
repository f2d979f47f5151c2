import Foundation

/// JSON with members in the order of their names and slashes as they are: the same bytes for the same value.
public enum SortedJSON {
    /// The bytes of a value.
    ///
    /// - Throws: `EncodingError` if a value has no JSON, such as a number that is not finite.
    public static func bytes(of value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }

    /// The text of a value, on one line.
    ///
    /// - Throws: `EncodingError` as `bytes(of:)`.
    public static func text(of value: some Encodable) throws -> String {
        String(decoding: try bytes(of: value), as: UTF8.self)
    }
}
