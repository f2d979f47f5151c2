/// One line of a page of metrics, read from left to right.
struct PrometheusLine {
    private let line: String
    private var left: Substring.UnicodeScalarView

    init(_ scalars: Substring.UnicodeScalarView) {
        line = String(scalars)
        left = scalars
    }

    /// What has not been read.
    var rest: String { String(left) }

    func fault(_ reason: String) -> PrometheusPage.Fault { .init(description: "\(reason): \(line)") }

    /// Reads a text if it comes next.
    mutating func take(_ text: String) -> Bool {
        guard left.starts(with: text.unicodeScalars) else { return false }
        left = left.dropFirst(text.unicodeScalars.count)
        return true
    }

    private mutating func next() -> Unicode.Scalar? { left.popFirst() }

    /// The name of a metric, or of a label, which has no colon.
    mutating func name(ofLabel isLabel: Bool = false) throws -> String {
        let name = left.prefix { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_": true
            case ":": !isLabel
            default: false
            }
        }
        guard let first = name.first, !("0"..."9").contains(first), !isLabel || !String(name).hasPrefix("__") else {
            throw fault("no name")
        }
        left = left.dropFirst(name.count)
        return String(name)
    }

    /// The text of a help, to the end of the line: only a backslash and the end of a line are escaped.
    mutating func help() throws -> String {
        guard take(" ") else { throw fault("no space after the name") }
        var text = String.UnicodeScalarView()
        while let scalar = next() { text.append(scalar == "\\" ? try escaped(quotes: false) : scalar) }
        return String(text)
    }

    /// `name{label="value",…} number`, without a time.
    mutating func sample() throws -> PrometheusPage.Sample {
        let name = try name()
        var labels: [String: String] = [:]
        if take("{") {
            repeat {
                let label = try self.name(ofLabel: true)
                guard take("=\"") else { throw fault("no value of label \(label)") }
                guard labels.updateValue(try value(), forKey: label) == nil else { throw fault("a label twice") }
            } while take(",")
            guard take("}") else { throw fault("labels without an end") }
        }
        guard take(" "), let value = Self.number(rest) else { throw fault("no number") }
        return PrometheusPage.Sample(name: name, labels: labels, value: value)
    }

    /// The value of a label, up to its closing quote.
    private mutating func value() throws -> String {
        var text = String.UnicodeScalarView()
        while let scalar = next() {
            switch scalar {
            case "\"": return String(text)
            case "\\": text.append(try escaped(quotes: true))
            default: text.append(scalar)
            }
        }
        throw fault("a value without an end")
    }

    private mutating func escaped(quotes: Bool) throws -> Unicode.Scalar {
        switch next() {
        case "\\": return "\\"
        case "n": return "\n"
        case "\"" where quotes: return "\""
        default: throw fault("an escape that there is not")
        }
    }

    /// A number as Go reads it, in the forms that are written here.
    static func number(_ text: String) -> Double? {
        switch text {
        case "NaN": .nan
        case "+Inf": .infinity
        case "-Inf": -.infinity
        default: text.allSatisfy { "0123456789.e+-".contains($0) } ? Double(text) : nil
        }
    }
}
