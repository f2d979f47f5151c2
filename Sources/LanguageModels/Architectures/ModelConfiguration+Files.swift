internal import JSONText
internal import WeightFiles

extension ModelConfiguration {
    /// The largest size that a setting may have.
    private static let largest = 1 << 24

    /// Reads the sizes that all architectures have; all other settings are as in a Llama without positions.
    ///
    /// Throws if one is missing or cannot be right.
    init(
        _ files: ModelFiles, name: String, embedding: String, _ names: SizeSettings = SizeSettings()
    ) throws(ModelError) {
        let sizes = 1...Self.largest
        let width = try files.required(names.width, try files.integer(names.width, in: sizes))
        let heads = try files.required(names.heads, try files.integer(names.heads, in: sizes))
        let keyValueHeads = try files.integer(.keyValueHeads, in: sizes) ?? heads
        guard heads % keyValueHeads == 0 else {
            throw files.failure(
                files.name(of: .keyValueHeads), found: "\(keyValueHeads)", expected: "a divisor of \(heads)")
        }
        let headWidth = try files.integer(.headWidth, in: sizes) ?? width / heads
        guard headWidth > 0, headWidth % 2 == 0 else {
            throw files.failure(
                files.name(of: .headWidth), found: "\(headWidth)", expected: "an even number above 0")
        }
        let epsilon = try files.required(names.normEpsilon, try files.number(names.normEpsilon))
        guard epsilon > 0, epsilon < 1 else {
            throw files.failure(
                files.name(of: names.normEpsilon), found: "\(epsilon)", expected: "a number from 0 to 1")
        }
        guard let embedding = files.tensors[embedding] else {
            throw .missingTensor(name: embedding, file: files.path)
        }
        let given = try files.integer(names.feedForwardWidth, in: sizes)
        let feedForwardWidth = try files.required(
            names.feedForwardWidth, given ?? names.feedForwardMultiple.map { $0 * width })
        let vocabulary = embedding.shape.first ?? 0
        if case .huggingFace = files.settings,
            let tokens = try files.integer(.vocabulary, in: 0...Self.largest), tokens != vocabulary
        {
            throw files.failure(
                files.name(of: .vocabulary), found: "\(tokens)",
                expected: "\(vocabulary), the rows of \(embedding.name)")
        }
        for product in [heads * headWidth, vocabulary, feedForwardWidth] where product > Self.largest {
            throw .unsupported(feature: "a matrix of \(product) rows", file: files.settingsFile)
        }
        self.init(
            architecture: name, width: width,
            blocks: try files.required(names.blocks, try files.integer(names.blocks, in: sizes)), heads: heads,
            keyValueHeads: keyValueHeads, headWidth: headWidth, feedForwardWidth: feedForwardWidth,
            vocabulary: vocabulary,
            maximumContext: try files.required(
                names.maximumContext, try files.integer(names.maximumContext, in: sizes)),
            normEpsilon: Float(epsilon), attentionScale: 1 / Float(headWidth).squareRoot())
    }
}

extension ModelFiles {
    /// The activation function of a Hugging Face folder, or `otherwise`; throws if it is not implemented.
    func activation(_ keys: [String], otherwise: Activation) throws(ModelError) -> Activation {
        guard case .huggingFace(let configuration, _) = settings else { return otherwise }
        for key in keys {
            switch configuration[key] {
            case .none, .some(.null): continue
            case .some(.string("silu")), .some(.string("swish")): return .silu
            case .some(.string("gelu")): return .gelu
            case .some(.string("gelu_new")), .some(.string("gelu_fast")), .some(.string("gelu_pytorch_tanh")):
                return .geluTanh
            case .some(.string(let function)):
                throw .unsupported(feature: "the activation function \(function)", file: settingsFile)
            case .some(let other): throw failure(key, found: other.text, expected: "the name of a function")
            }
        }
        return otherwise
    }

    /// Whether a truth value of a Hugging Face folder is set; `false` for GGUF files.
    func isSet(_ key: String) throws(ModelError) -> Bool { try flag(key) ?? false }

    /// A truth value of a Hugging Face folder; `nil` if it is absent, and for GGUF files.
    func flag(_ key: String) throws(ModelError) -> Bool? {
        guard case .huggingFace(let configuration, _) = settings else { return nil }
        switch configuration[key] {
        case .none, .some(.null): return nil
        case .some(.boolean(let value)): return value
        case .some(let other): throw failure(key, found: other.text, expected: "true or false")
        }
    }

    /// A number above 0, if there is one.
    func positive(_ setting: SettingName) throws(ModelError) -> Float? {
        guard let value = try number(setting) else { return nil }
        guard value > 0, Float(value).isFinite, Float(value) > 0 else {
            throw failure(name(of: setting), found: "\(value)", expected: "a finite number above 0")
        }
        return Float(value)
    }
}
