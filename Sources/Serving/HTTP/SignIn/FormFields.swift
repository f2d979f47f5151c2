/// The fields of a form as browsers send it, `application/x-www-form-urlencoded`.
struct FormFields {
    private var fields: [String: String] = [:]

    /// Reads a body; of fields with the same name the first counts.
    init(_ bytes: some Sequence<UInt8>) {
        for pair in Array(bytes).split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.map(Self.text), fields[name] == nil else { continue }
            fields[name] = parts.count > 1 ? Self.text(parts[1]) : ""
        }
    }

    /// The value of a field; `nil` if it was not sent.
    subscript(name: String) -> String? { fields[name] }

    /// A name or a value; what is no escape stands for itself.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): result.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                let digits = rest.prefix(2).compactMap { Character(UnicodeScalar($0)).hexDigitValue }
                guard digits.count == 2 else {
                    result.append(byte)
                    continue
                }
                result.append(UInt8(digits[0] * 16 + digits[1]))
                rest = rest.dropFirst(2)
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
