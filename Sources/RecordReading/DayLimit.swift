import Corpus
import Elements

/// Counts records of days that have not begun at the day on which they are read.
///
/// A single producer whose clock is ahead would else make all other records too old to be recent, for as long as it is
/// ahead. Records of today and before keep their time, so that evidence of them is that of any other run.
struct DayLimit {
    /// How many records came from a day that had not begun.
    private(set) var ahead = 0
    private var remark: String?

    /// The record as it counts.
    ///
    /// - Parameter now: The wall clock, in milliseconds since 1970.
    mutating func limit(_ record: RawRecord, now: Int64) -> RawRecord {
        let today = EventDay.number(ofMilliseconds: now)
        let day = EventDay.number(ofMilliseconds: record.timestamp)
        guard day > today else { return record }
        ahead += 1
        if ahead == 1 {
            remark =
                "\(record.position.topic)/\(record.position.partition): the record at offset \(record.position.offset) is of "
                + "\(EventDay.text(day)), which has not begun: it and others like it count at today's, \(EventDay.text(today)); "
                + "check the clock of whoever writes them (gloss_records_ahead_total counts them)"
        }
        return record.dated(now)
    }

    /// What an operator should hear once; `nil` after that and as long as there is nothing.
    mutating func takeRemark() -> String? {
        defer { remark = nil }
        return remark
    }
}
