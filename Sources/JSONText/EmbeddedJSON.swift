/// A text that has been checked to be one JSON value.
package struct EmbeddedJSON: Sendable {
    /// The text, on one line and without control characters.
    package let text: String

    /// Checks a text; `nil` if it is not JSON.
    package init?(_ text: String) {
        do throws(JSONError) {
            try JSONScanner.scan(Array(text.utf8)) { scanner throws(JSONError) in try scanner.skipValue() }
        } catch {
            return nil
        }
        guard text.unicodeScalars.contains(where: \.couldControl) else {
            self.text = text
            return
        }
        var line = ""
        var last: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch scalar {
            // Those below 0x20 are white space between values, for inside of texts they are always escaped.
            case "\n" where last == "\r": break
            case "\u{0}"..."\u{1f}": line += " "
            case _ where scalar.couldControl: line += scalar.escape
            default: line.unicodeScalars.append(scalar)
            }
            last = scalar
        }
        self.text = line
    }
}
