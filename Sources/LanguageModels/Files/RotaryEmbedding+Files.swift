internal import WeightFiles

extension RotaryEmbedding {
    /// Reads the settings of the rotary embedding; throws for a kind of scaling that is not built.
    init(_ files: ModelFiles, headWidth: Int) throws(ModelError) {
        switch files.settings {
        case .gguf(let metadata): try self.init(metadata, files, headWidth: headWidth)
        case .huggingFace(let configuration, _): try self.init(configuration, files, headWidth: headWidth)
        }
        guard base > 1, base.isFinite else {
            throw files.failure("rope base", found: "\(base)", expected: "a finite number above 1")
        }
    }

    private init(_ metadata: [String: GGUFValue], _ files: ModelFiles, headWidth: Int) throws(ModelError) {
        let prefix = "\(files.architecture).rope."
        let width = metadata[prefix + "dimension_count"]?.integer ?? headWidth
        guard width == headWidth else {
            throw .unsupported(feature: "rotation of \(width) of a head's \(headWidth) values", file: files.path)
        }
        let base = metadata[prefix + "freq_base"]?.number ?? 10_000
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

    private init(_ configuration: JSONValue, _ files: ModelFiles, headWidth: Int) throws(ModelError) {
        // Newer files keep all in `rope_parameters`; older ones have `rope_theta` and, where it is scaled, `rope_scaling`.
        let key = configuration["rope_parameters"]?.object != nil ? "rope_parameters" : "rope_scaling"
        func number(_ name: String) throws(ModelError) -> Double {
            let value = try configuration.number(path: "\(key).\(name)", file: files.settingsFile)
            guard let value, value > 0, value.isFinite else {
                throw files.failure(
                    "\(key).\(name)", found: value.map { "\($0)" } ?? "missing", expected: "a number above 0")
            }
            return value
        }
        if let part = try configuration.number(path: "partial_rotary_factor", file: files.settingsFile), part != 1 {
            throw .unsupported(feature: "rotation of a part of \(part) of a head's values", file: files.settingsFile)
        }
        let innerBase = try configuration.number(path: "\(key).rope_theta", file: files.settingsFile)
        let outerBase = try configuration.number(path: "rope_theta", file: files.settingsFile)
        let scaling: Scaling
        switch configuration[key]?["rope_type"]?.string ?? configuration[key]?["type"]?.string ?? "default" {
        case "default": scaling = .none
        case "linear": scaling = .linear(factor: try number("factor"))
        case "llama3":
            let original = try number("original_max_position_embeddings")
            let low = try number("low_freq_factor")
            let high = try number("high_freq_factor")
            guard high > low, original < 1e9 else {
                throw files.failure(
                    "\(key).high_freq_factor", found: "\(high)", expected: "a number above low_freq_factor, \(low)")
            }
            scaling = .llama3(
                factor: try number("factor"), lowFrequencyFactor: low, highFrequencyFactor: high,
                originalContext: Int(original))
        case let kind: throw .unsupported(feature: "rope scaling \(kind)", file: files.settingsFile)
        }
        self.init(base: innerBase ?? outerBase ?? 10_000, width: headWidth, scaling: scaling)
    }
}
