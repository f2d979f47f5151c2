import Elements
import Statistics

/// The documents of a pool's windows with their weights, to resample them.
struct PoolDocuments: Sendable {
    /// By window: the number of its document.
    private let numbers: [Int]
    /// `[documents, ScoreReplicates.count]`.
    private let weights: [UInt8]
    /// The sum over all windows.
    private let total: ReplicateSums

    /// Draws the weights; `nil` if the document of a window is not known.
    init?(of windows: [PoolWindow]) {
        var known: [UInt32: Int] = [:]
        var (numbers, weights, total) = ([Int](), [UInt8](), ReplicateSums())
        for window in windows {
            guard let document = window.document else { return nil }
            let number = known[document] ?? known.count
            if number == known.count {
                known[document] = number
                weights += DocumentWeights.draw(document)
            }
            numbers.append(number)
            let start = number * ScoreReplicates.count
            total.add(weights[start..<start + ScoreReplicates.count])
        }
        (self.numbers, self.weights, self.total) = (numbers, weights, total)
    }

    /// The bytes that its own structures take.
    var residentBytes: Int { numbers.residentBytes + weights.residentBytes }

    /// The sums over some windows.
    func sums(over windows: some Sequence<Int>) -> ReplicateSums {
        var sums = ReplicateSums()
        for window in windows {
            let start = numbers[window] * ScoreReplicates.count
            sums.add(weights[start..<start + ScoreReplicates.count])
        }
        return sums
    }

    /// The share of the windows other than `others` that are not `alarms`, in each replicate.
    func passed(without others: some Sequence<Int>, alarms: some Sequence<Int>) -> [Double?] {
        var silent = total
        silent.subtract(sums(over: others))
        var passed = silent
        passed.subtract(sums(over: alarms))
        return passed.share(of: silent)
    }
}
