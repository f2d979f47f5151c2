internal import Dataflow
internal import LinearAlgebra

/// Measures every kernel under every set of instructions that this CPU has, on one thread; needs no model and no coder.
public struct KernelComparison: Sendable {
    /// The name by which a command line asks for it.
    public static let name = "kernels"

    /// The seconds that a kernel is measured for in each round, at least.
    private static let seconds = 4e-3

    private let rounds: Int
    private let clock: BenchmarkClock

    /// Prepares a comparison over some rounds.
    ///
    /// Throws if there are none.
    public init(rounds: Int, clock: BenchmarkClock) throws(BenchmarkError) {
        guard (1...1000).contains(rounds) else {
            throw .setting(name: "rounds", found: "\(rounds)", expected: "a number from 1 to 1000")
        }
        self.rounds = rounds
        self.clock = clock
    }

    /// Measures all kernels; `progress` is told what is being measured.
    public func report(progress: @escaping @Sendable (String) -> Void) async throws -> KernelReport {
        let load = Machine.load()
        let pool = ComputePool(name: "kernels", threads: 1)
        let (rounds, clock) = (rounds, clock)
        let figures = try await pool.run { _ in
            KernelWork.all().flatMap { work in
                progress("\(work.name)")
                return Self.figures(of: work, rounds: rounds, clock: clock)
            }
        }
        return KernelReport(
            machine: .current(threads: 1, loadBefore: load), clock: clock, rounds: rounds, figures: figures)
    }

    /// One figure for each set, the lowest first; within a round all sets and OpenBLAS take turns.
    static func figures(of work: KernelWork, rounds: Int, clock: BenchmarkClock) -> [KernelFigure] {
        let sets = VectorInstructions.available
        var rates = [[Double]](repeating: [], count: sets.count)
        var base: [Double] = []
        for _ in 0..<rounds {
            for (index, set) in sets.enumerated() {
                guard let kernels = VectorKernels(set) else { continue }
                rates[index].append(rate(work.amount, clock, work.prepare(kernels)))
            }
            if let sgemm = work.sgemm { base.append(rate(work.amount, clock, sgemm)) }
        }
        return sets.indices.map { index in
            KernelFigure(
                kernel: work.name, instructions: sets[index], unit: work.unit, rates: rates[index],
                lower: index > 0 ? KernelFigure.Baseline(name: sets[index - 1].rawValue, rates: rates[index - 1]) : nil,
                sgemm: work.sgemm.map { _ in KernelFigure.Baseline(name: "sgemm", rates: base) })
        }
    }

    /// Billions of units a second.
    private static func rate(_ amount: Double, _ clock: BenchmarkClock, _ work: () -> Void) -> Double {
        // Caches are filled first, and memory that is new is touched.
        work()
        var calls = 1
        while true {
            let used = Seconds(clock: clock).ofThread { for _ in 0..<calls { work() } }
            if used >= seconds { return Double(calls) * amount / used / 1e9 }
            calls = max(calls + 1, used > 0 ? Int(Double(calls) * min(1.2 * seconds / used, 1000)) : calls * 1000)
        }
    }
}
