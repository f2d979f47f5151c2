import Foundation
package import Store

/// A value that a state directory keeps under one key.
///
/// Each kind of note has a file of its own with its key and its form, so that what a state holds can be seen in this
/// folder; the forms are read by later versions and must stay as they are.
package struct StateNote<Value: Sendable>: Sendable {
    /// The key in the table `meta`.
    package let key: String
    private let decode: @Sendable (String) throws -> Value
    private let encode: @Sendable (Value) throws -> String?

    /// Makes a note whose text is read by `decode` and made by `encode`; `nil` there removes the key.
    init(
        _ key: String, decode: @escaping @Sendable (String) throws -> Value,
        encode: @escaping @Sendable (Value) throws -> String?
    ) {
        self.key = key
        self.decode = decode
        self.encode = encode
    }

    /// The value; `nil` if none was written; blocks.
    ///
    /// - Throws: `StoreError`, or `DecodingError` if the text has another form.
    package func read(in reader: any NoteReader) throws -> Value? {
        try reader.meta(key).map(decode)
    }

    /// Writes the value in place of the one before; blocks.
    ///
    /// - Throws: `StoreError`.
    package func write(_ value: Value, to keeper: any NoteKeeper) throws {
        try keeper.setMeta(key, encode(value))
    }
}

extension StateNote where Value == String {
    /// A text as it is.
    init(text key: String) { self.init(key, decode: { $0 }, encode: { $0 }) }
}

extension StateNote where Value == Set<String> {
    /// Names with spaces between them, in order; no key for no names.
    init(names key: String) {
        self.init(
            key, decode: { Set($0.split(separator: " ").map(String.init)) },
            encode: { $0.isEmpty ? nil : $0.sorted().joined(separator: " ") })
    }
}

extension StateNote where Value: Codable {
    /// A value as JSON, by default with its members in no certain order.
    init(json key: String, formatting: JSONEncoder.OutputFormatting = []) {
        self.init(
            key, decode: { try JSONDecoder().decode(Value.self, from: Data($0.utf8)) },
            encode: { value in
                let encoder = JSONEncoder()
                encoder.outputFormatting = formatting
                return String(decoding: try encoder.encode(value), as: UTF8.self)
            })
    }
}
