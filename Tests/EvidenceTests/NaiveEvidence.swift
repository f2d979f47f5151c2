import Elements
import Evidence
import Hashing

/// The naive twin of a reservoir: keeps every occurrence and sorts.
struct NaiveEvidence {
    private struct Occurrence {
        let window: Window
        let isTest: Bool
        let day: Int64
        let document: UInt32
        /// By latent, one activation for each token.
        let firing: [Int: [Float]]
    }

    private let settings: ReservoirSettings
    private let latents: Int
    private var occurrences: [Occurrence] = []
    private var latestDay = Int64.min / 2
    private var counts: [LatentStatistics]
    private var units: [(sum: UInt128, squares: UInt128)]
    private(set) var totals = StreamTotals()
    private var positions = [UInt64](repeating: 0, count: PositionBins.count)
    private var sources: [String: (tokens: UInt64, contexts: UInt64)] = [:]
    private var firedAt: [[UInt64]]
    private var firedIn: [[String: UInt64]]

    init(_ contexts: [CodedContext], settings: ReservoirSettings, latents: Int) {
        self.settings = settings
        self.latents = latents
        counts = Array(repeating: EvidenceContent.noCounts, count: latents)
        units = Array(repeating: (0, 0), count: latents)
        firedAt = Array(repeating: positions, count: latents)
        firedIn = Array(repeating: [:], count: latents)
        for context in contexts {
            add(context)
            addBreakdown(context)
        }
    }

    private mutating func add(_ coded: CodedContext) {
        let hashing = WindowHashing(seed: settings.seed)
        let tokens = coded.context.tokens
        let day = Int64((Double(coded.context.timestamp) / 86_400_000).rounded(.down))
        latestDay = max(latestDay, day)
        totals.contexts += 1
        totals.tokens += UInt64(tokens.count)
        for start in stride(from: 0, to: tokens.count, by: settings.window) {
            let range = start..<min(start + settings.window, tokens.count)
            totals.windows += 1
            var firing: [Int: [Float]] = [:]
            for (position, row) in coded.rows[range].enumerated() {
                for pair in row {
                    count(pair.activation, of: Int(pair.latent))
                    firing[Int(pair.latent), default: Array(repeating: 0, count: range.count)][position] =
                        Self.rounded(pair.activation)
                }
            }
            for latent in firing.keys { counts[latent].windowsFired += 1 }
            if Double(range.count) < Double(settings.window) / 2 {
                totals.shortWindows += 1
                continue
            }
            let identity = hashing.identity(of: tokens[range])
            let window = Window(
                tokens: Array(tokens[range]), identity: identity, priority: hashing.priority(of: identity))
            occurrences.append(
                Occurrence(
                    window: window, isTest: hashing.isTest(document: coded.context.document), day: day,
                    document: UInt32(truncatingIfNeeded: coded.context.document.low), firing: firing))
        }
    }

    private mutating func addBreakdown(_ coded: CodedContext) {
        let source = coded.context.source ?? ""
        sources[source, default: (0, 0)].contexts += 1
        for (position, row) in coded.rows.enumerated() {
            let bin = (0..<PositionBins.count).first { PositionBins.length(through: $0).map { position < $0 } ?? true }
            sources[source]?.tokens += 1
            positions[bin ?? 0] += 1
            for pair in row {
                firedAt[Int(pair.latent)][bin ?? 0] += 1
                firedIn[Int(pair.latent)][source, default: 0] += 1
            }
        }
    }

