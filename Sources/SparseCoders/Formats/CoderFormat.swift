/// A way in which coders are written to files.
///
/// A further format is a further conforming type in `CoderFormats.all`.
protocol CoderFormat {
    /// The files of a coder in this format, for messages.
    static var signature: String { get }
    /// Whether a coder in this format lies there, told by the names of files.
    static func recognises(_ source: CoderSource) -> Bool
    /// Reads and checks the coder.
    static func load(_ source: inout CoderSource) throws(CoderError) -> CoderParameters
}

/// The formats that are known.
enum CoderFormats {
    static var all: [any CoderFormat.Type] {
        [
            SparsifyFormat.self, LlamaScopeDistilledFormat.self, SAELensFormat.self, GemmaScopeFormat.self,
            GemmaScope2Format.self, DictionaryLearningFormat.self, QwenScopeFormat.self, LlamaScopeFormat.self,
            CrossLayerFormat.self, GemmaScopeCrossLayerFormat.self, TranscoderSetFormat.self, HeadsFormat.self,
            LinearLayersFormat.self,
        ]
    }

    /// The format of a coder; `nil` if none is known that has such files.
    static func format(of source: CoderSource) -> (any CoderFormat.Type)? { all.first { $0.recognises(source) } }

    static func load(_ address: CoderAddress, given: CoderGivens) throws(CoderError) -> CoderParameters {
        var source = CoderSource(address, given: given)
        guard let format = format(of: source) else { throw MissingCoder(source).error }
        let parameters = try format.load(&source)
        try source.finish()
        return parameters
    }
}
