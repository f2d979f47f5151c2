public import LinearAlgebra

/// The rate of one kernel under one set of instructions, beside others of the same rounds.
public struct KernelFigure: Sendable, Hashable {
    /// Rates that a kernel's are compared with.
    public struct Baseline: Sendable, Hashable {
        /// The instructions of the next lower set, or `sgemm`.
        public let name: String
        /// The rate of each round.
        public let rates: [Double]

        /// Makes a baseline.
        public init(name: String, rates: [Double]) {
            self.name = name
            self.rates = rates
        }
    }

    /// The kernel and its sizes.
    public let kernel: String
    /// The instructions that it is compiled for.
    public let instructions: VectorInstructions
    /// The unit of the rates.
    public let unit: KernelWork.Unit
    /// The rate of each round.
    public let rates: [Double]
    /// The same kernel under the next lower set that this CPU has; `nil` for the lowest.
    public let lower: Baseline?
    /// OpenBLAS' product of the same size on one thread; `nil` for what is no product.
    public let sgemm: Baseline?

    /// Makes a figure.
    public init(
        kernel: String, instructions: VectorInstructions, unit: KernelWork.Unit, rates: [Double],
        lower: Baseline?, sgemm: Baseline?
    ) {
        self.kernel = kernel
        self.instructions = instructions
        self.unit = unit
        self.rates = rates
        self.lower = lower
        self.sgemm = sgemm
    }

    /// The median over rounds of the rate by that of the baseline in the same round; `nil` without one.
    public func ratio(to baseline: Baseline?) -> Double? {
        baseline.flatMap { zip(rates, $0.rates).filter { $0.1 > 0 }.map { $0.0 / $0.1 }.median }
    }
}
