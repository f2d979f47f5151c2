/// The settings in `cfg.json` of a sparsify coder.
///
/// `multi_topk` and `normalize_decoder` change training only, and fields that sparsify does not know are ignored, as it does.
struct SparsifySettings {
    /// `d_in`.
    let inputWidth: Int
    /// `num_latents`, or if that is 0, `d_in` times `expansion_factor`.
    let latents: Int
    /// `k`: the number of latents kept, or with `groupmax` that of groups.
    let k: Int
    /// `activation`.
    let activation: LatentActivation
    /// `transcode`: the coder writes another place than it reads, and its input is not centred.
    let isTranscoder: Bool
    /// `skip_connection`: the output has a part that is linear in the input.
    let hasSkip: Bool

    /// Reads and checks the settings.
    init(file: String) throws(CoderError) {
        let fields = try SettingsFile(path: file)
        let activation = try fields.choice("activation", of: ["topk", "groupmax"], default: "topk")
        guard try !fields.boolean("signed", default: false) else {
            throw fields.fault("signed", found: "true", expected: "false; signed latents are not built")
        }
        inputWidth = try fields.integer("d_in", in: 1...CoderParameters.widest)
        let named = try fields.integer("num_latents", in: 0...Int(Int32.max), default: 0)
        if named == 0 {
            let factor = try fields.integer("expansion_factor", in: 1...Int(Int32.max), default: 32)
            let (product, overflows) = inputWidth.multipliedReportingOverflow(by: factor)
            guard !overflows, product <= Int(Int32.max) else {
                throw fields.fault("expansion_factor", found: "\(factor)", expected: "fewer than 2³¹ latents")
            }
            latents = product
        } else {
            latents = named
        }
        k = try fields.integer("k", in: 1...SparseCodes.mostActive(latents: latents))
        if activation == "groupmax" {
            guard latents % k == 0 else {
                throw fields.fault("k", found: "\(k)", expected: "a divisor of \(latents), the number of latents")
            }
            self.activation = .groupMax(groups: k)
        } else {
            self.activation = .topK(k)
        }
        isTranscoder = try fields.boolean("transcode", default: false)
        hasSkip = try fields.boolean("skip_connection", default: false)
    }
}
