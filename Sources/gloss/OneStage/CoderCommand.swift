import ArgumentParser
import Hashing
import JSONText
import SparseCoders
import TerminalText

/// What a coder's files say of it.
struct CoderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coder",
        abstract: "Reads a sparse coder, checks every weight, and says what it is and where its files place it.")

    @Argument(help: "The folder or file of a sparse coder, with #N for layer N of a set.")
    var coder: String

    @Option(help: "The mean length of activations, for a coder that scales its input by it and does not say it.")
    var averageNorm: Double?

    @Option(help: "The latents kept on a token, for a coder whose files do not say it.")
    var k: Int?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        try await reporting("coder") {
            let coder = try SparseCoder(folder: coder, given: CoderGivens(averageNorm: averageNorm, k: k))
            if json { return try Terminal.print(json: try CoderDescription(coder).json()) }
            for (name, value) in CoderDescription(coder).lines {
                try Terminal.print(PlainText.line(name.padded(to: 14) + value))
            }
        }
    }
}

/// A coder in words and numbers.
struct CoderDescription: Encodable {
    private let address: String
    private let latents: Int
    private let inputWidth: Int
    private let outputWidth: Int
    private let activation: String
    private let k: Int?
    private let reads: Place
    private let writes: Place?
    private let hasDirections: Bool
    private let digest: String
    private let model: String?

    private struct Place: Encodable {
        /// As the files spell it.
        let name: String?
        /// The hookpoint of Gloss.
        let hookpoint: String?

        init(name: String?, place: PlaceName?) {
            self.name = name
            if case .hookpoint(let hookpoint)? = place { self.hookpoint = hookpoint } else { hookpoint = nil }
        }

        /// The hookpoint, and how the files spell it.
        var text: String {
            guard let name else { return "its files do not say where" }
            guard let hookpoint else { return "\(name), which is no hookpoint that is known" }
            return name == hookpoint ? hookpoint : "\(hookpoint) (\(name))"
        }
    }

    init(_ coder: SparseCoder) {
        address = coder.folder
        latents = coder.latents
        inputWidth = coder.inputWidth
        outputWidth = coder.outputWidth
        activation = coder.activation.rawValue
        k = coder.activation.boundsRows ? coder.k : nil
        let placement = coder.placement
        reads = Place(name: placement.input, place: placement.inputPlace)
        writes = placement.isTranscoder ? Place(name: placement.output, place: placement.outputPlace) : nil
        hasDirections = coder.hasDecoder
        digest = "\(coder.digest)"
        model = placement.training.model
    }

    /// Names and values, for a terminal.
    var lines: [(name: String, value: String)] {
        var lines = [
            ("latents", "\(latents), \(activation)" + (k.map { " of \($0)" } ?? "")), ("width", "\(inputWidth)"),
            ("reads", reads.text),
        ]
        if let writes { lines.append(("writes", "\(writes.text), \(outputWidth) wide")) }
        if !hasDirections {
            lines.append(("directions", "none: latents write to several layers; codes can be explained"))
        }
        if let model { lines.append(("model", model)) }
        return lines + [("digest", digest)]
    }

    /// One JSON object.
    func json() throws -> String {
        try SortedJSON.text(of: self)
    }
}
