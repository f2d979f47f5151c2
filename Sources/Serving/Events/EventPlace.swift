/// A place in the events of a state, after which a reader goes on: the number of an event, or one number for each share that is
/// joined, in the order of the shares.
///
/// It is written as the numbers with hyphens between them, such as `12-40-7-9`; 0 stands before the first event of a share.
public struct EventPlace: Sendable, Hashable {
    /// The numbers; at least one.
    package let numbers: [Int64]

    /// Makes a place.
    package init(_ numbers: [Int64]) { self.numbers = numbers.isEmpty ? [0] : numbers }

    /// Reads a place as it is written; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        var numbers: [Int64] = []
        for part in text.split(separator: "-", omittingEmptySubsequences: false) {
            guard let number = Int64(part), number >= 0 else { return nil }
            numbers.append(number)
        }
        self.init(numbers)
    }

    /// A place that no state has, so that a reader who comes from there starts at the first event.
    static let nowhere = EventPlace([.max])

    /// Whether it may have been told as the place of an event.
    var isSomewhere: Bool { !numbers.contains(.max) }

    /// Its number of each of `count` shares; `nil` if it has those of another number of shares.
    ///
    /// A single 0 stands before the first event of whatever state.
    func numbers(of count: Int) -> [Int64]? {
        if numbers == [0] { return [Int64](repeating: 0, count: count) }
        return numbers.count == count ? numbers : nil
    }
}

extension EventPlace: CustomStringConvertible {
    /// The numbers with hyphens between them.
    public var description: String { numbers.map(String.init).joined(separator: "-") }
}

extension EventPlace: ExpressibleByIntegerLiteral {
    /// The place after an event of the state of one process.
    public init(integerLiteral number: Int64) { self.init([number]) }
}
