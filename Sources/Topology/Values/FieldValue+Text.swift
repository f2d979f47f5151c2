extension Node {
    /// The values of its fields as texts, defaults included, by name.
    ///
    /// Free settings are left out, since they may hold secrets, and choices of latents, which may be long.
    package var texts: [String: String] { fields.compactMapValues(\.shown) }

    /// The fields that name models.
    package var modelFields: Set<String> { Set(schema.fields.filter { $0.type == .model }.map(\.name)) }
}

extension FieldValue {
    /// The value as a text; `nil` for free settings, members and choices of latents.
    fileprivate var shown: String? {
        switch self {
        case .text(let text): text
        case .integer(let value), .milliseconds(let value), .bytes(let value): "\(value)"
        case .number(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .list(let elements): elements.map { $0.shown ?? "…" }.joined(separator: " ")
        case .settings, .members, .latents: nil
        }
    }
}
