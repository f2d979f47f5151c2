/// How strongly a judge leant to yes about each window, as log-odds: what a threshold other than 1/2 is applied to, and
/// what it is fitted on.
///
/// Kept in steps of 1/64 from -16 to 16, two bytes each: finer and surer than any judge's answers mean anything.
public struct YesLogits: Sendable, Hashable, Codable {
    /// Of the held-out windows in which the latent fires.
    public let positives: [Double]
    /// Of the held-out windows in which it is silent.
    public let negatives: [Double]
    /// Of windows of the train side in which the latent fires; no score rests on them.
    public let trainPositives: [Double]
    /// Of windows of the train side in which it is silent.
    public let trainNegatives: [Double]

    private static let steps = 64.0
    private static let limit = 16.0
    private static let format: UInt8 = 1

    /// Rounds log-odds.
    public init(
        positives: [Double], negatives: [Double], trainPositives: [Double] = [], trainNegatives: [Double] = []
    ) {
        self.positives = positives.map(Self.rounded)
        self.negatives = negatives.map(Self.rounded)
        self.trainPositives = trainPositives.map(Self.rounded)
        self.trainNegatives = trainNegatives.map(Self.rounded)
    }

    private var lists: [[Double]] { [positives, negatives, trainPositives, trainNegatives] }

    private static func rounded(_ logit: Double) -> Double {
        let bounded = logit.isNaN ? 0 : min(max(logit, -limit), limit)
        return (bounded * steps).rounded() / steps
    }

    /// One byte, then for each list its length in two bytes and its values, the low byte first.
    public var bytes: [UInt8] {
        func pair(_ value: Int16) -> [UInt8] {
            let bits = UInt16(bitPattern: value)
            return [UInt8(bits & 0xff), UInt8(bits >> 8)]
        }
        return [Self.format]
            + lists.flatMap { list in
                let list = list.prefix(Int(Int16.max))
                return pair(Int16(list.count)) + list.flatMap { pair(Int16($0 * Self.steps)) }
            }
    }

    /// Reads what `bytes` gives; `nil` for anything else.
    public init?(bytes: [UInt8]) {
        guard bytes.first == Self.format else { return nil }
        var rest = bytes.dropFirst()
        func take() -> Int16? {
            guard let low = rest.popFirst(), let high = rest.popFirst() else { return nil }
            return Int16(bitPattern: UInt16(low) | UInt16(high) << 8)
        }
        var lists: [[Double]] = []
        for _ in 0..<4 {
            guard let count = take(), count >= 0, 2 * Int(count) <= rest.count else { return nil }
            lists.append((0..<count).compactMap { _ in take().map { Double($0) / Self.steps } })
        }
        guard rest.isEmpty else { return nil }
        self.init(positives: lists[0], negatives: lists[1], trainPositives: lists[2], trainNegatives: lists[3])
    }
}
