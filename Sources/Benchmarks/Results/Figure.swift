/// Numbers as the tables show them.
public enum Figure {
    /// Three digits or more: `1,507`, `85.8`, `2.47`, `0.855`, `0.90`.
    ///
    /// No trailing zero is shown beyond the second digit after the point.
    public static func text(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let size = value.magnitude
        if size >= 99.95 { return grouped(value.rounded()) }
        if size >= 9.995 || size == 0 || size == size.rounded() {
            return decimals(value, size == size.rounded() ? 0 : 1)
        }
        if size >= 0.9995 { return decimals(value, 2) }
        let text = decimals(value, 3)
        return text.hasSuffix("0") ? String(text.dropLast()) : text
    }

    /// A number with `digits` digits after the point.
    private static func decimals(_ value: Double, _ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (value.magnitude * scale).rounded()
        guard scaled < 1e15 else { return "\(value)" }
        let sign = value < 0 && scaled > 0 ? "-" : ""
        let all = String(Int(scaled))
        guard digits > 0 else { return sign + all }
        let padded = String(repeating: "0", count: max(0, digits + 1 - all.count)) + all
        return sign + padded.dropLast(digits) + "." + padded.suffix(digits)
    }

    /// A whole number with commas.
    private static func grouped(_ value: Double) -> String {
        guard value.magnitude < 1e15 else { return "\(value)" }
        let digits = Array(String(Int(value.magnitude)))
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }
}
