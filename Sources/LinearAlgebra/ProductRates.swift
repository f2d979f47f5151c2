internal import Glibc

/// How fast the kernels of products of floats are under each set of instructions that floats tell apart.
///
/// A set that does more at a time and is slower all the same has a fault that no result shows: this is how it is seen.
public struct ProductRates: Sendable, Hashable {
    /// A kernel of products.
    public enum Product: String, Sendable, Hashable, CaseIterable {
        /// Many rows by weights in panels.
        case panels
        /// A few vectors by weights as they are in memory.
        case columns
    }

    /// A kernel that is slower under some instructions than under lower ones.
    public struct Slower: Sendable, Hashable {
        /// The kernel.
        public let product: Product
        /// The higher instructions.
        public let higher: VectorInstructions
        /// The lower ones under which it is fastest.
        public let lower: VectorInstructions
        /// The rate under the higher ones by that under the lower ones, below 1.
        public let ratio: Double
    }

    /// Multiplications a second.
    public let rates: [Product: [VectorInstructions: Double]]

    /// Makes a value from rates.
    public init(_ rates: [Product: [VectorInstructions: Double]]) { self.rates = rates }

    /// Every kernel that some instructions make slower by a fifth than lower ones do: less is chance on a busy machine.
    public var slower: [Slower] {
        Product.allCases.flatMap { product -> [Slower] in
            let rates = (rates[product] ?? [:]).sorted { $0.key < $1.key }
            return rates.indices.compactMap { index -> Slower? in
                let (higher, rate) = rates[index]
                guard let fastest = rates[..<index].max(by: { $0.value < $1.value }), rate < 0.8 * fastest.value else {
                    return nil
                }
                return Slower(product: product, higher: higher, lower: fastest.key, ratio: rate / fastest.value)
            }
        }
    }

    /// Measures each kernel under every set that is there, some milliseconds in turns; blocks meanwhile.
    ///
    /// `now` gives seconds; by default the processor's time of this thread, so that other programs do not count.
    public static func measured(now: () -> Double = threadSeconds) -> ProductRates {
        let sets = VectorInstructions.available.filter { $0.floats == $0 }
        let probe = ProductProbe()
        var rates: [Product: [VectorInstructions: Double]] = [:]
        for _ in 0..<5 {
            for product in Product.allCases {
                for set in sets {
                    guard let kernels = VectorKernels(set) else { continue }
                    let rate = probe.rate(of: product, kernels, now: now)
                    rates[product, default: [:]][set] = max(rate, rates[product]?[set] ?? 0)
                }
            }
        }
        return ProductRates(rates)
    }

    /// The seconds that this thread has spent on a core.
    public static func threadSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

/// Small products, all of whose matrices stay in the second cache.
private struct ProductProbe {
    private let rows = 48, columns = 192, depth = 576, vectors = 8
    private let a, b, panels, c: FloatBuffer

    init() {
        var generator = ProbeNumbers()
        a = FloatBuffer(count: rows * depth)
        b = FloatBuffer(count: columns * depth)
        // No panel is wider than all columns.
        panels = FloatBuffer(count: columns * depth)
        c = FloatBuffer(count: rows * columns)
        for index in 0..<a.count { a.pointer[index] = generator.next() }
        for index in 0..<b.count { b.pointer[index] = generator.next() }
    }

    /// Multiplications a second over a millisecond or more.
    func rate(of product: ProductRates.Product, _ kernels: VectorKernels, now: () -> Double) -> Double {
        if product == .panels {
            kernels.pack(.f32, b.pointer, rowBytes: 4 * depth, rows: columns, depth: depth, into: panels.pointer)
        }
        multiply(product, kernels)
        var count = 0
        let start = now()
        var end = start
        repeat {
            multiply(product, kernels)
            count += 1
            end = now()
        } while end - start < 1e-3
        let multiplications = (product == .panels ? rows : vectors) * columns * depth
        return Double(count * multiplications) / (end - start)
    }

    private func multiply(_ product: ProductRates.Product, _ kernels: VectorKernels) {
        switch product {
        case .panels:
            kernels.multiply(
                a.pointer, stride: depth, panels: panels.pointer, packedDepth: depth, into: c.pointer, stride: columns,
                rows: rows, columns: columns, depth: depth)
        case .columns:
            kernels.multiply(
                .f32, b.pointer, columns: a.pointer, stride: depth, count: vectors, into: c.pointer, stride: columns,
                rows: columns, depth: depth)
        }
    }
}
