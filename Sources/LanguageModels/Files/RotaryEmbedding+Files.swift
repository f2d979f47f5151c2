internal import Glibc

extension RotaryEmbedding {
    /// How an architecture writes the settings of a rotary embedding, if it is not the usual way.
    struct Dialect {
        /// The member of `rope_parameters` that holds the settings, if there are several.
        var section: String?
        /// Whether a part of a head's values may be all that is turned.
        var allowsPart = false
        /// That part if the files do not say.
        var part = 1.0
        /// The base if the files do not say.
        var base = 10_000.0
        /// Other names for longrope; old files of Phi 3 have such.
        var longropeNames: [String] = []
        /// Whether the bounds of yarn are moved to whole pairs if the files do not say.
        var truncatesYarn = true
    }

    /// Reads the settings of the rotary embedding; throws for a kind of scaling that is not built.
    init(_ files: ModelFiles, headWidth: Int, _ dialect: Dialect = Dialect()) throws(ModelError) {
        switch files.settings {
        case .gguf(let metadata):
            try self.init(GGUFRotarySettings(metadata: metadata, files: files), headWidth: headWidth, dialect)
        case .huggingFace(let configuration, _):
            try self.init(RotarySettings(configuration, files, dialect), headWidth: headWidth, dialect)
        }
        guard base > 1, base.isFinite else {
            throw files.failure("rope base", found: "\(base)", expected: "a finite number above 1")
        }
        guard width > 0, width <= headWidth, width % 2 == 0 else {
            throw files.failure(
                "rope dimensions", found: "\(width)", expected: "an even number from 2 to the head's \(headWidth)")
        }
        guard width == headWidth || dialect.allowsPart else {
            throw .unsupported(
                feature: "rotation of \(width) of a head's \(headWidth) values", file: files.settingsFile)
        }
    }

    private init(_ settings: RotarySettings, headWidth: Int, _ dialect: Dialect) throws(ModelError) {
        let part = try settings.number(["partial_rotary_factor"], outer: ["partial_rotary_factor", "rotary_pct"])
        let turned = Double(headWidth) * (part ?? dialect.part)
        let width = (0...Double(1 << 24)).contains(turned) ? Int(turned) : 0
        let base = try settings.number(["rope_theta"], outer: ["rope_theta", "rotary_emb_base"]) ?? dialect.base
        switch settings.kind {
        case let kind where kind == "longrope" || dialect.longropeNames.contains(kind):
            let original = try settings.originalContext()
            self.init(
                base: base, width: width,
                scaling: .factors(try settings.factors("short_factor", count: width / 2)),
                attentionFactor: try settings.longropeAttentionFactor(original), maximumContext: Int(original))
        case "yarn":
            self.init(
                base: base, width: width, scaling: .yarn(try settings.yarn(isTruncated: dialect.truncatesYarn)),
                attentionFactor: try settings.yarnAttentionFactor())
        case "default": self.init(base: base, width: width, scaling: .none)
        case "linear":
            self.init(base: base, width: width, scaling: .linear(factor: try settings.required("factor")))
        case "llama3": self.init(base: base, width: width, scaling: try settings.llama3())
        case let kind: throw .unsupported(feature: "rope scaling \(kind)", file: settings.files.settingsFile)
        }
    }
}

extension RotarySettings {
    fileprivate func llama3() throws(ModelError) -> RotaryEmbedding.Scaling {
        let original = try required("original_max_position_embeddings")
        let low = try required("low_freq_factor")
        let high = try required("high_freq_factor")
        guard high > low, original < 1e9 else {
            throw files.failure(
                "\(path).high_freq_factor", found: "\(high)", expected: "a number above low_freq_factor, \(low)")
        }
        return .llama3(
            factor: try required("factor"), lowFrequencyFactor: low, highFrequencyFactor: high,
            originalContext: Int(original))
    }

    fileprivate func yarn(isTruncated: Bool) throws(ModelError) -> YarnScaling {
        var yarn = YarnScaling(factor: try required("factor"), originalContext: try originalContext())
        yarn.fastTurns = try positive("beta_fast") ?? yarn.fastTurns
        yarn.slowTurns = try positive("beta_slow") ?? yarn.slowTurns
        yarn.isTruncated = try flag("truncate") ?? isTruncated
        return yarn
    }

    fileprivate func yarnAttentionFactor() throws(ModelError) -> Double {
        if let given = try positive("attention_factor") { return given }
        let factor = try required("factor")
        guard let scale = try number(["mscale"], outer: []), scale != 0,
            let all = try number(["mscale_all_dim"], outer: []), all != 0
        else { return YarnScaling.attentionFactor(factor) }
        let quotient =
            YarnScaling.attentionFactor(factor, times: scale) / YarnScaling.attentionFactor(factor, times: all)
        guard quotient > 0, quotient.isFinite else {
            throw files.failure("\(path).mscale", found: "\(scale)", expected: "a number above 0")
        }
        return quotient
    }

    fileprivate func longropeAttentionFactor(_ original: Double) throws(ModelError) -> Double {
        if let given = try positive("attention_factor") { return given }
        let factor = try stretch()
        return factor <= 1 ? 1 : (1 + log(factor) / log(original)).squareRoot()
    }
}
