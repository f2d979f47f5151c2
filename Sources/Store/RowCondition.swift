import GRDB

/// Which rows of explanations, scores or choices are read, in a form that lets SQLite read a part of an index where there is one.
struct RowCondition {
    let sql: String
    let arguments: StatementArguments

    static let all = RowCondition(sql: "TRUE", arguments: [])

    /// Those of a node, or all for `nil`.
    static func node(_ node: String?) -> RowCondition {
        node.map { RowCondition(sql: "node = ?", arguments: [$0]) } ?? .all
    }

    /// Those of one latent.
    static func latent(_ key: LatentKey) -> RowCondition {
        RowCondition(sql: "coder = ? AND latent = ?", arguments: [key.coder, key.latent])
    }

    /// Those of some latents: a condition for each coder, since to begin a statement takes several times as long as to find a latent.
    static func latents(_ keys: [LatentKey]) -> [RowCondition] {
        Dictionary(grouping: keys, by: \.coder).sorted { $0.key < $1.key }.map { coder, keys in
            let list = "[\(keys.map { String($0.latent) }.joined(separator: ","))]"
            return RowCondition(
                sql: "coder = ? AND latent IN (SELECT value FROM json_each(?))", arguments: [coder, list])
        }
    }

    /// Those of a range of latents.
    static func range(_ range: LatentRange) -> RowCondition {
        var (parts, arguments) = ([String](), StatementArguments())
        if let start = range.start {
            parts.append("(coder, latent) >= (?, ?)")
            arguments += [start.coder, start.latent]
        }
        if let end = range.end {
            parts.append("(coder, latent) < (?, ?)")
            arguments += [end.coder, end.latent]
        }
        return parts.isEmpty ? .all : RowCondition(sql: parts.joined(separator: " AND "), arguments: arguments)
    }

    /// Those of the latents from one to another, which counts too.
    static func latents(from first: LatentKey, through last: LatentKey) -> RowCondition {
        RowCondition(
            sql: "(coder, latent) >= (?, ?) AND (coder, latent) <= (?, ?)",
            arguments: [first.coder, first.latent, last.coder, last.latent])
    }

    /// Those for which both hold.
    static func && (left: RowCondition, right: RowCondition) -> RowCondition {
        RowCondition(sql: "\(left.sql) AND \(right.sql)", arguments: left.arguments + right.arguments)
    }
}
