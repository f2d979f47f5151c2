import Elements
import Foundation
import GRDB
import JSONText

extension ExplanationParts {
    /// The parts of a row; `nil` if it has none, or none that can be read.
    init?(_ row: ResultRow) {
        guard let json = row[.parts] as String?,
            let parts = try? JSONDecoder().decode(ExplanationParts.self, from: Data(json.utf8)),
            parts.tokens.allSatisfy({ $0.values.count == parts.parts.count })
        else { return nil }
        self = parts
    }

    /// The column's text.
    func stored() throws -> String {
        try SortedJSON.text(of: self)
    }

    /// `meanings`, `clusters`, `separation`, `rest`, and of each part `text`, `weight`, `windows` and `predicate` (JSON).
    var json: JSONValue {
        .object([
            ("meanings", .number(meanings)), ("clusters", .integer(clusters)),
            ("separation", separation.map(JSONValue.number) ?? .null), ("rest", .number(rest)),
            (
                "parts",
                .array(
                    parts.map { part in
                        let predicate = part.predicate.map { EmbeddedJSON($0).map(JSONValue.embedded) ?? .string($0) }
                        return .object([
                            ("text", .string(part.text)), ("weight", .number(part.weight)),
                            ("windows", .integer(part.windows)), ("predicate", predicate ?? .null),
                        ])
                    })
            ),
        ])
    }
}
