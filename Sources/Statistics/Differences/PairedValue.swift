package import Elements

/// One latent's values by two nodes that are compared.
package struct PairedValue: Sendable, Hashable {
    /// The value by the first node.
    package let a: Double
    /// The value by the second node.
    package let b: Double
    /// `[ScoreReplicates.count]`: what each resample of documents adds to `a - b`; `nil` if it is not known.
    let deviations: [Double]?

    /// Pairs two values.
    ///
    /// - Parameter replicates: The two scores' values on documents that were resampled alike, and the values of these scores,
    ///   which may rest on more windows than `a` and `b` do; `nil` if they are not known.
    package init(
        a: Double, b: Double,
        replicates: (a: ScoreReplicates, ofA: Double, b: ScoreReplicates, ofB: Double)? = nil
    ) {
        self.a = a
        self.b = b
        deviations = replicates.map { replicates in
            zip(
                replicates.a.deviations(from: replicates.ofA), replicates.b.deviations(from: replicates.ofB)
            ).map { $0 - $1 }
        }
    }

    /// The first value less the second.
    package var difference: Double { a - b }
}

extension ScoreReplicates {
    /// `[count]`: what each resample adds to a value; nothing where a resample has none.
    func deviations(from value: Double) -> [Double] { values.map { ($0 ?? value) - value } }
}
