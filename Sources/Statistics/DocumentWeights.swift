package import Elements

/// How often each document is drawn in each replicate: Poisson of mean 1, from the document's mark alone, so that all
/// scores resample the same documents together.
///
/// Source: N. Chamandy, O. Muralidharan, A. Najmi and S. Naidu, "Estimating uncertainty for massive data streams" (2012).
package struct DocumentWeights: Sendable {
    /// A count for each replicate.
    package typealias Counts = [UInt8]

    /// `P(X ≤ k) · 2^16` for k from 0 on.
    private static let cumulative: [UInt16] = [24_109, 48_219, 60_274, 64_292, 65_296, 65_497, 65_531, 65_535]

    private var known: [UInt32: Counts] = [:]

    /// Nothing has been drawn yet.
    package init() {}

    /// The weights of a document in each replicate.
    package mutating func weights(of document: UInt32) -> Counts {
        if let weights = known[document] { return weights }
        let weights = Self.draw(document)
        known[document] = weights
        return weights
    }

    package static func draw(_ document: UInt32) -> Counts {
        var generator = SeededGenerator(seed: UInt64(document) &* 0x9e37_79b9_7f4a_7c15 ^ 0x646f_6375_6d65_6e74)
        let cumulative = cumulative
        var result: Counts = []
        result.reserveCapacity(ScoreReplicates.count)
        while result.count < ScoreReplicates.count {
            var word = generator.next()
            for _ in 0..<4 where result.count < ScoreReplicates.count {
                let unit = UInt16(truncatingIfNeeded: word)
                word >>= 16
                var count = 0
                while count < cumulative.count, cumulative[count] <= unit { count += 1 }
                result.append(UInt8(count))
            }
        }
        return result
    }
}

/// The sum of weights in each replicate.
package struct ReplicateSums: Sendable {
    /// `[ScoreReplicates.count]`.
    package private(set) var values = [Int32](repeating: 0, count: ScoreReplicates.count)

    /// Sums of nothing.
    package init() {}

    /// Adds a weight for each replicate.
    ///
    /// It takes one type of list and no other: a generic function of another module is not specialised for its callers, and
    /// this is the inner loop of every interval over documents.
    package mutating func add(_ weights: ArraySlice<UInt8>) {
        weights.withUnsafeBufferPointer { weights in
            for index in 0..<min(values.count, weights.count) { values[index] &+= Int32(weights[index]) }
        }
    }

    package mutating func subtract(_ other: ReplicateSums) {
        for index in values.indices { values[index] &-= other.values[index] }
    }

    /// The share of another sum that this is; `nil` if that is 0.
    package func share(of other: ReplicateSums) -> [Double?] {
        zip(values, other.values).map { $1 > 0 ? Double($0) / Double($1) : nil }
    }
}

extension ScoreReplicates {
    /// The rates of right verdicts by class on resampled documents; `nil` if a document is not known.
    package init?(documents: [UInt32?], isPositive: [Bool], isYes: [Bool]) {
        var weights = DocumentWeights()
        var (found, positives) = (ReplicateSums(), ReplicateSums())
        var (passed, negatives) = (ReplicateSums(), ReplicateSums())
        for (document, (truth, verdict)) in zip(documents, zip(isPositive, isYes)) {
            guard let document else { return nil }
            let counts = weights.weights(of: document)
            if truth {
                positives.add(counts[...])
                if verdict { found.add(counts[...]) }
            } else {
                negatives.add(counts[...])
                if !verdict { passed.add(counts[...]) }
            }
        }
        self.init(parts: [found.share(of: positives), passed.share(of: negatives)])
    }

    /// The area under the ROC curve on resampled documents; `nil` if a document is not known.
    package init?(documents: [UInt32?], scores: [Double], isPositive: [Bool]) {
        let known = documents.compactMap(\.self)
        guard known.count == documents.count, known.count == scores.count else { return nil }
        var table = DocumentWeights()
        let weights = known.map { table.weights(of: $0) }
        let curve = RankCurve(scores: scores, isPositive: isPositive)
        self.init(parts: [
            (0..<ScoreReplicates.count).map { replicate in curve.area(weights: weights.map { Int($0[replicate]) }) }
        ])
    }
}
