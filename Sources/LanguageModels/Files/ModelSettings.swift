internal import JSONText
internal import WeightFiles

/// The settings of a model by name, as its kind of file holds them.
enum ModelSettings: Sendable {
    /// The metadata of a GGUF file.
    case gguf([String: GGUFValue])
    /// The members of `config.json`, and the file's bytes.
    case huggingFace(JSONValue, [UInt8])
}

/// A setting's names in both kinds of files; in GGUF, names other than `general.…` are prefixed by the architecture's.
struct SettingName: Sendable {
    let gguf: String
    let huggingFace: String
}

extension ModelFiles {
    /// The name that a setting has in these files.
    func name(of setting: SettingName) -> String {
        format == .gguf ? "\(architecture).\(setting.gguf)" : setting.huggingFace
    }

    /// The value of a setting as a number; `nil` if it is absent or null.
    func number(_ setting: SettingName) throws(ModelError) -> Double? {
        let name = name(of: setting)
        switch settings {
        case .gguf(let metadata):
            guard let value = metadata[name] else { return nil }
            if let number = value.number { return number }
            throw failure(name, found: "\(value)", expected: "a number")
        case .huggingFace(let configuration, _):
            return try configuration.number(path: name, file: settingsFile)
        }
    }

    /// The value of a setting as an integer in a range; `nil` if it is absent or null.
    func integer(_ setting: SettingName, in range: ClosedRange<Int>) throws(ModelError) -> Int? {
        guard let number = try number(setting) else { return nil }
        guard let integer = Int(exactly: number), range.contains(integer) else {
            throw failure(
                name(of: setting), found: "\(number)",
                expected: "an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    /// The value of a setting that must be there.
    func required<Value>(_ setting: SettingName, _ value: Value?) throws(ModelError) -> Value {
        guard let value else { throw failure(name(of: setting), found: "missing", expected: "a value") }
        return value
    }

    /// A setting's error.
    func failure(_ name: String, found: String, expected: String) -> ModelError {
        .setting(name: name, file: settingsFile, found: found, expected: expected)
    }
}

extension JSONValue {
    /// The number at a path of members such as `rope_parameters.factor`; `nil` if it is absent or null.
    func number(path: String, file: String) throws(ModelError) -> Double? {
        switch member(path: path) {
        case .none, .some(.null): return nil
        case .some(.integer(let value)): return Double(value)
        case .some(.unsigned(let value)): return Double(value)
        case .some(.number(let value)): return value
        case .some(let other): throw .setting(name: path, file: file, found: other.text, expected: "a number")
        }
    }

    /// The value at a path of members; `nil` if there is none.
    func member(path: String) -> JSONValue? {
        path.split(separator: ".").reduce(Optional(self)) { $0?[String($1)] }
    }
}
