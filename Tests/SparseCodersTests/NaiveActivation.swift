/// The definitions of activations, one latent after the other.
enum NaiveActivation {
    /// Positive, and above the latent's threshold where there are thresholds.
    static func threshold<Number: BinaryFloatingPoint>(_ values: [Number], _ thresholds: [Number]?) -> [Int: Number] {
        var active: [Int: Number] = [:]
        for (latent, value) in values.enumerated() where value > 0 && value > (thresholds?[latent] ?? 0) {
            active[latent] = value
        }
        return active
    }

    /// Positive magnitudes whose gate is positive.
    static func gated<Number: BinaryFloatingPoint>(gates: [Number], magnitudes: [Number]) -> [Int: Number] {
        var active: [Int: Number] = [:]
        for latent in gates.indices where gates[latent] > 0 && magnitudes[latent] > 0 {
            active[latent] = magnitudes[latent]
        }
        return active
    }

    /// The first of the largest of each group, where it is positive.
    static func groupMax<Number: BinaryFloatingPoint>(_ values: [Number], groups: Int) -> [Int: Number] {
        var active: [Int: Number] = [:]
        let size = values.count / groups
        for group in 0..<groups {
            var best = group * size
            for latent in group * size..<(group + 1) * size where values[latent] > values[best] { best = latent }
            if values[best] > 0 { active[best] = values[best] }
        }
        return active
    }

    /// The largest, where they are positive; of equal ones the first.
    static func topK<Number: BinaryFloatingPoint>(_ values: [Number], k: Int) -> [Int: Number] {
        let kept = values.indices.sorted { (-values[$0], $0) < (-values[$1], $1) }.prefix(k)
        return Dictionary(uniqueKeysWithValues: kept.filter { values[$0] > 0 }.map { ($0, values[$0]) })
    }
}