    /// The sources whose names hash lowest, by name.
    private var toldApart: [String] {
        let ranked = sources.keys.map { name in
            var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: false)
            hasher.update(text: name)
            return (hasher.finalize64(), name)
        }
        return ranked.sorted { $0 < $1 }.prefix(8).map(\.1).sorted()
    }

    var breakdown: StreamBreakdown {
        StreamBreakdown(
            tokensByPosition: positions,
            sources: toldApart.map {
                SourceTotals(name: $0, tokens: sources[$0]?.tokens ?? 0, contexts: sources[$0]?.contexts ?? 0)
            })
    }

    func breakdown(of latent: Int) -> FiringBreakdown {
        FiringBreakdown(byPosition: firedAt[latent], bySource: toldApart.map { firedIn[latent][$0] ?? 0 })
    }

    private mutating func count(_ activation: Float, of latent: Int) {
        counts[latent].tokensFired += 1
        let unit = UInt128((Double(activation) * 65_536).rounded())
        units[latent].sum += unit
        units[latent].squares += unit * unit
        counts[latent].maximum = max(counts[latent].maximum, activation)
        var bin = 0
        while bin < 31, Double(activation) >= Self.power(bin - 15) { bin += 1 }
        counts[latent].histogram[bin] += 1
    }

    private static func power(_ exponent: Int) -> Double {
        exponent >= 0 ? Double(1 << exponent) : 1 / Double(1 << -exponent)
    }

    /// The nearest number of nine significant bits, ties to the even one.
    static func rounded(_ activation: Float) -> Float {
        let scale = Float(sign: .plus, exponent: activation.exponent - 8, significand: 1)
        return (activation / scale).rounded(.toNearestOrEven) * scale
    }

    /// The best occurrence of each window among some, as an example of a latent.
    private func examples(of latent: Int, _ isChosen: (Occurrence) -> Bool) -> [Example] {
        var best: [Hash128: Example] = [:]
        for occurrence in occurrences where isChosen(occurrence) {
            guard let activations = occurrence.firing[latent] else { continue }
            let old = best[occurrence.window.identity]
            let lowest = old.flatMap { $0.activations == activations ? $0.document : nil }
            let example = Example(
                window: occurrence.window, activations: activations,
                document: min(lowest ?? .max, occurrence.document))
            let replaces =
                old.map { old in
                    example.peak != old.peak
                        ? example.peak > old.peak
                        : example.activations == old.activations
                            || example.activations.lexicographicallyPrecedes(old.activations)
                } ?? true
            if replaces { best[occurrence.window.identity] = example }
        }
        return best.values.sorted {
            ($0.window.priority, $0.window.identity) < ($1.window.priority, $1.window.identity)
        }
    }

    func evidence(of latent: Int) -> LatentEvidence {
        let train = examples(of: latent) { !$0.isTest }
        let test = examples(of: latent) { $0.isTest }
        let top = train.sorted {
            $0.peak == $1.peak
                ? ($0.window.priority, $0.window.identity) < ($1.window.priority, $1.window.identity)
                : $0.peak > $1.peak
        }
        // Of a window that is recent on both days the better one is handed out.
        var recent: [Hash128: Example] = [:]
        for day in [latestDay, latestDay - 1] where !occurrences.isEmpty {
            for example in examples(of: latent, { $0.isTest && $0.day == day }).prefix(settings.recent) {
                guard let old = recent[example.window.identity] else {
                    recent[example.window.identity] = example
                    continue
                }
                let isBetter =
                    example.peak != old.peak
                    ? example.peak > old.peak : example.activations.lexicographicallyPrecedes(old.activations)
                let isSame = example.activations == old.activations
                if isBetter || isSame && (example.document ?? .max) < (old.document ?? .max) {
                    recent[example.window.identity] = example
                }
            }
        }
        var statistics = counts[latent]
        statistics.sum = Double(units[latent].sum) / 65_536
        statistics.sumOfSquares = Double(units[latent].squares) / 65_536 / 65_536
        return LatentEvidence(
            latent: latent, statistics: statistics, train: Array(train.prefix(settings.sample / 2)),
            top: Array(top.prefix(settings.top)), test: Array(test.prefix(settings.sample / 2)),
            recent: recent.values.sorted {
                ($0.window.priority, $0.window.identity) < ($1.window.priority, $1.window.identity)
            })
    }

    var pool: [PoolWindow] {
        var windows: [Hash128: (Window, Set<Int>, isTrain: Bool, isTest: Bool, document: UInt32)] = [:]
        for occurrence in occurrences {
            let old = windows[occurrence.window.identity] ?? (occurrence.window, [], false, false, .max)
            windows[occurrence.window.identity] = (
                old.0, old.1.union(occurrence.firing.keys), old.isTrain || !occurrence.isTest,
                old.isTest || occurrence.isTest, min(old.document, occurrence.document)
            )
        }
        let all = windows.values.map {
            PoolWindow(
                window: $0.0, latents: $0.1.sorted().map { Int32($0) }, isTrain: $0.isTrain, isTest: $0.isTest,
                document: $0.document)
        }
        return Array(
            all.sorted { ($0.window.priority, $0.window.identity) < ($1.window.priority, $1.window.identity) }
                .prefix(settings.pool))
    }
}
