/// Reads numbers from texts; YAML's own readings (`1:30` is 90, `0x10`, `.inf`) are not taken.
enum Numerals {
    /// The result of reading a whole number from a text.
    enum Whole: Equatable {
        case value(Int)
        /// A whole number that does not fit in 64 bits.
        case tooLarge
        case notWhole
    }

    /// Reads an optional sign and decimal digits.
    static func whole(_ text: some StringProtocol) -> Whole {
        let digits =
            text.utf8.first.map { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") } ?? false
            ? text.utf8.dropFirst() : text.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return .notWhole }
        return Int(text).map { .value($0) } ?? .tooLarge
    }

    /// Reads a decimal number with an optional exponent; `nil` for anything else, infinities and NaN among it.
    static func decimal(_ text: String) -> Double? {
        guard text.utf8.contains(where: { (0x30...0x39).contains($0) }),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }),
            let value = Double(text), value.isFinite
        else { return nil }
        return value
    }

    /// Reads a whole number with a unit, such as `10s`, in terms of the units' factors.
    ///
    /// `nil` if the form is different or the
    /// product does not fit.
    static func quantity(_ text: String, units: [String: Int]) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text[digits.endIndex...]
        guard let factor = units[String(unit)], case .value(let count) = whole(digits) else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    /// Milliseconds per unit of duration.
    static let durations = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]

    /// Bytes per unit of size.
    static let sizes = [
        "": 1, "B": 1, "kB": 1000, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
        "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
    ]
}
