import Foundation
import GRDB
import Hashing

/// A table of a state's database as lines of JSON, without what differs between two equal runs.
struct TableDump {
    /// The table.
    let name: String
    /// Columns that are left out: times of the wall clock, and what a further column tells.
    var omitted: Set<String> = []
    /// The columns that decide the order of rows.
    let order: String
    /// The rows that are recorded.
    var condition = "TRUE"
    /// What is left out of every line.
    var noise: String?

    /// What stands of the coder with each explanation already.
    private static let identity: Set<String> = ["hookpoint", "latents", "coder_digest"]

    /// The tables that are recorded.
    static let recorded = [
        // The name of a state is drawn at random, and its topology lies in a folder of this run.
        TableDump(name: "meta", order: "key", condition: "key NOT IN ('state.name', 'topology.source')"),
        TableDump(name: "fence", order: "source, topic, partition"),
        TableDump(name: "job", omitted: ["payload", "updated", "not_before"], order: "node, coder, latent, id"),
        TableDump(name: "explanation", omitted: ["made"], order: "node, coder, latent, job"),
        TableDump(name: "score", omitted: identity.union(["made"]), order: "node, coder, latent, job"),
        // Whether a node that has no score of either side is listed depends on whether it was faster than the others.
        TableDump(
            name: "choice", omitted: identity.union(["made"]), order: "node, coder, latent, challenger",
            noise: #",\{\\"node\\":\\"[^"\\]*\\"\}|\{\\"node\\":\\"[^"\\]*\\"\},?"#),
        TableDump(name: "verdicts", order: "job"),
        TableDump(name: "dead_letter", omitted: ["made"], order: "source, topic, partition, \"offset\""),
    ]

    /// One object a row, with sorted names; bytes that are no text are given by their number and their hash.
    static func lines(of table: TableDump, state: String) throws -> String {
        let queue = try DatabaseQueue(path: state + "/gloss.sqlite")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try queue.read { database in
            let sql = "SELECT * FROM \"\(table.name)\" WHERE \(table.condition) ORDER BY \(table.order)"
            return try Row.fetchAll(database, sql: sql).map { row in
                let values = row.filter { column, _ in !table.omitted.contains(column) }
                let object = Dictionary(uniqueKeysWithValues: values.map { ($0, Cell(value: $1)) })
                return String(decoding: try encoder.encode(object), as: UTF8.self) + "\n"
            }.joined().replacing(try Regex(table.noise ?? "(?!)"), with: "")
        }
    }
}

/// A value of a column.
private struct Cell: Encodable {
    let value: DatabaseValue

    /// The text of a JSON object with its names sorted, which stand in any order in some columns; another text as it is.
    private static func sorted(_ text: String) -> String {
        guard text.hasPrefix("{"), let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)),
            let data = try? JSONSerialization.data(
                withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        else { return text }
        return String(decoding: data, as: UTF8.self)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch value.storage {
        case .null: try container.encodeNil()
        case .int64(let integer): try container.encode(integer)
        case .double(let double): try container.encode(double)
        case .string(let string): try container.encode(Self.sorted(string))
        case .blob(let data):
            var hasher = SipHasher(key: SipKey(seed: 0), wide: true)
            hasher.update(data)
            try container.encode("\(data.count) bytes, hash \(hasher.finalize128())")
        }
    }
}
