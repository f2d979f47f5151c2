package import Elements

extension ScoreReplicates {
    /// The mean of some values on resampled documents; `nil` if a document is not known.
    ///
    /// Both lists are `[values]`.
    package init?(documents: [UInt32?], values: [Double]) {
        var weights = DocumentWeights()
        var sums = [(value: Double, weight: Double)](repeating: (0, 0), count: ScoreReplicates.count)
        for (document, value) in zip(documents, values) {
            guard let document else { return nil }
            for (replicate, weight) in weights.weights(of: document).enumerated() {
                sums[replicate].value += Double(weight) * value
                sums[replicate].weight += Double(weight)
            }
        }
        self.init(parts: [sums.map { $0.weight > 0 ? $0.value / $0.weight : nil }])
    }

    /// The mean of values each of which belongs to several documents, on resampled documents; `nil` without values, or
    /// if a document is not known.
    ///
    /// A value would weigh the product of its documents' weights; of that the part is taken that is linear in what each
    /// weight exceeds 1 by. Two values then vary together by as much as they share documents, whichever place these have in
    /// them, and one that has five does not vary 31 times as much as one that has one. No replicate is without a value.
    /// Sources: A. B. Owen and D. Eckles, "Bootstrapping data arrays of arbitrary order" (2012), for products of weights;
    /// A. C. Cameron, J. B. Gelbach and D. L. Miller (2011) for the covariances that should be counted.
    package init?(documents: [[UInt32?]], values: [Double]) {
        let count = Double(min(documents.count, values.count))
        guard count > 0 else { return nil }
        let mean = values.prefix(documents.count).reduce(0, +) / count
        var weights = DocumentWeights()
        var replicates = [Double](repeating: mean, count: ScoreReplicates.count)
        for (documents, value) in zip(documents, values) {
            let known = Set(documents.compactMap(\.self))
            guard !documents.contains(nil) else { return nil }
            // In the order of the documents: the same values give the same bits in every process.
            for document in known.sorted() {
                for (replicate, weight) in weights.weights(of: document).enumerated() {
                    replicates[replicate] += (Double(weight) - 1) * (value - mean) / count
                }
            }
        }
        self.init(parts: [replicates])
    }
}
