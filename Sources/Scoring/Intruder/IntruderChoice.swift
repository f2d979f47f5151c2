import Elements
import Examples
import Hashing

/// Chooses trials of intruder detection.
///
/// The windows of a trial that belong together are of one block of rank, and no window is in two trials, so that trials are
/// independent. The intruder bears the marks of one more window of the block, at the same places: the marks of a trial
/// are those of windows of one block, and tell nothing of which one does not belong. The intruder's place runs through all
/// places in rounds, each in an order of its own, so that over all trials of a node the same answer is right in one out of
/// the number of places, however many trials a latent has.
struct IntruderChoice {
    let latent: Int
    let seed: UInt64
    let settings: IntruderSettings
    let tokenDecoder: any TokenDecoder

    private var size: Int { max(settings.windows, 2) }

    /// At most as many trials as the settings say; `isSilent` has silent windows stand in place of all others.
    func trials(from heldOut: HeldOutSet, isSilent: Bool) -> [IntruderTrial] {
        let blocks = RankBlocks(
            of: heldOut.positives, count: min(settings.quantiles, max(heldOut.positives.count / size, 1)))
        var queues = blocks.ordered(latent: latent, seed: seed).map { block in
            block.filter { MarkedTokens.marks(of: $0).contains(true) }
        }
        var free = SilentWindows(heldOut.negatives, latent: latent, seed: seed, tokenDecoder: tokenDecoder)
        var trials: [IntruderTrial] = []
        var isLeft = true
        while isLeft, trials.count < settings.trials {
            isLeft = false
            for block in queues.indices where trials.count < settings.trials && queues[block].count >= size {
                // The last lends its marks only, and stays for another trial.
                let others = Array(queues[block].prefix(size - 1))
                let lender = queues[block][size - 1]
                queues[block].removeFirst(size - 1)
                isLeft = true
                guard let trial = trial(others, lender, block: block, isSilent: isSilent, from: &free) else { continue }
                trials.append(trial)
            }
        }
        return placed(trials)
    }

    /// The trials of recent windows that the uniform sample does not hold, and which of those there are are all of recent ones.
    func fresh(from heldOut: HeldOutSet, besides trials: [IntruderTrial]) -> IntruderPlan.FreshTrials? {
        let recent = Set(heldOut.recent.map(\.window.identity))
        let isRecent = trials.map { trial in
            trial.windows.enumerated().allSatisfy {
                $0.offset == trial.intruder || recent.contains($0.element.identity)
            }
        }
        let sampled = Set(heldOut.positives.map(\.window.identity))
        let used = Set(trials.flatMap(\.windows).map(\.identity))
        let rest = HeldOutSet(
            positives: heldOut.recent.filter { !sampled.contains($0.window.identity) },
            negatives: heldOut.negatives.filter { !used.contains($0.window.identity) })
        var fewer = settings
        fewer.trials = max(settings.trials / 2, 0)
        let fresh = IntruderChoice(latent: latent, seed: seed, settings: fewer, tokenDecoder: tokenDecoder)
            .trials(from: rest, isSilent: false)
        guard isRecent.contains(true) || !fresh.isEmpty else { return nil }
        return IntruderPlan.FreshTrials(isRecent: isRecent, trials: fresh)
    }

    private func trial(
        _ others: [Example], _ lender: Example, block: Int, isSilent: Bool, from free: inout SilentWindows
    ) -> IntruderTrial? {
        var shown: [IntruderTrial.Shown] = []
        for example in others {
            if isSilent {
                guard let silent = silent(inPlaceOf: example, from: &free) else { return nil }
                shown.append(silent)
            } else {
                shown.append(
                    .init(example.window, marked: MarkedTokens.marks(of: example), document: example.document))
            }
        }
        guard let intruder = silent(inPlaceOf: lender, from: &free) else { return nil }
        shown.append(intruder)
        return IntruderTrial(windows: shown, intruder: shown.count - 1, block: block)
    }

    /// A silent window of the example's length, under its marks.
    private func silent(inPlaceOf example: Example, from free: inout SilentWindows) -> IntruderTrial.Shown? {
        let (window, marks) = (example.window, MarkedTokens.marks(of: example))
        return free.take(under: marks, of: window.identity, length: window.tokens.count).map { silent in
            IntruderTrial.Shown(silent.window, marked: marks, document: silent.document)
        }
    }

    /// The trials with each intruder, so far the last, put into its place.
    private func placed(_ trials: [IntruderTrial]) -> [IntruderTrial] {
        let order = SeededOrder(seed: seed, purpose: .places)
        let ranks = trials.map { order.rank(latent: latent, identity: $0.windows[$0.intruder].identity) }
        let shuffled = trials.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
        var result = trials
        var places: [Int] = []
        for (turn, index) in shuffled.enumerated() {
            // Each round runs through all places in an order of its own, so that the last, cut short, favours none.
            if places.isEmpty { places = permutation(round: turn / size, by: order) }
            var windows = trials[index].windows
            let intruder = windows.removeLast()
            let place = places.removeLast()
            windows.insert(intruder, at: min(place, windows.count))
            result[index] = IntruderTrial(windows: windows, intruder: place, block: trials[index].block)
        }
        return result
    }

    /// The places of a trial in an order that the seed, the latent and the round decide.
    private func permutation(round: Int, by order: SeededOrder) -> [Int] {
        order.sorted(Array(0..<size), latent: latent, variant: UInt64(clamping: round) + 1) {
            Hash128(high: 0, low: UInt64(clamping: $0))
        }
    }
}

extension IntruderTrial.Shown {
    fileprivate init(_ window: Window, marked: [Bool], document: UInt32?) {
        self.init(identity: window.identity, tokens: window.tokens, marked: marked, document: document)
    }
}
