/// A way in which coders are written to files.
///
/// A further format is a further conforming type in `CoderFormats.all`.
protocol CoderFormat {
    /// The contents of a folder in this format, for messages.
    static var signature: String { get }
    /// Whether a folder holds a coder in this format, told by the names of its files.
    static func recognises(folder: String) -> Bool
    /// Reads and checks the coder.
    static func load(folder: String) throws(CoderError) -> CoderParameters
}

/// The formats that are known.
enum CoderFormats {
    static var all: [any CoderFormat.Type] {
        [SparsifyFormat.self, SAELensFormat.self, GemmaScopeFormat.self, GemmaScope2Format.self]
    }

    static func load(folder: String) throws(CoderError) -> CoderParameters {
        guard let format = all.first(where: { $0.recognises(folder: folder) }) else {
            throw .unknownFormat(folder: folder, expected: all.map { $0.signature }.joined(separator: ", or "))
        }
        return try format.load(folder: folder)
    }
}
