internal import WeightFiles

extension StoredWeights {
    /// The names of all tensors that the weights are made of.
    var tensorNames: Set<String> {
        var names: Set = [embedding.name]
        func add(_ parts: [StoredMatrix.Part]?) {
            for part in parts ?? [] {
                names.insert(part.tensor.name)
                if let exponents = part.exponents { names.insert(exponents.name) }
            }
        }
        func add(_ norm: StoredNorm?) {
            add(norm?.weight.parts)
            add(norm?.bias?.parts)
        }
        func add(_ layer: StoredLinear) {
            add(layer.weight.parts)
            add(layer.bias?.parts)
        }
        if let positions { names.insert(positions.name) }
        add(finalNorm)
        add(head.parts)
        for block in blocks {
            for layer in [block.queryKeyValue, block.attentionOutput] + block.feedForward.layers { add(layer) }
            for norm in [
                block.attentionNorm, block.postAttentionNorm, block.feedForwardNorm, block.postFeedForwardNorm,
            ] { add(norm) }
            add(block.queryNorm?.parts)
            add(block.keyNorm?.parts)
            add(block.sinks?.parts)
        }
        return names
    }
}
