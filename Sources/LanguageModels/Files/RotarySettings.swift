internal import JSONText

/// The settings of a rotary embedding in a `config.json`.
///
/// Newer files keep all in `rope_parameters`, some with a member for each kind of attention; older ones have
/// `rope_theta` and, if it is scaled, `rope_scaling`.
struct RotarySettings {
    let files: ModelFiles
    /// The path of the members that hold the settings.
    let path: String
    private let configuration: JSONValue

    init(_ configuration: JSONValue, _ files: ModelFiles, _ dialect: RotaryEmbedding.Dialect) {
        self.configuration = configuration
        self.files = files
        let key = configuration["rope_parameters"]?.object != nil ? "rope_parameters" : "rope_scaling"
        if let section = dialect.section, configuration[key]?[section]?.object != nil {
            path = "\(key).\(section)"
        } else {
            path = key
        }
    }

    /// The kind of scaling.
    var kind: String {
        let settings = configuration.member(path: path)
        return settings?["rope_type"]?.string ?? settings?["type"]?.string ?? "default"
    }

    /// The first number of some names among the settings, or of `outer` in the whole file; `nil` if there is none.
    func number(_ names: [String], outer: [String]) throws(ModelError) -> Double? {
        for name in names.map({ "\(path).\($0)" }) + outer {
            if let value = try configuration.number(path: name, file: files.settingsFile) { return value }
        }
        return nil
    }

    /// A number above 0, if it is there.
    func positive(_ name: String) throws(ModelError) -> Double? {
        guard let value = try number([name], outer: []) else { return nil }
        guard value > 0, value.isFinite, Float(value).isFinite, Float(value) > 0 else {
            throw files.failure("\(path).\(name)", found: "\(value)", expected: "a number above 0")
        }
        return value
    }

    /// A number above 0 that must be there.
    func required(_ name: String) throws(ModelError) -> Double {
        guard let value = try positive(name) else {
            throw files.failure("\(path).\(name)", found: "missing", expected: "a number above 0")
        }
        return value
    }

    /// A truth value, if it is there.
    func flag(_ name: String) throws(ModelError) -> Bool? {
        switch configuration.member(path: "\(path).\(name)") {
        case .none, .some(.null): return nil
        case .some(.boolean(let value)): return value
        case .some(let other):
            throw files.failure("\(path).\(name)", found: other.text, expected: "true or false")
        }
    }

    /// The factors of frequencies, `[count]`, each above 0.
    func factors(_ name: String, count: Int) throws(ModelError) -> [Float] {
        let list = configuration.member(path: "\(path).\(name)")
        let factors = (list?.array ?? []).compactMap(\.float).filter { $0 > 0 && $0.isFinite }
        guard let given = list?.array, given.count == count, factors.count == count else {
            throw files.failure(
                "\(path).\(name)", found: list?.array.map { "\($0.count) values" } ?? list?.text ?? "missing",
                expected: "\(count) numbers above 0")
        }
        return factors
    }

    /// The most tokens of a context in the first training: the model's own most if it was never stretched.
    func originalContext() throws(ModelError) -> Double {
        let name = "original_max_position_embeddings"
        // Phi 3 has it outside, where it comes first.
        var value = try configuration.number(path: name, file: files.settingsFile)
        if value == nil { value = try number([name], outer: ["max_position_embeddings"]) }
        guard let value, value >= 2, value < 1e9 else {
            throw files.failure(
                "\(path).\(name)", found: value.map { "\($0)" } ?? "missing", expected: "a number of tokens from 2 on")
        }
        return value
    }

    /// The factor by which contexts were made longer: if it is not there, by what they are longer.
    func stretch() throws(ModelError) -> Double {
        if let factor = try positive("factor") { return factor }
        guard let most = try number([], outer: ["max_position_embeddings"]), most > 0, most < 1e9 else {
            return try required("factor")
        }
        return most / (try originalContext())
    }
}

extension JSONValue {
    /// The number, if it is one.
    fileprivate var float: Float? {
        switch self {
        case .integer(let value): Float(value)
        case .unsigned(let value): Float(value)
        case .number(let value): Float(value)
        default: nil
        }
    }
}
