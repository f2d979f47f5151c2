public import Hashing

/// A window as it was put before a model or an algorithm.
public struct ShownWindow: Sendable, Hashable, Codable {
    /// The token ids.
    public let tokens: [UInt32]
    /// `[tokens]`: the strength or the mark shown at each token; empty if none was shown.
    public let levels: [UInt8]

    /// Makes a shown window.
    public init(tokens: [UInt32], levels: [UInt8] = []) {
        self.tokens = tokens
        self.levels = levels
    }
}

/// Everything that decides the outcome of a job, and so its name.
public struct JobRecipe: Sendable, Hashable, Codable {
    /// What is done, such as `explain/lexical` or `score/detection`.
    public var work: String
    /// The id of the node in the topology.
    public var node: String
    /// The coder.
    public var coder: CoderIdentity
    /// The latent.
    public var latent: Int
    /// The windows shown, in the order shown.
    public var windows: [ShownWindow]
    /// The version of the prompt or of the algorithm.
    public var promptVersion: String
    /// The digest of the model asked; `nil` if none is.
    public var model: Hash128?
    /// The settings that change the outcome, by name.
    public var settings: [String: String]
    /// The seed of every random choice.
    public var seed: UInt64

    /// Makes a recipe.
    public init(
        work: String, node: String, coder: CoderIdentity, latent: Int, windows: [ShownWindow],
        promptVersion: String, model: Hash128?, settings: [String: String], seed: UInt64
    ) {
        self.work = work
        self.node = node
        self.coder = coder
        self.latent = latent
        self.windows = windows
        self.promptVersion = promptVersion
        self.model = model
        self.settings = settings
        self.seed = seed
    }

    /// The job's name: SipHash-128 under the fixed key (0, `jobs`) of the fields in this order.
    ///
    /// Texts: 64-bit length and UTF-8 bytes; integers: eight bytes; all little-endian.
    /// 1. work, node; 2. the coder's name, hookpoint, latents, digest (high, low); 3. latent;
    /// 4. the number of windows, and per window the number of tokens, the tokens (four bytes each), the number of
    /// levels, the levels (one byte each); 5. prompt version; 6. 1, high, low of the model's digest, or 0;
    /// 7. the number of settings, and each name and value in ascending order of the names' UTF-8 bytes; 8. seed.
    public var id: JobID {
        var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x6a6f_6273), wide: true)
        hasher.update(text: work)
        hasher.update(text: node)
        hasher.update(text: coder.name)
        hasher.update(text: coder.hookpoint)
        hasher.update(Int64(coder.latents))
        hasher.update(coder.digest.high)
        hasher.update(coder.digest.low)
        hasher.update(Int64(latent))
        hasher.update(UInt64(windows.count))
        for window in windows {
            hasher.update(UInt64(window.tokens.count))
            for token in window.tokens { hasher.update(token) }
            hasher.update(UInt64(window.levels.count))
            hasher.update(window.levels)
        }
        hasher.update(text: promptVersion)
        if let model {
            hasher.update(UInt64(1))
            hasher.update(model.high)
            hasher.update(model.low)
        } else {
            hasher.update(UInt64(0))
        }
        hasher.update(UInt64(settings.count))
        for (name, value) in settings.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            hasher.update(text: name)
            hasher.update(text: value)
        }
        hasher.update(seed)
        return hasher.finalize128()
    }
}
