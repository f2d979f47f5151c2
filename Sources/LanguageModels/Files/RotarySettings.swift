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

    /// A number above 0 that must be there.
    func required(_ name: String) throws(ModelError) -> Double {
        let value = try number([name], outer: [])
        guard let value, value > 0, value.isFinite else {
            throw files.failure(
                "\(path).\(name)", found: value.map { "\($0)" } ?? "missing", expected: "a number above 0")
        }
        return value
    }
}
