import Elements
import Foundation
import GRDB
import Hashing

extension EvidenceBasis {
    private struct Columns: Codable {
        let windows_fired: UInt64
        let sample: Int
        let deciles: [Float]
    }

    /// Reads a row's `basis`; `nil` if there is none.
    init?(_ row: Row) {
        guard let json = row["basis"] as String?,
            let columns = try? JSONDecoder().decode(Columns.self, from: Data(json.utf8))
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
    init?(_ row: Row) {
        guard let standing = (row["standing"] as String?).flatMap({ JobID($0) }),
            let reason = (row["reason"] as String?).flatMap(AgainReason.init)
        else { return nil }
        self.init(standing: standing, reason: reason)
    }
}

extension ScoringRound {
    /// Reads a row's `epoch`, `windows_fired`, `recent` and `contest`; `nil` if a score's evidence was not noted.
    init?(_ row: Row) {
        guard let epoch = row["epoch"] as Int64?, let fired = row["windows_fired"] as Int64? else { return nil }
        self.init(
            epoch: UInt64(bitPattern: epoch), windowsFired: UInt64(bitPattern: fired),
            recent: [UInt32](littleEndianBytes: Array(row["recent"] as Data? ?? Data())),
            contest: (row["contest"] as String?).flatMap { JobID($0) })
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
