extension Field where Value == Int {
    /// A whole number.
    package static func integer(
        _ name: String, _ range: ClosedRange<Int>, default value: Int, _ documentation: String
    ) -> Field {
        Field(.optional(name, .integer(range), default: "\(value)", documentation)) { $0?.integer }
    }

    /// A whole number that must be given.
    package static func requiredInteger(_ name: String, _ range: ClosedRange<Int>, _ documentation: String) -> Field {
        Field(.required(name, .integer(range), documentation)) { $0?.integer }
    }

    /// A size in bytes; the default as the file would write it.
    package static func bytes(_ name: String, default value: String, _ documentation: String) -> Field {
        Field(.optional(name, .bytes, default: value, documentation)) { $0?.bytes }
    }
}

extension Field where Value == Int? {
    /// A whole number that may be left out.
    package static func optionalInteger(_ name: String, _ range: ClosedRange<Int>, _ documentation: String) -> Field {
        Field(optional: .optional(name, .integer(range), documentation)) { $0.integer }
    }
}

extension Field where Value == UInt64 {
    /// The seed of random choices.
    package static func seed(_ documentation: String) -> Field {
        Field(.optional("seed", .integer(0...Int.max), default: "0", documentation)) {
            $0?.integer.map(UInt64.init(clamping:))
        }
    }
}

extension Field where Value == Double {
    /// A number.
    package static func number(
        _ name: String, _ range: ClosedRange<Double>, default value: Double, _ documentation: String
    ) -> Field {
        let text = Int(exactly: value).map(String.init) ?? "\(value)"
        return Field(.optional(name, .number(range), default: text, documentation)) { $0?.number }
    }
}

extension Field where Value == Double? {
    /// A number that may be left out.
    package static func optionalNumber(
        _ name: String, _ range: ClosedRange<Double>, _ documentation: String
    ) -> Field {
        Field(optional: .optional(name, .number(range), documentation)) { $0.number }
    }
}

extension Field where Value == Bool {
    /// A truth value.
    package static func boolean(_ name: String, default value: Bool, _ documentation: String) -> Field {
        Field(.optional(name, .boolean, default: "\(value)", documentation)) { $0?.boolean }
    }
}

extension Field where Value == String {
    /// A text that must be given: any, a path, a hookpoint or a model's name.
    package static func required(_ name: String, _ type: FieldType, _ documentation: String) -> Field {
        Field(.required(name, type, documentation)) { $0?.text }
    }
}

extension Field where Value == String? {
    /// A text that may be left out: any, a path, a hookpoint or a model's name.
    package static func optional(_ name: String, _ type: FieldType, _ documentation: String) -> Field {
        Field(optional: .optional(name, type, documentation)) { $0.text }
    }
}

extension Field where Value == [String] {
    /// A list of texts that must be given.
    package static func requiredList(_ name: String, of type: FieldType, _ documentation: String) -> Field {
        Field(.required(name, .list(type), documentation)) { $0?.texts }
    }
}

extension Field where Value == LatentSelection {
    /// A selection of latents; by default all.
    package static func latents(_ name: String, _ documentation: String) -> Field {
        Field(.optional(name, .latents, default: "all", documentation)) {
            if case .latents(let selection) = $0 { selection } else { nil }
        }
    }
}

extension Field where Value == [String: SettingValue]? {
    /// Free settings by name.
    package static func settings(_ name: String, _ documentation: String) -> Field {
        Field(optional: .optional(name, .settings, documentation)) {
            if case .settings(let settings) = $0 { settings } else { nil }
        }
    }
}

extension Field {
    /// One of a set of words, each mapped to a value.
    package static func choice(
        _ name: String, among words: [String], default word: String, _ documentation: String,
        _ value: @escaping @Sendable (String) -> Value?
    ) -> Field {
        Field(.optional(name, .word(words), default: word, documentation)) { $0?.text.flatMap(value) }
    }
}

extension Field where Value: RawRepresentable, Value.RawValue == String {
    /// One of a set of words.
    package static func word(
        _ name: String, _ words: [Value], default value: Value, _ documentation: String
    ) -> Field {
        choice(name, among: words.map(\.rawValue), default: value.rawValue, documentation) { Value(rawValue: $0) }
    }

    /// One of a set of words that may be left out.
    package static func optionalWord(
        _ name: String, _ words: [Value], _ documentation: String
    ) -> Field<Value?> {
        Field<Value?>(optional: .optional(name, .word(words.map(\.rawValue)), documentation)) { field in
            field.text.flatMap { Value(rawValue: $0) }
        }
    }

    /// Several words.
    package static func words(
        _ name: String, _ words: [Value], default values: [Value], _ documentation: String
    ) -> Field<[Value]> {
        let text = "[\(values.map(\.rawValue).joined(separator: ", "))]"
        return Field<[Value]>(
            .optional(name, .list(.word(words.map(\.rawValue))), default: text, documentation)
        ) { field in
            guard let texts = field?.texts else { return nil }
            let words = texts.compactMap { Value(rawValue: $0) }
            return words.count == texts.count ? words : nil
        }
    }
}

extension FieldValue {
    var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    var number: Double? { if case .number(let value) = self { value } else { nil } }
    var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
    var bytes: Int? { if case .bytes(let value) = self { value } else { nil } }

    var texts: [String]? {
        guard case .list(let elements) = self else { return nil }
        let texts = elements.compactMap(\.text)
        return texts.count == elements.count ? texts : nil
    }
}
