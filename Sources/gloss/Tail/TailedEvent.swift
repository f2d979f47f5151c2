import JSONText

/// An event as `tail` reads it: its JSON with the cursor, and its members.
struct TailedEvent: Sendable {
    /// The JSON, one line.
    let json: String
    private let value: JSONValue

    /// Reads an event; `nil` for what is no JSON object.
    init?(_ json: String) {
        guard let value = try? JSONValue(json: Array(json.utf8), repeatedNames: .lastTaken), value.object != nil else {
            return nil
        }
        self.json = json
        self.value = value
    }

    /// A member by its name, or by names with points between them for one within another, such as `details.auroc.value`.
    subscript(_ path: String) -> JSONValue? {
        if let member = value[path] { return member }
        return path.split(separator: ".").reduce(Optional(value)) { $0?[String($1)] }
    }

    /// A text; `nil` if there is none.
    func text(_ path: String) -> String? { self[path]?.string }

    /// A number; `nil` if there is none.
    func number(_ path: String) -> Double? {
        switch self[path] {
        case .integer(let number)?: Double(number)
        case .unsigned(let number)?: Double(number)
        case .number(let number)?: number
        default: nil
        }
    }

    /// The place after it: a number or, of the shares of several processes, one for each; `nil` if it has none.
    var cursor: String? { self["cursor"]?.integer.map(String.init) ?? text("cursor") }

    /// Whether it tells of evidence that has grown, and of no result.
    var isEvidence: Bool { text("type") == "evidence" }

    /// What it is about, as `coder/number`; a dash if it is about no latent.
    var latent: String {
        guard let coder = text("coder"), let latent = self["latent"]?.integer else { return "-" }
        return "\(coder)/\(latent)"
    }

    /// The interval of a score.
    var interval: (lower: Double, upper: Double)? {
        guard let ends = self["ci"]?.array, ends.count == 2, case .number(let lower)? = ends.first?.asNumber,
            case .number(let upper)? = ends.last?.asNumber
        else { return nil }
        return (lower, upper)
    }
}

extension JSONValue {
    /// The value as a number with a fraction, if it is a number.
    fileprivate var asNumber: JSONValue? {
        switch self {
        case .integer(let number): .number(Double(number))
        case .unsigned(let number): .number(Double(number))
        case .number: self
        default: nil
        }
    }
}
