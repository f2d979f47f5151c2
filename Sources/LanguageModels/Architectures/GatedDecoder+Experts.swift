internal import WeightFiles

/// Which blocks of a model have experts, and how these are stored.
enum ExpertTensors {
    /// None has.
    case none
    /// Some blocks: in Hugging Face folders three tensors for each expert, in GGUF files three for all of a block.
    case separate(blocks: Set<Int>)
    /// All blocks, with biases: in Hugging Face folders the gate's rows and those that it multiplies in turn, all experts of a block
    /// in one tensor; in GGUF files as above.
    case joined
}

extension GatedDecoder {
    /// The experts of a block, if it has some.
    func expertLayers(block: Int) throws(ModelError) -> StoredFeedForward? {
        guard let settings = configuration.experts else { return nil }
        switch experts {
        case .none: return nil
        case .separate(let blocks):
            return blocks.contains(block) ? try separateExperts(settings, block: block) : nil
        case .joined:
            return files.format == .gguf
                ? try separateExperts(settings, block: block, hasBiases: true)
                : try joinedExperts(settings, block: block)
        }
    }

    private func separateExperts(
        _ settings: ExpertSettings, block: Int, hasBiases: Bool = false
    ) throws(ModelError) -> StoredFeedForward {
        let (width, hidden) = (configuration.width, settings.width)
        let router = try tensor(.router, block: block, [settings.count, width])
        let gates = try expertTensors(.gates, settings.count, block: block, [hidden, width])
        let ups = try expertTensors(.ups, settings.count, block: block, [hidden, width])
        let downs = try expertTensors(.downs, settings.count, block: block, [width, hidden])
        var layers = zip(zip(gates, ups), downs).map { pair, down in
            (gateAndUp: StoredMatrix([.init(tensor: pair.0), .init(tensor: pair.1)]), down: StoredMatrix(down))
        }[...]
        guard hasBiases else {
            return .experts(
                layers.map {
                    StoredFeedForwardLayer(
                        gateAndUp: StoredLinear(weight: $0.gateAndUp, bias: nil),
                        down: StoredLinear(weight: $0.down, bias: nil))
                }, router: StoredLinear(weight: StoredMatrix(router), bias: nil))
        }
        let routerBias = try tensor(.router, "bias", block: block, [settings.count])
        let gateBiases = try parts(of: tensor(.gates, "bias", block: block, [settings.count, hidden]))
        let upBiases = try parts(of: tensor(.ups, "bias", block: block, [settings.count, hidden]))
        let downBiases = try parts(of: tensor(.downs, "bias", block: block, [settings.count, width]))
        let biases = zip(zip(gateBiases, upBiases), downBiases)
        let experts = biases.compactMap { pair, down -> StoredFeedForwardLayer? in
            guard let layer = layers.popFirst() else { return nil }
            return StoredFeedForwardLayer(
                gateAndUp: StoredLinear(
                    weight: layer.gateAndUp, bias: StoredVector([.init(tensor: pair.0), .init(tensor: pair.1)])),
                down: StoredLinear(weight: layer.down, bias: StoredVector(down)))
        }
        return .experts(experts, router: StoredLinear(weight: StoredMatrix(router), bias: StoredVector(routerBias)))
    }

    private func expertTensors(
        _ name: GatedDecoderTensor, _ count: Int, block: Int, _ shape: [Int]
    ) throws(ModelError) -> [Tensor] {
        guard files.format == .huggingFace else {
            return try parts(of: tensor(name, block: block, [count] + shape))
        }
        var tensors: [Tensor] = []
        let parts = name.huggingFace(hasPostNorms: hasPostNorms).split(separator: ".")
        for index in 0..<count {
            let full = "\(Self.prefix(files))layers.\(block).mlp.experts.\(index).\(parts.last ?? "").weight"
            tensors.append(try files.tensor(full, shape: shape))
        }
        return tensors
    }

    /// The tensors of all experts in one.
    private func parts(of tensor: Tensor) -> [Tensor] { (0..<tensor.shape[0]).compactMap(tensor.part) }

    /// The experts of gpt-oss, in 16 bits as matrices to multiply by from the right, or in blocks of floats of four bits.
    private func joinedExperts(_ settings: ExpertSettings, block: Int) throws(ModelError) -> StoredFeedForward {
        let prefix = "\(Self.prefix(files))layers.\(block).mlp."
        let (width, hidden, count) = (configuration.width, settings.width, settings.count)
        let router = StoredLinear(
            weight: StoredMatrix(try files.tensor(prefix + "router.weight", shape: [count, width])),
            bias: StoredVector(try files.tensor(prefix + "router.bias", shape: [count])))
        let first = try joinedParts(
            prefix + "experts.gate_up_proj", count, rows: 2 * hidden, columns: width, isPaired: true)
        let second = try joinedParts(
            prefix + "experts.down_proj", count, rows: width, columns: hidden, isPaired: false)
        let biases = parts(of: try files.tensor(prefix + "experts.gate_up_proj_bias", shape: [count, 2 * hidden]))
        let downBiases = parts(of: try files.tensor(prefix + "experts.down_proj_bias", shape: [count, width]))
        let weights = zip(first, second)
        return .experts(
            zip(weights, zip(biases, downBiases)).map { weights, biases in
                let order = RowOrder.pairs(headWidth: 2 * hidden)
                return StoredFeedForwardLayer(
                    gateAndUp: StoredLinear(
                        weight: StoredMatrix([weights.0]),
                        bias: StoredVector([.init(tensor: biases.0, order: order)])),
                    down: StoredLinear(weight: StoredMatrix([weights.1]), bias: StoredVector(biases.1)))
            }, router: router)
    }

    private func joinedParts(
        _ name: String, _ count: Int, rows: Int, columns: Int, isPaired: Bool
    ) throws(ModelError) -> [StoredMatrix.Part] {
        guard files.tensors[name + "_blocks"] != nil else {
            return try parts(of: files.tensor(name, shape: [count, columns, rows])).map {
                .init(tensor: $0, order: isPaired ? .transposedPairs : .transposed)
            }
        }
        let blocks = columns / MicroFloat.valuesPerBlock
        let bytes = try files.tensor(name + "_blocks", shape: [count, rows, blocks, 16])
        let exponents = try files.tensor(name + "_scales", shape: [count, rows, blocks])
        for tensor in [bytes, exponents] where tensor.type != .u8 {
            throw files.failure(tensor.name, found: tensor.type.rawValue, expected: "bytes")
        }
        guard columns % MicroFloat.valuesPerBlock == 0 else {
            throw .unsupported(feature: "a row of \(columns) values in blocks of 32", file: files.settingsFile)
        }
        return zip(parts(of: bytes), parts(of: exponents)).map { bytes, exponents in
            .init(
                tensor: bytes, order: isPaired ? .pairs(headWidth: rows) : .asUsed, exponents: exponents)
        }
    }
}
