internal import WeightFiles

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
    }

    /// Reads the settings of the rotary embedding; throws for a kind of scaling that is not built.
    init(_ files: ModelFiles, headWidth: Int, _ dialect: Dialect = Dialect()) throws(ModelError) {
        switch files.settings {
        case .gguf(let metadata): try self.init(metadata, files, headWidth: headWidth, dialect)
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

    private init(
        _ metadata: [String: GGUFValue], _ files: ModelFiles, headWidth: Int, _ dialect: Dialect
    ) throws(ModelError) {
        let prefix = "\(files.architecture).rope."
        let width = metadata[prefix + "dimension_count"]?.integer ?? headWidth
        let base = metadata[prefix + "freq_base"]?.number ?? dialect.base
        let kind = metadata[prefix + "scaling.type"]?.string ?? "none"
        let scaling: Scaling
        if files.tensors["rope_freqs.weight"] != nil {
            let tensor = try files.tensor("rope_freqs.weight", shape: [headWidth / 2])
            do { scaling = .factors(try tensor.floats()) } catch { throw .weightFile(error) }
        } else if kind == "none" {
            scaling = .none
        } else if kind == "linear" {
            let name = prefix + "scaling.factor"
            guard let factor = metadata[name]?.number, factor > 0, factor.isFinite else {
                throw files.failure(
                    name, found: metadata[name].map { "\($0)" } ?? "missing", expected: "a number above 0")
            }
            scaling = .linear(factor: factor)
        } else {
            throw .unsupported(feature: "rope scaling \(kind)", file: files.path)
        }
        self.init(base: base, width: width, scaling: scaling)
    }

    private init(_ settings: RotarySettings, headWidth: Int, _ dialect: Dialect) throws(ModelError) {
        let part = try settings.number(["partial_rotary_factor"], outer: ["partial_rotary_factor", "rotary_pct"])
        let scaling: Scaling
        switch settings.kind {
        case "default": scaling = .none
        case "linear": scaling = .linear(factor: try settings.required("factor"))
        case "llama3":
            let original = try settings.required("original_max_position_embeddings")
            let low = try settings.required("low_freq_factor")
            let high = try settings.required("high_freq_factor")
            guard high > low, original < 1e9 else {
                throw settings.files.failure(
                    "\(settings.path).high_freq_factor", found: "\(high)",
                    expected: "a number above low_freq_factor, \(low)")
            }
            scaling = .llama3(
                factor: try settings.required("factor"), lowFrequencyFactor: low, highFrequencyFactor: high,
                originalContext: Int(original))
        case let kind: throw .unsupported(feature: "rope scaling \(kind)", file: settings.files.settingsFile)
        }
        let turned = Double(headWidth) * (part ?? dialect.part)
        self.init(
            base: try settings.number(["rope_theta"], outer: ["rope_theta", "rotary_emb_base"]) ?? dialect.base,
            width: (0...Double(1 << 24)).contains(turned) ? Int(turned) : 0, scaling: scaling)
    }
}
