import GRDB

/// What is read of results: of millions of them, texts and what intervals rest on take most of the time and the memory.
package struct ResultParts: Sendable {
    /// By table: the columns that are left out.
    private let leftOut: [String: Set<String>]
    /// The details that are read of scores; `nil` for all.
    let details: Details?

    /// Names of details of scores.
    package struct Details: Sendable {
        /// Those that are read of any score.
        let ofAny: Set<String>
        /// Those that are read of one that was made to compare two explanations.
        let ofCompared: Set<String>

        /// Makes a choice of names.
        ///
        /// - Parameter compared: Those that are read besides of a score that was made to compare two explanations.
        package init(_ names: Set<String>, compared: Set<String> = []) {
            ofAny = names
            ofCompared = names.union(compared)
        }
    }

    /// All of each result.
    package static let all = ResultParts(leftOut: [:], details: nil)

    /// All of explanations; of scores some details, and neither the text nor what was resampled.
    package static func figures(details: Details) -> ResultParts {
        ResultParts(leftOut: ["score": ["text", "replicates", "logits"]], details: details)
    }

    /// The same of scores; of explanations not what was shown, what was made of it besides the text, and their parts.
    package static func lines(details: Details) -> ResultParts {
        ResultParts(
            leftOut: ["score": ["text", "replicates", "logits"], "explanation": ["predicate", "shown", "parts"]],
            details: details)
    }

    /// The columns of a table as a selection names them: those that are there, which in an older state are fewer.
    func columns(of table: String, in database: Database) throws -> String {
        guard let leftOut = leftOut[table] else { return "*" }
        return try database.columns(in: table).map(\.name).filter { !leftOut.contains($0) }
            .map { "\"\($0)\"" }.joined(separator: ", ")
    }
}
