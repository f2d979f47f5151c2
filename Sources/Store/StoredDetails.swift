import Elements
import JSONText

/// The stored form of a score's details: `{"auroc": [value, lower, upper, count]}`, by name.
enum StoredDetails {
    /// The text of some details.
    static func text(_ details: [String: Estimate]) -> String {
        let figures = details.sorted { $0.key < $1.key }.map { name, estimate in
            let values: [JSONValue] = [
                .number(estimate.value), .number(estimate.lower), .number(estimate.upper), .integer(estimate.count),
            ]
            return (key: name, value: JSONValue.array(values))
        }
        return JSONValue.object(figures).text
    }

    /// The details of a text, or those of some names; `nil` if it is not of this form, as far as it had to be read for them.
    static func read(_ text: String, names: Set<String>? = nil) -> [String: Estimate]? {
        var text = text
        return text.withUTF8 { bytes in
            try? JSONScanner.scan(UnsafeRawBufferPointer(bytes)) { scanner throws(JSONError) in
                var details: [String: Estimate]? = [:]
                try scanner.beginObject()
                while let name = try scanner.nextName() {
                    guard names?.contains(name) ?? true else {
                        try scanner.skipValue()
                        continue
                    }
                    if let estimate = try estimate(&scanner) { details?[name] = estimate } else { details = nil }
                    guard let names, details?.count == names.count else { continue }
                    scanner.leave()
                    break
                }
                return details
            }
        } ?? nil
    }

    private static func estimate(_ scanner: inout JSONScanner) throws(JSONError) -> Estimate? {
        var figures: [Double?] = []
        try scanner.beginArray()
        while try scanner.nextElement() {
            switch try scanner.number() {
            case .natural(let value): figures.append(Double(value))
            case .integer(let literal), .fraction(let literal): figures.append(Double(literal))
            }
        }
        guard figures.count == 4, let value = figures[0], let lower = figures[1], let upper = figures[2],
            let count = figures[3].flatMap(Int.init(exactly:))
        else { return nil }
        return Estimate(value: value, lower: lower, upper: upper, count: count)
    }
}
