internal import Glibc
internal import WeightFiles

/// The settings of a rotary embedding in a GGUF file.
///
/// Source of names and defaults: `load_hparams` and `llama_context` of llama.cpp.
struct GGUFRotarySettings {
    let metadata: [String: GGUFValue]
    let files: ModelFiles

    private var prefix: String { "\(files.architecture).rope." }

    /// The number of a name; throws if it is none.
    func number(_ name: String) throws(ModelError) -> Double? {
        guard let value = metadata[prefix + name] else { return nil }
        guard let number = value.number else {
            throw files.failure(prefix + name, found: "\(value)", expected: "a number")
        }
        return number
    }

    /// The number of a name, if it is there; throws if it is not above 0.
    private func positive(_ name: String) throws(ModelError) -> Double? {
        guard let value = try number(name) else { return nil }
        guard value > 0, value.isFinite else {
            throw files.failure(prefix + name, found: "\(value)", expected: "a number above 0")
        }
        return value
    }

    /// The number of values that are turned.
    func width(headWidth: Int) -> Int { metadata[prefix + "dimension_count"]?.integer ?? headWidth }

    /// The factor of a linear scaling, which old files have under another name; `nil` if there is none.
    private func factor() throws(ModelError) -> Double? {
        if let factor = try positive("scaling.factor") { return factor }
        return try positive("scale_linear")
    }

    /// A factor that must be there.
    private func requiredFactor() throws(ModelError) -> Double {
        guard let factor = try factor() else {
            throw files.failure(prefix + "scaling.factor", found: "missing", expected: "a number above 0")
        }
        return factor
    }

    /// The most tokens of a context in the first training.
    private func originalContext() throws(ModelError) -> Double {
        let setting = SettingName(gguf: "rope.scaling.original_context_length", huggingFace: "")
        let range = 2...(1 << 30)
        if let given = try files.integer(setting, in: range) { return Double(given) }
        return Double(try files.required(setting, try files.integer(.maximumContext, in: range)))
    }

    /// Factors of frequencies that a tensor holds, `[width / 2]`.
    private func factors(_ name: String, width: Int) throws(ModelError) -> [Float] {
        let tensor = try files.tensor(name, shape: [width / 2])
        let values: [Float]
        do { values = try tensor.floats() } catch { throw .weightFile(error) }
        if let index = values.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
            throw .notFinite(tensor: name, file: tensor.file, index: index)
        }
        return values
    }

    /// How the frequencies are scaled, the factor of cosines and sines, and the most tokens for which they hold.
    func scaling(
        width: Int, _ dialect: RotaryEmbedding.Dialect
    ) throws(ModelError) -> (RotaryEmbedding.Scaling, factor: Double, maximumContext: Int?) {
        let given = metadata[prefix + "scaling.type"]?.string
        let (own, short) = ("rope_freqs.weight", "rope_factors_short.weight")
        if files.tensors[short] != nil, given == nil || given == "longrope" {
            return (
                .factors(try factors(short, width: width)), try positive("scaling.attn_factor") ?? 1,
                Int(try originalContext())
            )
        }
        // A factor without a type is that of a linear scaling.
        let hasFactor = try factor() != nil
        let kind = given ?? (hasFactor ? "linear" : "none")
        switch kind {
        case "none", "linear":
            let factor = try kind == "linear" ? requiredFactor() : 1
            guard files.tensors[own] != nil else {
                return (kind == "linear" ? .linear(factor: factor) : .none, 1, nil)
            }
            return (.factors(try factors(own, width: width).map { $0 * Float(factor) }), 1, nil)
        case "yarn" where files.tensors[own] == nil: return try yarn(isTruncated: dialect.truncatesYarn)
        default: throw .unsupported(feature: "rope scaling \(kind)", file: files.path)
        }
    }

    private func yarn(
        isTruncated: Bool
    ) throws(ModelError) -> (RotaryEmbedding.Scaling, factor: Double, maximumContext: Int?) {
        if let share = try number("scaling.yarn_ext_factor"), share >= 0, share != 1 {
            throw .unsupported(feature: "rope scaling yarn with yarn_ext_factor \(share)", file: files.path)
        }
        if let scale = try number("scaling.yarn_log_multiplier"), scale != 0 {
            throw .unsupported(feature: "rope scaling yarn with yarn_log_multiplier \(scale)", file: files.path)
        }
        let factor = try requiredFactor()
        var yarn = YarnScaling(factor: factor, originalContext: try originalContext())
        yarn.fastTurns = try positive("scaling.yarn_beta_fast") ?? yarn.fastTurns
        yarn.slowTurns = try positive("scaling.yarn_beta_slow") ?? yarn.slowTurns
        yarn.isTruncated = isTruncated
        let attention = try positive("scaling.attn_factor") ?? 1
        return (.yarn(yarn), YarnScaling.attentionFactor(factor) * attention, nil)
    }
}

extension RotaryEmbedding {
    init(_ settings: GGUFRotarySettings, headWidth: Int, _ dialect: Dialect) throws(ModelError) {
        let width = settings.width(headWidth: headWidth)
        guard width > 0, width <= headWidth else {
            throw settings.files.failure(
                "rope dimensions", found: "\(width)", expected: "an even number from 2 to the head's \(headWidth)")
        }
        let (scaling, factor, maximumContext) = try settings.scaling(width: width, dialect)
        self.init(
            base: try settings.number("freq_base") ?? dialect.base, width: width, scaling: scaling,
            attentionFactor: factor, maximumContext: maximumContext)
    }
}
