import Hummingbird
import HummingbirdCore
import LatentSheets

/// Reads the parameters of a request, each once and by its rule; whatever is left over is not known.
struct QueryReader {
    /// A parameter that cannot be read.
    struct Fault: Error {
        let message: String
    }

    private let parameters: FlatDictionary<Substring, Substring>
    private var taken: [String] = []

    init(_ request: Request) { parameters = request.uri.queryParameters }

    /// A text; `nil` if it is not given or empty.
    mutating func text(_ name: String) -> String? {
        taken.append(name)
        return parameters.get(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A whole number within bounds.
    mutating func integer(_ name: String, _ range: ClosedRange<Int>) throws(Fault) -> Int? {
        guard let text = text(name) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw Fault(message: "`\(name)` must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A finite number.
    mutating func number(_ name: String) throws(Fault) -> Double? {
        guard let text = text(name) else { return nil }
        guard let value = Double(text), value.isFinite else { throw Fault(message: "`\(name)` must be a number") }
        return value
    }

    /// One of the words of a type.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Word.Type
    ) throws(Fault) -> Word? {
        guard let text = text(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            throw Fault(
                message: "`\(name)` must be one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return word
    }

    /// Words that may be given several times.
    mutating func words<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Word.Type
    ) throws(Fault) -> [Word] {
        taken.append(name)
        var words: [Word] = []
        for text in parameters.getAll(name) where !text.isEmpty {
            guard let word = Word(rawValue: text) else {
                throw Fault(
                    message: "`\(name)` must be one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            words.append(word)
        }
        return words
    }

    /// Whether a flag is set: `1` or `true`.
    mutating func flag(_ name: String) throws(Fault) -> Bool {
        guard let text = text(name) else { return false }
        guard ["0", "1", "false", "true"].contains(text) else {
            throw Fault(message: "`\(name)` must be 0 or 1")
        }
        return text == "1" || text == "true"
    }

    /// Refuses parameters that were not asked for.
    func finish() throws(Fault) {
        for (name, _) in parameters where !taken.contains(String(name)) {
            throw Fault(message: "`\(name)` is not known here: there are \(taken.sorted().joined(separator: ", "))")
        }
    }

    /// The query of a list of latents.
    static func latents(_ request: Request) throws(Fault) -> LatentQuery {
        var reader = QueryReader(request)
        var query = LatentQuery()
        query.coder = reader.text("coder")
        query.words = reader.text("q") ?? ""
        query.states = Set(try reader.words("state", LatentState.self))
        query.scorer = reader.text("scorer")
        query.leastScore = try reader.number("min_score")
        query.mostScore = try reader.number("max_score")
        query.mostDensity = try reader.number("max_density")
        query.order = try reader.word("sort", LatentQuery.Order.self) ?? .latent
        query.isDescending = try reader.flag("desc")
        query.offset = try reader.integer("offset", 0...Int.max) ?? 0
        query.limit = try reader.integer("limit", 1...500) ?? 100
        try reader.finish()
        return query
    }
}
