/// The header field with which a server asks to be left alone for a while.
///
/// Source: RFC 9110, sections 5.6.7 and 10.2.3.
enum RetryAfter {
    /// The wait that a field's value asks for; `nil` if it cannot be read.
    /// - Parameter now: The time in seconds since 1970, for a value that is a date.
    static func wait(_ value: String, now: Int64) -> Duration? {
        let text = value.trimmed
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // A number too large to read is capped later.
            return .seconds(min(Int64(text) ?? .max, maximum))
        }
        guard let time = seconds(since1970: text) else { return nil }
        return .seconds(min(max(time - now, 0), maximum))
    }

    private static let maximum: Int64 = 366 * 86_400

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`; the two obsolete forms are not read.
    private static func seconds(since1970 text: String) -> Int64? {
        let fields = text.split(separator: " ")
        guard fields.count == 6, fields[0].count == 4, fields[0].hasSuffix(","), fields[5] == "GMT",
            let day = number(fields[1], 1...31), let month = months.firstIndex(of: String(fields[2])),
            let year = number(fields[3], 1970...9999)
        else { return nil }
        let clock = fields[4].split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, let hour = number(clock[0], 0...23), let minute = number(clock[1], 0...59),
            let second = number(clock[2], 0...60)
        else { return nil }
        // Days from civil: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let shifted = (Int64(month) + 10) % 12
        let years = shifted >= 10 ? year - 1 : year
        let dayOfYear = (153 * shifted + 2) / 5 + day - 1
        let days = 365 * years + years / 4 - years / 100 + years / 400 + dayOfYear - 719_468
        return days * 86_400 + hour * 3600 + minute * 60 + second
    }

    private static func number(_ text: Substring, _ range: ClosedRange<Int64>) -> Int64? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int64(text), range.contains(value)
        else { return nil }
        return value
    }
}

extension String {
    /// The text without white space at its ends.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
