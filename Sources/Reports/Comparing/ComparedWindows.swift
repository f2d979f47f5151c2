import Elements
import Interchange
import Statistics

/// On which windows two scores of a latent are compared.
enum WindowBasis: String, CaseIterable {
    /// Both were asked about the same windows.
    case same
    /// About some windows only one was asked: both values are those of the windows that both were asked about.
    case common
    /// Both were scored on one checkpoint's evidence by one rule, and no window in which the latent fires was left out for either.
    case evidence
    /// Nothing more is known than that the latent is the same.
    case latent
}

/// Two scores of a latent as they are compared.
struct ComparedScores {
    let a: Score
    let b: Score
    let valueOfA: Double
    let valueOfB: Double
    let basis: WindowBasis

    /// The values by latent, with what resampled documents make of them.
    var paired: PairedValue {
        guard let ofA = a.replicates, let ofB = b.replicates, let headlineOfA = a.headline,
            let headlineOfB = b.headline
        else { return PairedValue(a: valueOfA, b: valueOfB) }
        return PairedValue(
            a: valueOfA, b: valueOfB,
            replicates: (a: ofA, ofA: headlineOfA.value, b: ofB, ofB: headlineOfB.value))
    }
}

extension ComparedPair {
    /// The scores of the latents that both have scored, by latent; of one explanation if both scored those of one node.
    var latents: [(a: Score, b: Score)] {
        places.map { (a.scores[$0.a], b.scores[$0.b]) }
    }

    /// By latent, where the scores are that `latents` gives.
    private var places: [(a: Int, b: Int)] {
        let others = b.placesByLatent
        return a.scores.indices.compactMap { own -> (latent: Int, a: Int, b: Int)? in
            let latent = a.scores[own].latent
            guard let other = others[latent],
                !isOfSameExplanations || b.scores[other].explanation == a.scores[own].explanation
            else { return nil }
            return (latent, own, other)
        }.sorted { $0 < $1 }.map { ($0.a, $0.b) }
    }

    /// Whether there are two latents to compare.
    var hasTwoLatents: Bool { places.count > 1 }

    /// The latents' scores on the windows that both were asked about, as far as is known.
    ///
    /// - Parameter verdicts: What a judge said in a job; `nil` if it was not kept.
    func compared(verdicts: (JobID) throws -> KeptVerdicts?) rethrows -> [ComparedScores] {
        try latents.map { own, other in
            let headlines = (own.headline?.value ?? 0, other.headline?.value ?? 0)
            func compared(_ basis: WindowBasis) -> ComparedScores {
                ComparedScores(a: own, b: other, valueOfA: headlines.0, valueOfB: headlines.1, basis: basis)
            }
            guard own.method == other.method, own.sequential == nil, other.sequential == nil else {
                return compared(.latent)
            }
            if let ofA = try verdicts(own.job), let ofB = try verdicts(other.job),
                let values = CommonVerdicts(ofA, ofB).values(of: headlines)
            {
                return ComparedScores(
                    a: own, b: other, valueOfA: values.a, valueOfB: values.b, basis: values.areAll ? .same : .common)
            }
            return compared(areOfOneEvidence(own, other) ? .evidence : .latent)
        }
    }

    /// Whether nothing is known by which the windows of two scores would differ, but for silent ones.
    private func areOfOneEvidence(_ own: Score, _ other: Score) -> Bool {
        guard let round = own.round, round.epoch == other.round?.epoch, own.judged == other.judged,
            own.failed == 0, other.failed == 0
        else { return false }
        if own.explanation == other.explanation { return !differences.keys.contains("seed") }
        let dropped = "share_dropped_by_overlap"
        return own.node == other.node && own.details[dropped]?.value == 0 && other.details[dropped]?.value == 0
    }
}

/// The verdicts of two jobs on the windows that both were asked about.
struct CommonVerdicts {
    private struct Key: Hashable {
        let tokens: [UInt32]
        let marked: [Bool]
        let isPositive: Bool
    }

    private let all: (a: [KeptVerdicts.Example], b: [KeptVerdicts.Example])
    /// Of windows that both have a verdict on, in the order of the first job.
    private let common: (a: [KeptVerdicts.Example], b: [KeptVerdicts.Example])

    init(_ a: KeptVerdicts, _ b: KeptVerdicts) {
        func answered(_ verdicts: KeptVerdicts) -> [KeptVerdicts.Example] {
            verdicts.examples.filter { $0.isYes != nil }
        }
        all = (answered(a), answered(b))
        let others = Dictionary(all.b.map { (Self.key($0), $0) }) { first, _ in first }
        let pairs = all.a.compactMap { own in others[Self.key(own)].map { (own, $0) } }
        common = (pairs.map(\.0), pairs.map(\.1))
    }

    private static func key(_ example: KeptVerdicts.Example) -> Key {
        Key(tokens: example.tokens, marked: example.marked, isPositive: example.isPositive)
    }

    /// The two headlines on the common windows, and whether these are all; `nil` if a class has none in common or the headlines are
    /// no figure of the verdicts alone.
    ///
    /// Which figure a headline is follows from what it comes to over all of its verdicts: a judge's yes and no, or the ranks of its
    /// probabilities.
    func values(of headlines: (Double, Double)) -> (a: Double, b: Double, areAll: Bool)? {
        let areAll = common.a.count == all.a.count && common.b.count == all.b.count
        for figure in [Self.balancedAccuracy, Self.area] {
            guard let wholeA = figure(all.a), let wholeB = figure(all.b), abs(wholeA - headlines.0) < 1e-6,
                abs(wholeB - headlines.1) < 1e-6
            else { continue }
            if areAll { return (headlines.0, headlines.1, true) }
            guard let a = figure(common.a), let b = figure(common.b) else { return nil }
            return (a, b, false)
        }
        return nil
    }

    private static func balancedAccuracy(_ examples: [KeptVerdicts.Example]) -> Double? {
        var table = ConfusionTable()
        for example in examples { table.count(isPositive: example.isPositive, verdict: example.isYes == true) }
        return BalancedAccuracy.value(of: table)
    }

    private static func area(_ examples: [KeptVerdicts.Example]) -> Double? {
        let probabilities = examples.compactMap(\.probability)
        guard probabilities.count == examples.count else { return nil }
        return RankCurve(scores: probabilities.map(Double.init), isPositive: examples.map(\.isPositive)).area()
    }
}
