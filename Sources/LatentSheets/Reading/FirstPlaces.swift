/// The places of the first few of many values, found without sorting all of them; of equal values the lower place comes first.
struct FirstPlaces {
    private let count: Int
    private let isDescending: Bool
    private var kept: [(value: Double, place: Int)] = []
    /// The last of the first ones, once there are enough.
    private var last: (value: Double, place: Int)?
    /// The values kept beyond those that are wanted before all but these are let go.
    private static let slack = 1024

    /// Has taken nothing yet.
    init(_ count: Int, isDescending: Bool) {
        self.count = count
        self.isDescending = isDescending
    }

    /// Takes a value.
    mutating func take(_ value: Double, at place: Int) {
        guard count > 0 else { return }
        if let last, !precedes((value, place), last) { return }
        kept.append((value, place))
        // At least twice as many, so that each is sorted a few times at most.
        let (double, isTooMany) = count.multipliedReportingOverflow(by: 2)
        guard !isTooMany, kept.count >= max(double, count &+ Self.slack) else { return }
        kept.sort(by: precedes)
        kept.removeSubrange(count...)
        last = kept.last
    }

    /// The places, in order.
    var places: [Int] { kept.sorted(by: precedes).prefix(count).map(\.place) }

    private func precedes(_ one: (value: Double, place: Int), _ other: (value: Double, place: Int)) -> Bool {
        if one.value == other.value { return one.place < other.place }
        return isDescending ? one.value > other.value : one.value < other.value
    }
}
