import Elements
import Foundation
import GRDB
import Hashing
import JSONText

extension EvidenceBasis {
    private struct Columns: Codable {
        let windows_fired: UInt64
        let sample: Int
        let deciles: [Float]

        /// Reads the members, in any order; `nil` unless all are there.
        init?(_ json: String) {
            var json = json
            let read = json.withUTF8 { bytes in
                try? JSONScanner.scan(UnsafeRawBufferPointer(bytes)) { scanner throws(JSONError) in
                    var (fired, sample, deciles): (UInt64?, Int?, [Float]?) = (nil, nil, nil)
                    try scanner.beginObject()
                    while let name = try scanner.nextName() {
                        switch name {
                        case "windows_fired": fired = try scanner.number().whole
                        case "sample": sample = try scanner.number().whole.flatMap { Int(exactly: $0) }
                        case "deciles":
                            var values: [Float] = []
                            try scanner.beginArray()
                            while try scanner.nextElement() { values.append(try scanner.number().float) }
                            deciles = values
                        default: try scanner.skipValue()
                        }
                    }
                    return (fired, sample, deciles)
                }
            }
            guard let (fired, sample, deciles) = read, let fired, let sample, let deciles else { return nil }
            (windows_fired, self.sample, self.deciles) = (fired, sample, deciles)
        }

        init(windows_fired: UInt64, sample: Int, deciles: [Float]) {
            (self.windows_fired, self.sample, self.deciles) = (windows_fired, sample, deciles)
        }
    }

    /// Reads a row's `basis`; `nil` if there is none.
    init?(_ row: ResultRow) {
        guard let json = row[.basis] as String?,
            let columns = Columns(json)
        else { return nil }
        self.init(windowsFired: columns.windows_fired, sample: columns.sample, deciles: columns.deciles)
    }

    /// The basis as JSON; peaks that JSON cannot hold leave the deciles out.
    func stored() throws -> String {
        let columns = Columns(
            windows_fired: windowsFired, sample: sample, deciles: deciles.allSatisfy(\.isFinite) ? deciles : [])
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(columns), as: UTF8.self)
    }
}

extension ExplainedAgain {
    /// Reads a row's `standing` and `reason`; `nil` for a latent's first explanation.
    init?(_ row: ResultRow) {
        guard let standing = (row[.standing] as String?).flatMap({ JobID($0) }),
            let reason = (row[.reason] as String?).flatMap(AgainReason.init)
        else { return nil }
        self.init(standing: standing, reason: reason)
    }
}

extension ScoringRound {
    /// Reads a row's `epoch`, `windows_fired`, `recent` and `contest`; `nil` if a score's evidence was not noted.
    init?(_ row: ResultRow) {
        let contest = (row[.contest] as String?).flatMap(Self.contest)
        guard let epoch = row[.epoch] as Int64?, let fired = row[.windowsFired] as Int64? else { return nil }
        self.init(
            epoch: UInt64(bitPattern: epoch), windowsFired: UInt64(bitPattern: fired),
            recent: [UInt32](littleEndianBytes: Array(row[.recent] as Data? ?? Data())),
            contest: contest?.job, look: contest?.look ?? 1,
            isReporting: row[.contest] as String? == Self.storedReporting)
    }

    /// The contest as it is stored: the challenger's job, and after a space the look if it is a later one; a word for a
    /// score on the windows that no comparison looks at.
    var storedContest: String? {
        if isReporting { return Self.storedReporting }
        return contest.map { job in job.description + (laterLook.map { " \($0)" } ?? "") }
    }

    /// No job has such a name, so that an earlier version reads it as a score outside of comparisons, which it is.
    private static let storedReporting = "reporting"

    private static func contest(_ text: String) -> (job: JobID, look: Int)? {
        let parts = text.split(separator: " ")
        guard let job = parts.first.flatMap({ JobID(String($0)) }) else { return nil }
        return (job, parts.dropFirst().first.flatMap { Int($0) } ?? 1)
    }
}

extension [UInt32] {
    var littleEndianBytes: [UInt8] {
        flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }

    /// Reads words of four bytes; fewer than four bytes left at the end are ignored.
    init(littleEndianBytes bytes: [UInt8]) {
        self = Swift.stride(from: 0, to: bytes.count - bytes.count % 4, by: 4).map { start in
            (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
        }
    }
}

extension JSONScanner.Number {
    /// The value of a whole number from 0 on.
    fileprivate var whole: UInt64? { if case .natural(let value) = self { value } else { nil } }

    /// The nearest number of single precision.
    fileprivate var float: Float {
        switch self {
        case .natural(let value): Float(value)
        case .integer(let literal), .fraction(let literal): Float(literal) ?? .nan
        }
    }
}
