import Elements
import Foundation

/// Counts latents by the length of the context and by source, one after the other by their numbers.
struct BreakdownCounting {
    /// Latents that never fired in some part of the stream, or seldom.
    struct Silence {
        var never = 0
        var atMost200 = 0

        mutating func count(_ fired: UInt64) {
            if fired == 0 { never += 1 }
            if fired <= 200 { atMost200 += 1 }
        }
    }

    /// The most latents that are named as differing.
    static let listed = 20

    /// The stream whose latents these are.
    let stream: StreamBreakdown
    /// `[bins]`: by what the first tokens of each context alone would have shown.
    private(set) var byPosition: [Silence]
    /// `[sources]`: by what one source alone would have shown.
    private(set) var bySource: [Silence]
    /// The latents that differ most between sources, most first.
    private(set) var differing: [ActivityBreakdown.Differing] = []
    /// `[sources]`: the tokens of each.
    private let sizes: [UInt64]
    private let tokens: UInt64

    /// Counts nobody yet; `nil` for a stream that is not counted by position and source.
    init?(_ stream: StreamBreakdown) {
        guard stream.tokens > 0 else { return nil }
        self.stream = stream
        sizes = stream.sources.map(\.tokens)
        tokens = sizes.reduce(0, &+)
        let bins = (stream.tokensByPosition.lastIndex { $0 > 0 } ?? 0) + 1
        byPosition = Array(repeating: Silence(), count: bins)
        bySource = Array(repeating: Silence(), count: stream.sources.count)
    }

    /// Counts a latent, whose number is above those of all before it.
    mutating func count(_ firing: FiringBreakdown, of latent: Int) {
        var sum: UInt64 = 0
        for bin in byPosition.indices {
            sum &+= bin < firing.byPosition.count ? firing.byPosition[bin] : 0
            byPosition[bin].count(sum)
        }
        for place in 0..<min(bySource.count, firing.bySource.count) { bySource[place].count(firing.bySource[place]) }
        list(latent, firing.bySource)
    }

    /// Lists a latent if it is among those that differ most so far.
    private mutating func list(_ latent: Int, _ fired: [UInt64]) {
        let all = fired.reduce(0, &+)
        guard sizes.count > 1, sizes.count == fired.count, all > 0, tokens > all else { return }
        let rate = Double(all) / Double(tokens)
        // One that comes later is listed only for a larger statistic.
        let least = differing.count < Self.listed ? 0 : differing.last?.statistic ?? 0
        guard bound(fired, rate) > least else { return }
        let statistic = statistic(fired, rate)
        guard statistic > least else { return }
        let rates = zip(fired, sizes).map { $1 > 0 ? Double($0) / Double($1) : 0 }
        if differing.count == Self.listed { differing.removeLast() }
        let place = differing.firstIndex { $0.statistic < statistic } ?? differing.endIndex
        differing.insert(.init(latent: latent, statistic: statistic, rates: rates), at: place)
    }

    // The G-test of firing against source: Sokal and Rohlf, "Biometry" (1981).
    private func statistic(_ fired: [UInt64], _ rate: Double) -> Double {
        var statistic = 0.0
        for (count, size) in zip(fired, sizes) where size > 0 {
            let (yes, of) = (Double(count), Double(size))
            if yes > 0 { statistic += 2 * yes * log(yes / (of * rate)) }
            if of > yes { statistic += 2 * (of - yes) * log((of - yes) / (of * (1 - rate))) }
        }
        return statistic
    }

    /// What the statistic is not above, without a logarithm: ln x is at most x - 1.
    private func bound(_ fired: [UInt64], _ rate: Double) -> Double {
        // More than what rounding makes of either.
        var bound = 1 + 1e-9 * Double(tokens)
        for (count, size) in zip(fired, sizes) where size > 0 {
            let (yes, of) = (Double(count), Double(size))
            if yes > 0 { bound += 2 * yes * (yes / (of * rate) - 1) }
            if of > yes { bound += 2 * (of - yes) * ((of - yes) / (of * (1 - rate)) - 1) }
        }
        return bound
    }
}
