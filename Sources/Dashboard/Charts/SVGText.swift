/// Numbers as attributes of SVG have them.
enum SVGText {
    /// A number to hundredths, without a point where there is nothing behind it.
    static func number(_ value: Double) -> String {
        let text = "\((value * 100).rounded() / 100)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
