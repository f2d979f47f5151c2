extension FieldType {
    /// The requirement on a value, for messages: "must be …".
    var expectation: String {
        switch self {
        case .string: "a text"
        case .word(let words): "one of \(words.map { "`\($0)`" }.joined(separator: ", "))"
        case .integer(let range): "a whole number \(Self.words(range.lowerBound, range.upperBound, .min, .max))"
        case .number(let range):
            "a number "
                + Self.words(
                    range.lowerBound, range.upperBound, -Double.greatestFiniteMagnitude, .greatestFiniteMagnitude)
        case .boolean: "`true` or `false`"
        case .duration: "a duration such as `10s`, `500ms`, `5m` or `1h`"
        case .bytes: "a size such as `4GiB`, `512MiB`, `10MB` or a number of bytes"
        case .path: "a path"
        case .model: "the name of an entry under `models:`"
        case .hookpoint: "a hookpoint such as `layers.10` or `layers.3.mlp`"
        case .list(let element): "a list, each element \(element.expectation)"
        case .settings: "a mapping of settings"
        case .members: "a mapping, which becomes members of a JSON object"
        case .latents: "`all`, a list of latents, a range `a..b`, `{ sample: n, seed: s }` or `{ firing: n }`"
        }
    }

    private static func words<Bound: Comparable>(_ low: Bound, _ high: Bound, _ least: Bound, _ most: Bound) -> String {
        switch (low <= least, high >= most) {
        case (true, true): "of any size"
        case (true, false): "of at most \(high)"
        case (false, true): "of at least \(low)"
        case (false, false): "from \(low) to \(high)"
        }
    }
}
