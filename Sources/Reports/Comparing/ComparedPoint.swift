package import Elements

/// One latent's scores by two nodes.
package struct ComparedPoint: Sendable, Hashable {
    /// The coder.
    package let coder: String
    /// The latent.
    package let latent: Int
    /// The score by the first node.
    package let a: Side
    /// The score by the second.
    package let b: Side

    /// One of the two scores.
    package struct Side: Sendable, Hashable {
        /// The value, on the windows that both were asked about where they are known.
        package let value: Double
        /// The explanation that was scored.
        package let text: String
        /// The job of the score.
        package let job: JobID
    }

    init(_ compared: ComparedScores) {
        coder = compared.a.coder.name
        latent = compared.a.latent
        a = Side(value: compared.valueOfA, text: compared.a.text, job: compared.a.job)
        b = Side(value: compared.valueOfB, text: compared.b.text, job: compared.b.job)
    }

    /// How far the two lie apart.
    package var distance: Double { abs(a.value - b.value) }
}
