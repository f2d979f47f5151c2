import Foundation

/// The settings in `cfg.json` of a SAELens coder.
///
/// The layout is that of version 6 (what concerns the model is under `metadata`) or that before (flat).
///
/// Source: `sae_lens/saes/sae.py` and `handle_pre_6_0_config` in `sae_lens/loading/pretrained_sae_loaders.py`, version 6.54. `dtype` says in
/// which type SAELens would compute; here it is always 32-bit floats of the stored values. `reshape_activations` concerns the shape of what
/// SAELens hooks, which here is `[tokens, d_in]` already.
struct SAELensSettings {
    private let fields: SettingsFile
    /// `architecture`.
    let architecture: SAELensArchitecture
    /// `d_in`.
    let inputWidth: Int
    /// `d_out` of a transcoder; otherwise `d_in`.
    let outputWidth: Int
    /// `d_sae`.
    let latents: Int
    /// `k` of a TopK coder.
    let k: Int?
    /// `apply_b_dec_to_input`: whether the input is centred.
    let centres: Bool
    /// `normalize_activations`.
    let normalization: InputNormalization
    /// Whether the input is to be scaled so that its mean length over the training data is √d_in (`expected_average_only_in`).
    let isScaledByNorm: Bool
    /// `rescale_acts_by_decoder_norm`: whether pre-activations are multiplied by the length of their decoder row.
    let rescales: Bool
    /// `finetuning_scaling_factor`: whether activations are multiplied by a tensor on the way to the decoder.
    let hasFinetuningScale: Bool
    /// `hook_name` and `hook_name_out`.
    private(set) var placement: CoderPlacement

    /// Reads and checks the settings.
    init(file: String) throws(CoderError) {
        let fields = try SettingsFile(path: file)
        let metadata = try fields.object("metadata")
        /// Version 6 has it under `metadata`, earlier versions next to the other fields.
        func described(_ field: String) throws(CoderError) -> String? {
            if let text = try metadata.text(field) { return text }
            return try fields.text(field)
        }
        let version = try described("sae_lens_version")
        let isLegacy = version.map { (Int($0.prefix { $0 != "." }) ?? 0) < 6 } ?? true

        var named = try fields.choice(
            "architecture", of: SAELensArchitecture.allCases.map(\.rawValue), default: "standard")
        let counts = isLegacy ? try Self.legacyActivation(fields) : nil
        if counts != nil, named == "standard" { named = "topk" }
        architecture = SAELensArchitecture(rawValue: named) ?? .standard
        inputWidth = try fields.integer("d_in", in: 1...CoderParameters.widest)
        latents = try fields.integer("d_sae", in: 1...Int(Int32.max))
        outputWidth =
            architecture.isTranscoder ? try fields.integer("d_out", in: 1...CoderParameters.widest) : inputWidth
        _ = try fields.choice(
            "dtype", of: ["float32", "float64", "float16", "bfloat16"].flatMap { [$0, "torch." + $0] },
            default: "float32")
        _ = try fields.choice("reshape_activations", of: ["none", "hook_z"], default: "none")
        if architecture.isTopK {
            k = try (counts ?? fields).integer("k", in: 1...SparseCodes.mostActive(latents: latents))
        } else {
            k = nil
        }
        centres = try fields.boolean("apply_b_dec_to_input", default: !architecture.isTranscoder)
        if architecture.isTranscoder, centres {
            throw fields.fault(
                "apply_b_dec_to_input", found: "true", expected: "false, since b_dec of a transcoder is in the output")
        }
        isScaledByNorm = try Self.isScaledByNorm(fields)
        normalization = isScaledByNorm ? .none : try Self.normalization(fields)
        self.fields = fields
        rescales =
            architecture.isTopK || architecture.isBatchTopK
            ? try fields.boolean("rescale_acts_by_decoder_norm", default: architecture.isBatchTopK) : false
        hasFinetuningScale = try fields.boolean("finetuning_scaling_factor", default: false)
        // Where both are there, the module's name is that of the model that was hooked.
        let (module, hook) = (try described("hf_hook_name"), try described("hook_name"))
        let (writtenModule, writtenHook) = (try described("hf_hook_name_out"), try described("hook_name_out"))
        let oldInput = try fields.text("hook_point")
        let layer = try Self.firstInteger(["hook_layer", "hook_point_layer"], of: [metadata, fields])
        // `{layer}` stands in the names of sweeps over layers.
        let input = (module ?? hook ?? oldInput).map { name in
            layer.map { name.replacingOccurrences(of: "{layer}", with: "\($0)") } ?? name
        }
        placement = CoderPlacement(
            isTranscoder: architecture.isTranscoder, input: input, output: writtenModule ?? writtenHook)
        placement.layer = layer
        placement.head = try Self.firstInteger(["hook_head_index", "hook_point_head_index"], of: [metadata, fields])
        placement.training = try CoderTraining(
            model: described("model_name"), beginsWithBOS: Self.firstBoolean("prepend_bos", of: [metadata, fields]),
            contextLength: Self.firstInteger(["context_size"], of: [metadata, fields]))
    }

    private static func firstInteger(_ names: [String], of settings: [SettingsFile]) throws(CoderError) -> Int? {
        for fields in settings {
            for name in names where fields.has(name) { return try fields.integer(name, in: 0...Int(Int32.max)) }
        }
        return nil
    }

    private static func firstBoolean(_ name: String, of settings: [SettingsFile]) throws(CoderError) -> Bool? {
        for fields in settings where fields.has(name) { return try fields.boolean(name, default: false) }
        return nil
    }

    /// Before version 6 a TopK coder was a standard one with an activation function of its own; gives the settings with its `k`.
    private static func legacyActivation(_ fields: SettingsFile) throws(CoderError) -> SettingsFile? {
        let field = fields.has("activation_fn_str") ? "activation_fn_str" : "activation_fn"
        let name = try fields.choice(field, of: ["relu", "topk"], default: "relu")
        return name == "topk" ? try fields.object("activation_fn_kwargs") : nil
    }

    /// What the input is multiplied by: √d_in over the mean length of the activations, which the files do not say.
    ///
    /// - Throws: `CoderError.setting` if it is not given, or is no positive number.
    func scale(given: Double?) throws(CoderError) -> Double {
        guard let given, given > 0, given.isFinite else {
            throw fields.fault(
                "normalize_activations", found: "\"expected_average_only_in\"",
                expected: "the mean length of the activations that it was trained on besides: give `average_norm:` "
                    + "(`gloss doctor --estimate` measures it on the corpus)")
        }
        return Double(inputWidth).squareRoot() / given
    }

    private static func isScaledByNorm(_ fields: SettingsFile) throws(CoderError) -> Bool {
        let field = "normalize_activations"
        // Versions before 6 wrote a truth value.
        if fields.isBoolean(field) { return try fields.boolean(field, default: false) }
        return try fields.string(field, default: "none") == "expected_average_only_in"
    }

    private static func normalization(_ fields: SettingsFile) throws(CoderError) -> InputNormalization {
        let field = "normalize_activations"
        let expected = "none, layer_norm, constant_norm_rescale or expected_average_only_in"
        if fields.isBoolean(field) { return .none }
        let name = try fields.string(field, default: "none")
        guard let normalization = InputNormalization(rawValue: name) else {
            let folding = "; fold it into the weights first (SAELens: fold_activation_whitening)"
            throw fields.fault(
                field, found: name.prefix(80).debugDescription,
                expected: expected + (name == "covariance_whitening" ? folding : ""))
        }
        return normalization
    }
}
