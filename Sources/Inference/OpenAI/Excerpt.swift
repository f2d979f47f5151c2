import Examples

/// What a server said, fit to stand in an error message.
struct Excerpt {
    /// The key that must not be shown, should the server repeat it.
    let key: APIKey?

    /// The first 200 characters, on one line, without control characters and without the key.
    func text(_ bytes: [UInt8]) -> String {
        text(String(decoding: bytes, as: UTF8.self))
    }

    /// The first 200 characters, on one line, without control characters and without the key.
    func text(_ said: String) -> String {
        // The key is looked for after the filter and before the cut: neither may let a part of it through.
        var scalars: [Unicode.Scalar] = []
        for scalar in said.unicodeScalars {
            if scalar.properties.isWhitespace {
                scalars.append(" ")
            } else if !ControlCharacters.contains(scalar) {
                scalars.append(scalar)
            }
        }
        // JSON may write a slash with a backslash before it.
        let forms = key.map {
            [$0.text, $0.text.split(separator: "/", omittingEmptySubsequences: false).joined(separator: "\\/")]
        }
        let hidden = (forms ?? []).map { Array($0.unicodeScalars) }
        var result = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            if let found = hidden.first(where: { scalars[index...].starts(with: $0) }) {
                result.append(contentsOf: APIKey.placeholder.unicodeScalars)
                index += found.count
            } else {
                result.append(scalars[index])
                index += 1
            }
        }
        return String(String(result).prefix(200))
    }
}
