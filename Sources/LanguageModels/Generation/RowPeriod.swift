internal import LinearAlgebra
internal import Synchronization

/// How a row's bits in a matrix product depend on where it stands.
///
/// Many kernels take rows in groups of a fixed size and sum in one order for some places of a group and in another for others.
/// Where products have whole groups only, a row that always stands at the same place of a group has always the same bits.
enum RowPeriod: Hashable {
    /// So many rows to a group.
    case groups(of: Int)
    /// No period was found: only products of the same number of rows give the same bits.
    case none

    private static let found = Mutex<[ModelConfiguration: RowPeriod]>([:])
    private static let candidates = [1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64]
    private static let mostRows = 512

    /// The period of all products of a model, probed once in a process.
    static func probe(_ configuration: ModelConfiguration) -> RowPeriod {
        found.withLock { found in
            if let period = found[configuration] { return period }
            let period = probe(shapes: [
                (configuration.joinedWidth, configuration.width), (configuration.width, configuration.queryWidth),
                (configuration.gateAndUpWidth, configuration.width),
                (configuration.width, configuration.feedForwardWidth),
            ])
            found[configuration] = period
            return period
        }
    }

    /// The smallest period of products with matrices of several shapes.
    static func probe(shapes: [(columns: Int, depth: Int)]) -> RowPeriod {
        var generator = ProbeValues()
        let products = shapes.filter { $0.columns > 0 && $0.depth > 0 }.map { columns, depth in
            // Wide matrices go through the kernels in panels: one of as odd an end is as good a witness.
            let columns = columns > 1024 ? 512 + columns % 512 : columns
            return ProbedProduct(columns: columns, depth: depth, &generator)
        }
        for period in candidates {
            let counts = [1, 2, 3, 5, mostRows / 2 / period, mostRows / period].map { $0 * period }
            if products.allSatisfy({ $0.hasPeriod(period, counts: counts) }) { return .groups(of: period) }
        }
        return .none
    }
}

/// A product of one row, repeated, with some matrix.
private struct ProbedProduct {
    let columns: Int
    let depth: Int
    let row: [Float]
    let weights: [Float]

    init(columns: Int, depth: Int, _ generator: inout ProbeValues) {
        self.columns = columns
        self.depth = depth
        row = generator.values(depth)
        weights = generator.values(columns * depth)
    }

    func hasPeriod(_ period: Int, counts: [Int]) -> Bool {
        var places: [[UInt32]] = []
        for count in counts where count > 0 {
            let rows = (0..<count).flatMap { _ in row }
            var products = [Float](repeating: 0, count: count * columns)
            multiply(rows, transposed: weights, into: &products, rows: count, columns: columns, depth: depth)
            if places.isEmpty {
                places = (0..<period).map { products[$0 * columns..<($0 + 1) * columns].map(\.bitPattern) }
            }
            for position in 0..<count {
                let start = position * columns
                let expected = places[position % period]
                for column in 0..<columns where products[start + column].bitPattern != expected[column] { return false }
            }
        }
        return true
    }
}

/// A fixed sequence of numbers in [-1, 1) (a 64-bit linear congruential generator, Knuth's MMIX).
private struct ProbeValues {
    private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

    mutating func values(_ count: Int) -> [Float] {
        (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int32(truncatingIfNeeded: state >> 32)) / 2_147_483_648
        }
    }
}
