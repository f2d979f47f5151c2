public import Elements
public import Foundation
public import Hashing
import JSONText

/// Explanations as JSON lines with Neuronpedia's field names.
///
/// What is written has the same keys on every line, a new id for every explanation, and names that an instance may not
/// know left `null`, as Neuronpedia's importer wants it.
public enum ExplanationFile {
    /// Reads lines; empty ones are passed over.
    ///
    /// Throws `ExplainingError` of kind `unreadable`, which names the line, if one is no explanation or speaks of a
    /// latent that the coder does not have.
    public static func read(_ data: Data, latents: Int) throws(ExplainingError) -> [ExplanationRow] {
        if data.starts(with: [0x1f, 0x8b]) {
            throw ExplainingError(.unreadable, "the file is compressed by gzip; unpack it first: gunzip -k FILE")
        }
        var rows: [ExplanationRow] = []
        let decoder = JSONDecoder()
        for (number, line) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            guard line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { continue }
            let row: ExplanationRow
            do {
                row = try decoder.decode(ExplanationRow.self, from: Data(line))
            } catch {
                throw ExplainingError(
                    .unreadable,
                    "line \(number + 1) is not an explanation: expected an object with index (or latent) and "
                        + "description (or explanation, text), found \(finding(error, line))")
            }
            guard row.latent >= 0, row.latent < latents else {
                throw ExplainingError(
                    .unreadable,
                    "line \(number + 1) explains latent \(row.latent), but the coder has latents 0 to \(latents - 1); "
                        + "give the file of this coder")
            }
            rows.append(row)
        }
        return rows
    }

    /// What is wrong with a line, in words.
    private static func finding(_ error: any Error, _ line: Data) -> String {
        func field(_ context: DecodingError.Context) -> String { context.codingPath.last?.stringValue ?? "" }
        switch error {
        case DecodingError.keyNotFound(let key, _): return "no \(key.stringValue)"
        case DecodingError.valueNotFound(_, let context):
            return "nothing (null) as \(field(context)); leave such lines out"
        case DecodingError.typeMismatch(_, let context) where context.codingPath.isEmpty:
            return line.first { $0 > 0x20 } == UInt8(ascii: "[") ? "a list; write its objects one a line" : "no object"
        case DecodingError.typeMismatch(_, let context): return "another kind of value as \(field(context))"
        case DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty: return "no JSON"
        case DecodingError.dataCorrupted(let context): return "\(context.debugDescription) as \(field(context))"
        default: return "\(error)"
        }
    }

    /// Rows as lines, each ended by a line feed; keys in Neuronpedia's order.
    public static func write(_ rows: some Sequence<ExplanationRow>) -> Data {
        var lines = ""
        for row in rows {
            let fields: [(String, String?)] = [
                ("id", row.id), ("modelId", row.modelID), ("layer", row.layer), ("index", "\(row.latent)"),
                ("description", row.text), ("authorId", row.authorID ?? ExplanationRow.botAuthor),
                ("typeName", row.typeName), ("explanationModelName", row.explanationModelName),
                ("notes", row.notes), ("createdAt", row.createdAt),
            ]
            lines += JSONValue.object(fields.map { ($0, .optional($1)) }).text + "\n"
        }
        return Data(lines.utf8)
    }

    /// The row of an explanation: `modelID` is the subject's name there and `layer` the source's.
    ///
    /// The id follows from the explanation's job, so that another explanation of the same latent gets another one.
    public static func row(
        of explanation: Explanation, modelID: String, layer: String, notes: String? = nil, createdAt: String
    ) -> ExplanationRow {
        var row = ExplanationRow(latent: explanation.latent, text: explanation.text)
        row.id = id(of: explanation.job)
        row.modelID = modelID
        row.layer = layer
        row.notes = notes
        row.createdAt = createdAt
        return row
    }

    /// A job's name in the form of a cuid: `c` and 24 digits of base 36.
    public static func id(of job: JobID) -> String {
        func digits(_ word: UInt64) -> String {
            let text = String(word, radix: 36)
            return String((String(repeating: "0", count: 13) + text).suffix(12))
        }
        return "c" + digits(job.high) + digits(job.low)
    }
}
