import Foundation

/// The settings in `cfg.json` of a SAELens coder.
///
/// The layout is that of version 6 (what concerns the model is under `metadata`) or that before (flat).
///
/// Source: `sae_lens/saes/sae.py` and `handle_pre_6_0_config` in `sae_lens/loading/pretrained_sae_loaders.py`, version 6.54. `dtype` says in
/// which type SAELens would compute; here it is always 32-bit floats of the stored values. `reshape_activations` concerns the shape of what
/// SAELens hooks, which here is `[tokens, d_in]` already.
struct SAELensSettings {
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
    /// `rescale_acts_by_decoder_norm`: whether pre-activations are multiplied by the length of their decoder row.
    let rescales: Bool
    /// `finetuning_scaling_factor`: whether activations are multiplied by a tensor on the way to the decoder.
    let hasFinetuningScale: Bool
    /// `hook_name` and `hook_name_out`.
    let placement: CoderPlacement

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
        if architecture == .topK {
            k = try (counts ?? fields).integer("k", in: 1...SparseCodes.mostActive(latents: latents))
        } else {
            k = nil
        }
        centres = try fields.boolean("apply_b_dec_to_input", default: !architecture.isTranscoder)
        if architecture.isTranscoder, centres {
            throw fields.fault(
                "apply_b_dec_to_input", found: "true", expected: "false, since b_dec of a transcoder is in the output")
        }
        normalization = try Self.normalization(fields)
        rescales =
            architecture == .topK || architecture.isBatchTopK
            ? try fields.boolean("rescale_acts_by_decoder_norm", default: architecture.isBatchTopK) : false
        hasFinetuningScale = try fields.boolean("finetuning_scaling_factor", default: false)
        let input = try described("hook_name")
        let oldInput = try fields.text("hook_point")
        placement = CoderPlacement(
            isTranscoder: architecture.isTranscoder, input: input ?? oldInput,
            output: try described("hook_name_out"))
    }

    /// Before version 6 a TopK coder was a standard one with an activation function of its own; gives the settings with its `k`.
    private static func legacyActivation(_ fields: SettingsFile) throws(CoderError) -> SettingsFile? {
        let field = fields.has("activation_fn_str") ? "activation_fn_str" : "activation_fn"
        let name = try fields.choice(field, of: ["relu", "topk"], default: "relu")
        return name == "topk" ? try fields.object("activation_fn_kwargs") : nil
    }

    private static func normalization(_ fields: SettingsFile) throws(CoderError) -> InputNormalization {
        let field = "normalize_activations"
        let expected = "none, layer_norm or constant_norm_rescale"
        let folding =
            "; fold the scale into the weights first (SAELens: fold_activation_norm_scaling_factor, fold_activation_whitening)"
        if fields.isBoolean(field) {
            guard try !fields.boolean(field, default: false) else {
                throw fields.fault(field, found: "true", expected: expected + folding)
            }
            return .none
        }
        let name = try fields.string(field, default: "none")
        guard let normalization = InputNormalization(rawValue: name) else {
            let isFoldable = name == "expected_average_only_in" || name == "covariance_whitening"
            throw fields.fault(
                field, found: name.prefix(80).debugDescription, expected: expected + (isFoldable ? folding : ""))
        }
        return normalization
    }
}
